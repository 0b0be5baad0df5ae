"""State of the not-found page: only how fresh the frame's picture is."""

import reflex as rx

from ...domain.actors import Actor
from ...identity.permissions import Permission
from ..guard import guarded
from ..live import LivePage, follow

__all__ = ["NotFoundState"]


class NotFoundState(LivePage, rx.State):
    """Nothing of its own."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Keep the frame current while the page is open."""
        await follow(self, topics=(), read=_nothing, needs_team=False)


async def _nothing(_actor: Actor) -> dict[str, object]:
    return {}
