"""State of the list of requests: the visible page, newest first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.hub import REQUESTS
from ...domain.actors import Actor
from ...domain.errors import NotFoundError
from ...domain.preferences import PAGE_SIZES
from ...domain.requests import ProvisioningRequest
from ...identity.permissions import Permission
from ..guard import actor_of, guarded
from ..holding import HeldList
from ..live import LivePage, assign, follow
from ..paging import Paged, page_in, pages_of, size_in, span_words
from ..places import Places
from ..preferring import learn_preferences
from ..request_views import RequestLine
from ..request_waits import wait_of
from ..routes import Pill, dropped_words
from .filters import RequestFilters, scope_pills, status_pills

__all__ = ["ROWS", "RequestsState"]

ROWS: Final = Places("rows", RequestLine, most=max(PAGE_SIZES), key=lambda line: line.request_id)
"""The rows of the visible page."""


@ROWS.declared
class RequestsState(Paged, HeldList, LivePage, rx.State):
    """Vars of the list."""

    scopes: list[Pill] = scope_pills(RequestFilters(), None)
    statuses: list[Pill] = status_pills(RequestFilters())
    """Both are there from the first moment: what stands beside them does not move later."""
    is_narrowed: bool = False
    kind: str = ""
    team: str = ""
    teams: list[str] = []
    is_one_submission: bool = False
    dropped: str = ""
    """What the address asks for that means nothing here, in words."""
    span_words: str = ""
    """When they were handed in, if the address asks for that."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for and keep it current."""
        query = self.router.url.query_parameters
        await learn_preferences(self)
        async with self:
            filters = RequestFilters.from_query(query, usual=self._size)
            self._let_go()
            assign(
                self,
                {
                    "scopes": self.scopes or scope_pills(filters, None),
                    "statuses": status_pills(filters),
                    "is_narrowed": filters.is_narrowed,
                    "kind": filters.kind,
                    "team": filters.team,
                    "is_one_submission": bool(filters.submission),
                    "span_words": filters.span_words,
                    "dropped": dropped_words(filters.dropped),
                    "page": filters.page,
                    "size": filters.size,
                },
            )

        async def read(actor: Actor) -> dict[str, object]:
            teams = [str(team.name) for team in await runtime.current().teams.of(actor)]
            return _page_vars(filters, actor) | {"teams": teams}

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
        filters = replace(self._filters(), page=page_in(page, self.pages))
        return rx.redirect(filters.address())

    @guarded(Permission.REQUEST_READ)
    async def resize(self, size: str) -> EventSpec:
        """Show more or fewer rows on a page."""
        filters = self._filters()
        filters = replace(filters, page=1, size=size_in(str(size), filters.usual))
        return rx.redirect(filters.address())

    async def _catch_up(self) -> None:
        actor = await actor_of(self)
        self._show_rows(_page_vars(self._filters(), actor), actor, is_held=False)

    def _take_in(self, values: Mapping[str, object], actor: Actor) -> None:
        is_held, is_first = self._is_held(), self._is_first()
        if is_first and "counted" in values:
            # Said once: what changes later is no answer to whoever listens.
            values = {**values, "announcement": values["counted"]}
        self._show_rows(values, actor, is_held=is_held and not is_first)

    def _show_rows(self, values: Mapping[str, object], actor: Actor, *, is_held: bool) -> None:
        around = dict(values)
        if "rows" in around:
            rows, waiting = cast("list[RequestLine]", around["rows"]), 0
            if is_held:
                rows, waiting = _held(ROWS.lines(self), rows, actor)
            around |= {"rows": rows, "waiting": waiting}
        self._put(around)

    def _filters(self) -> RequestFilters:
        return RequestFilters.from_query(self.router.url.query_parameters, usual=self._size)


def _page_vars(filters: RequestFilters, actor: Actor) -> dict[str, object]:
    board = runtime.current().requests
    since, until = filters.span(runtime.current().clock())
    asked = replace(filters.request_query(actor), since=since, until=until)
    found = board.find(asked, actor=actor)
    everybodys = replace(filters, scope="all").request_query(actor)
    tally = board.tally(replace(everybodys, since=since, until=until), actor=actor)
    shown = span_words(filters.page, filters.size, found.total)
    return {
        "scopes": scope_pills(filters, tally),
        "rows": [_line(request) for request in found.items],
        "total": found.total,
        "pages": pages_of(found.total, filters.size),
        "counted": f"{shown} {'request' if found.total == 1 else 'requests'}",
    }


def _held(
    shown: list[RequestLine], fresh: list[RequestLine], actor: Actor
) -> tuple[list[RequestLine], int]:
    """Update the shown rows where they stand; tell how many came or went meanwhile."""
    before, now = [line.request_id for line in shown], [line.request_id for line in fresh]
    seen = [_seen(request_id, actor) for request_id in before]
    return [_line(request) for request in seen if request is not None], len(set(before) ^ set(now))


def _seen(request_id: str, actor: Actor) -> ProvisioningRequest | None:
    """A request that was shown; None once it is too old to be kept, or the actor's no more."""
    try:
        return runtime.current().requests.get(request_id, actor=actor)
    except NotFoundError:
        return None


def _line(request: ProvisioningRequest) -> RequestLine:
    return RequestLine.from_request(request, wait=wait_of(request))
