"""State of the catalog: which part is open. The content is built into the page."""

from typing import Final

import reflex as rx

from ...domain.actors import Actor
from ...identity.permissions import Permission
from ..guard import guarded
from ..live import LivePage, assign, follow
from ..routes import Pill, address

__all__ = ["CatalogState"]

_KINDS: Final = {"tiers": "Tiers", "templates": "Templates", "environments": "Environments"}


class CatalogState(LivePage, rx.State):
    """Vars of the catalog."""

    kind: str = "tiers"
    kinds: list[Pill] = []

    @guarded(Permission.CATALOG_READ, background=True)
    async def watch(self) -> None:
        """Open the part that the address asks for."""
        asked = self.router.url.query_parameters.get("kind", "")
        kind = asked if asked in _KINDS else "tiers"
        async with self:
            assign(self, {"kind": kind, "kinds": _pills(kind)})

        async def read(_: Actor) -> dict[str, object]:
            return {}

        await follow(self, topics=(), read=read, needs_team=False)


def _pills(kind: str) -> list[Pill]:
    return [
        Pill(key, label, address("/catalog", {"kind": "" if key == "tiers" else key}), key == kind)
        for key, label in _KINDS.items()
    ]
