"""What a choice makes, and which features there are, as they are shown. Pure."""

from dataclasses import dataclass, field
from typing import Self

from ...insights.features import FeatureOffer
from ...insights.offerings import Offered, OfferedObject
from ..figures import iso
from ..routes import address

__all__ = ["FeatureRow", "ObjectText", "OfferedView", "item_address"]


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
    """One platform feature."""

    key: str
    title: str
    creates: str
    reason: str
    seen_at: str
    """When the cluster was looked at for it; empty where it needs nothing of it."""

    @classmethod
    def of(cls, offer: FeatureOffer) -> Self:
        """Show it."""
        feature = offer.feature
        return cls(feature.id, feature.title, feature.creates, offer.reason, iso(offer.seen_at))
