"""State of the catalog: which part is open, one choice's objects, the features."""

from typing import Final

import reflex as rx

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import NotFoundError
from ...identity.permissions import Permission
from ...insights.features import feature_offers
from ..guard import guarded
from ..live import LivePage, assign, follow
from ..routes import Pill, address
from .offered_rows import FeatureRow, OfferedView

__all__ = ["CatalogState"]

_KINDS: Final = {
    "tiers": "Tiers",
    "templates": "Templates",
    "features": "Features",
    "environments": "Environments",
}
_LONGEST: Final = 63


class CatalogState(LivePage, rx.State):
    """Vars of the catalog. What the rules read is built into the page; the rest is live."""

    kind: str = "tiers"
    section: str = _KINDS["tiers"]
    """The open part in words."""
    kinds: list[Pill] = []
    item: str = ""
    offered: OfferedView = OfferedView()
    features: list[FeatureRow] = []

    @guarded(Permission.CATALOG_READ, background=True)
    async def watch(self) -> None:
        """Open the part and the choice that the address asks for."""
        query = self.router.url.query_parameters
        asked, item = query.get("kind", ""), query.get("item", "")[:_LONGEST]
        kind = asked if asked in _KINDS else "tiers"
        async with self:
            assign(self, {"kind": kind, "section": _KINDS[kind], "kinds": _pills(kind)})

        async def read(actor: Actor) -> dict[str, object]:
            shown = _offered(kind, item)
            values: dict[str, object] = {"offered": shown, "item": item if shown.title else ""}
            if kind == "features":
                found = await runtime.current().checkup.integrations(actor=actor)
                values["features"] = [FeatureRow.of(one) for one in feature_offers(found)]
            return values

        await follow(self, topics=(), read=read, needs_team=False)


def _offered(kind: str, item: str) -> OfferedView:
    if not item:
        return OfferedView()
    try:
        return OfferedView.of(runtime.current().reports.offerings.of(kind, item), kind)
    except NotFoundError:
        return OfferedView()


def _pills(kind: str) -> list[Pill]:
    return [
        Pill(key, label, address("/catalog", {"kind": "" if key == "tiers" else key}), key == kind)
        for key, label in _KINDS.items()
    ]
