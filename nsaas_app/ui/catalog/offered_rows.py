"""What a choice makes, and what the cluster has beside namespaces, as they are shown. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from ...insights.integrations import Integration, Readiness
from ...insights.offerings import Offered, OfferedObject
from ..integration_views import IntegrationRow
from ..routes import address

__all__ = ["ObjectText", "OfferedView", "feature_rows", "item_address"]

_WORDS: Final[Mapping[Readiness, str]] = {Readiness.READY: "Available"}


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


def feature_rows(found: Iterable[Integration]) -> list[IntegrationRow]:
    """Show all of them, what is there first."""
    order = list(Readiness)
    ranked = sorted(found, key=lambda one: order.index(one.readiness))
    return [IntegrationRow.of(one, words=_WORDS) for one in ranked]
