"""State of the list of requests: the visible page, newest first."""

import asyncio
from dataclasses import replace

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.hub import REQUESTS
from ...domain.actors import Actor
from ...identity.permissions import Permission
from ..figures import count
from ..guard import actor_of, guarded
from ..holding import FOCUS_MOVES_WITHIN_S, HeldRows
from ..live import LivePage, assign, follow
from ..preferring import learn_preferences
from ..request_views import RequestLine
from ..routes import Pill
from .filters import RequestFilters, scope_pills, status_pills

__all__ = ["RequestsState"]


class RequestsState(HeldRows, LivePage, rx.State):
    """Vars of the list."""

    rows: list[RequestLine] = []
    scopes: list[Pill] = []
    statuses: list[Pill] = []
    is_narrowed: bool = False
    kind: str = ""
    team: str = ""
    teams: list[str] = []
    is_one_submission: bool = False
    page: int = 1
    pages: int = 1
    total: int = 0
    counted: str = ""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for and keep it current."""
        await learn_preferences(self)
        filters = self._filters()
        async with self:
            self._let_go()
            assign(
                self,
                {
                    "scopes": scope_pills(filters),
                    "statuses": status_pills(filters),
                    "is_narrowed": filters != RequestFilters(page=filters.page, size=filters.size),
                    "kind": filters.kind,
                    "team": filters.team,
                    "is_one_submission": bool(filters.submission),
                    "page": filters.page,
                },
            )

        is_first = True

        async def read(actor: Actor) -> dict[str, object]:
            nonlocal is_first
            async with self:
                shown = list(self.rows) if self._is_held() and not is_first else None
            values = _page_vars(filters, actor, shown)
            values["teams"] = [str(team.name) for team in await runtime.current().teams.of(actor)]
            if is_first:
                # Said once: what changes later is no answer to whoever listens.
                values["announcement"] = values["counted"]
            is_first = False
            return values

        await follow(self, topics=(REQUESTS,), read=read)

    @guarded(Permission.REQUEST_READ)
    async def narrow(self, field: str, value: str) -> EventSpec | None:
        """Show only one kind, or one team; an empty value shows all of them again."""
        if field not in ("kind", "team") or not isinstance(value, str):
            return None
        filters = replace(self._filters(), page=1)
        filters = replace(filters, kind=value) if field == "kind" else replace(filters, team=value)
        return rx.redirect(filters.address())

    @guarded(Permission.REQUEST_READ)
    async def go_to(self, page: int) -> EventSpec:
        """Open another page of the list."""
        wanted = page if isinstance(page, int) else 1
        target = min(max(1, wanted), self.pages)
        return rx.redirect(replace(self._filters(), page=target).address())

    @guarded(Permission.REQUEST_READ)
    async def hold(self) -> None:
        """Somebody points at the rows: they stay where they are."""
        self._is_pointed = True

    @guarded(Permission.REQUEST_READ)
    async def release(self) -> None:
        """Nobody points at the rows any more: new ones come in."""
        self._is_pointed = False
        await self._catch_up_if_idle()

    @guarded(Permission.REQUEST_READ)
    async def focus_came(self) -> None:
        """The focus is in the rows: they stay where they are."""
        self._note_focus()

    @guarded(Permission.REQUEST_READ, background=True)
    async def focus_left(self) -> None:
        """The focus left a row; unless it comes to another one, the list catches up."""
        async with self:
            moves = self._focus_moves
        await asyncio.sleep(FOCUS_MOVES_WITHIN_S)
        async with self:
            if self._focus_moves == moves:
                self._is_focused = False
                await self._catch_up_if_idle()

    @guarded(Permission.REQUEST_READ)
    async def apply_changes(self) -> None:
        """Catch up now, although somebody is at the rows."""
        await self._catch_up()

    async def _catch_up_if_idle(self) -> None:
        if self.waiting and not self._is_held():
            await self._catch_up()

    async def _catch_up(self) -> None:
        assign(self, _page_vars(self._filters(), await actor_of(self), None))

    def _filters(self) -> RequestFilters:
        return RequestFilters.from_query(self.router.url.query_parameters, size=self._size)


def _page_vars(
    filters: RequestFilters, actor: Actor, shown: list[RequestLine] | None
) -> dict[str, object]:
    board = runtime.current().requests
    found = board.find(filters.request_query(actor.subject), actor=actor)
    fresh = [RequestLine.from_request(request) for request in found.items]
    rows, waiting = fresh, 0
    if shown is not None:
        before, now = [line.request_id for line in shown], [line.request_id for line in fresh]
        rows = [
            RequestLine.from_request(board.get(request_id, actor=actor)) for request_id in before
        ]
        waiting = len(set(before) ^ set(now))
    return {
        "rows": rows,
        "waiting": waiting,
        "total": found.total,
        "pages": max(1, -(-found.total // filters.size)),
        "counted": f"{count(found.total)} requests",
    }
