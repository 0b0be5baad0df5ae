"""What a choice makes, and what the cluster has beside namespaces, as they are shown. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from ...insights.integrations import Integration, Readiness
from ...insights.offerings import Offered, OfferedObject
from ..figures import iso
from ..routes import address
from ..words import Tone

__all__ = ["FeatureRow", "ObjectText", "OfferedView", "feature_rows", "item_address"]

_STATES: Final[Mapping[Readiness, tuple[str, Tone]]] = {
    Readiness.READY: ("Available", Tone.OK),
    Readiness.NOT_READY: ("Not ready", Tone.BAD),
    Readiness.UNKNOWN: ("Detected", Tone.NONE),
    Readiness.ABSENT: ("Not available", Tone.NONE),
}


def item_address(kind: str, item: str) -> str:
    """Where one choice is opened; without an item, where it is closed."""
    return address("/catalog", {"kind": "" if kind == "tiers" else kind, "item": item})


@dataclass(frozen=True)
class ObjectText:
    """One object with its YAML."""

    identity: str
    key: str
    manifest: str

    @classmethod
    def of(cls, one: OfferedObject) -> Self:
        """Show it."""
        return cls(one.identity, one.identity.replace("/", "-").lower(), one.manifest)


@dataclass(frozen=True)
class OfferedView:
    """What one choice makes; no title while none is open."""

    title: str = ""
    note: str = ""
    objects: list[ObjectText] = field(default_factory=list)
    close_href: str = ""

    @classmethod
    def of(cls, found: Offered, kind: str) -> Self:
        """Show it."""
        objects = [ObjectText.of(one) for one in found.objects]
        return cls(found.title, found.note, objects, item_address(kind, ""))


@dataclass(frozen=True)
class FeatureRow:
    """Something the cluster may have."""

    key: str
    title: str
    gives: str
    state: str
    word: str
    tone: str
    reason: str
    seen_at: str

    @classmethod
    def of(cls, found: Integration) -> Self:
        """Show it."""
        word, tone = _STATES[found.readiness]
        return cls(
            key=found.known.key,
            title=found.known.title,
            gives=found.known.gives,
            state=found.readiness.value,
            word=word,
            tone=tone.value,
            reason=found.reason,
            seen_at=iso(found.seen_at),
        )


def feature_rows(found: Iterable[Integration]) -> list[FeatureRow]:
    """Show all of them, what is there first."""
    order = list(Readiness)
    return [FeatureRow.of(one) for one in sorted(found, key=lambda x: order.index(x.readiness))]
