"""State of the list of requests: the visible page, newest first."""

from dataclasses import replace

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.hub import REQUESTS
from ...domain.actors import Actor
from ...identity.permissions import Permission
from ..figures import count
from ..guard import guarded
from ..live import LivePage, assign, follow
from ..request_views import RequestLine
from ..routes import Pill
from .filters import SIZE, RequestFilters, scope_pills, status_pills

__all__ = ["RequestsState"]


class RequestsState(LivePage, rx.State):
    """Vars of the list."""

    rows: list[RequestLine] = []
    scopes: list[Pill] = []
    statuses: list[Pill] = []
    is_narrowed: bool = False
    page: int = 1
    pages: int = 1
    total: int = 0
    counted: str = ""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for and keep it current."""
        filters = self._filters()
        async with self:
            assign(
                self,
                {
                    "scopes": scope_pills(filters),
                    "statuses": status_pills(filters),
                    "is_narrowed": filters != RequestFilters(page=filters.page),
                    "page": filters.page,
                },
            )

        async def read(actor: Actor) -> dict[str, object]:
            query = filters.request_query(actor.subject)
            found = runtime.current().requests.find(query, actor=actor)
            return {
                "rows": [RequestLine.from_request(request) for request in found.items],
                "total": found.total,
                "pages": max(1, -(-found.total // SIZE)),
                "counted": f"{count(found.total)} requests",
            }

        await follow(self, topics=(REQUESTS,), read=read)

    @guarded(Permission.REQUEST_READ)
    async def go_to(self, page: int) -> EventSpec:
        """Open another page of the list."""
        wanted = page if isinstance(page, int) else 1
        target = min(max(1, wanted), self.pages)
        return rx.redirect(replace(self._filters(), page=target).address())

    def _filters(self) -> RequestFilters:
        return RequestFilters.from_query(self.router.url.query_parameters)
