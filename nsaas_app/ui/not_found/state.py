"""State of the not-found page: pages with nearly that address, and how fresh the picture is."""

import reflex as rx

from ...domain.actors import Actor
from ...identity.permissions import Permission
from ..guard import guarded
from ..live import LivePage, follow
from ..nearest import nearest_of

__all__ = ["NotFoundState"]


class NotFoundState(LivePage, rx.State):
    """Vars of the page."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Keep the frame current while the page is open."""
        path = self.router.url.path

        async def read(actor: Actor) -> dict[str, object]:
            return {"nearest": await nearest_of(path, actor=actor)}

        await follow(self, topics=(), read=read, needs_team=False)
