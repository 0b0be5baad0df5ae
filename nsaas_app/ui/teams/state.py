"""State of the list of teams: those one may see, searched and paged on the server."""

from collections.abc import Mapping
from dataclasses import replace

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.query import RowQuery
from ...domain.actors import Actor
from ...identity.permissions import Permission
from ...teams.overview import TOPICS, TeamStanding
from ..figures import count
from ..guard import actor_of, guarded
from ..holding import HeldList
from ..live import LivePage, assign, follow
from ..paging import Paged, page_in, pages_of, size_in, span_words
from ..preferring import learn_preferences
from ..routes import last_part
from ..team_forms.state import TeamForm
from ..team_views import ENDING, TeamLine
from ..typed import TypedText
from .filters import MAX_TEXT, TeamFilters

__all__ = ["TeamsState"]


class TeamsState(Paged, TypedText, HeldList, LivePage, rx.State):
    """Vars of the list. Its rows stay while somebody is at them."""

    rows: list[TeamLine] = []
    q: str = ""
    may_create: bool = False

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for and keep it current."""
        query = self.router.url.query_parameters
        await learn_preferences(self)
        async with self:
            filters = TeamFilters.from_query(query, usual=self._size)
            self._let_go()
            assign(self, {"q": filters.q, "page": filters.page, "size": filters.size})
            self._note_text(filters.q)
            # A dialog belongs to the page it was opened on.
            assign(await self.get_state(TeamForm), {"action": ""})

        is_first = True

        async def read(actor: Actor) -> dict[str, object]:
            nonlocal is_first
            async with self:
                is_held = self._is_held() and not is_first
                shown = [line.name for line in self.rows] if is_held else None
            values = await _page_vars(filters, actor, shown)
            if is_first:
                # Said once: what changes later is no answer to whoever listens.
                values["announcement"] = values["counted"]
            is_first = False
            return values

        await follow(self, topics=TOPICS, read=read)

    def _take_in(self, values: Mapping[str, object], actor: Actor) -> None:
        self._fill_box()
        super()._take_in(values, actor)

    async def _catch_up(self) -> None:
        assign(self, await _page_vars(self._filters(), await actor_of(self), None))

    @guarded(Permission.TEAM_READ)
    async def search(self, text: str) -> EventSpec | None:
        """Filter by text while it is typed; the history keeps one entry."""
        if last_part(self.router.url.path) != "teams":
            # The last key was still waited for when the page was left.
            return None
        filters = replace(self._filters(), q=str(text)[:MAX_TEXT].strip(), page=1)
        self._note_typed(filters.q)
        return rx.redirect(filters.address(), replace=True)

    @guarded(Permission.TEAM_READ)
    async def go_to(self, page: int) -> EventSpec:
        """Open another page of the list."""
        return rx.redirect(replace(self._filters(), page=page_in(page, self.pages)).address())

    @guarded(Permission.TEAM_READ)
    async def resize(self, size: str) -> EventSpec:
        """Show more or fewer rows on a page."""
        filters = self._filters()
        filters = replace(filters, page=1, size=size_in(str(size), filters.usual))
        return rx.redirect(filters.address())

    def _filters(self) -> TeamFilters:
        return TeamFilters.from_query(self.router.url.query_parameters, usual=self._size)


async def _page_vars(
    filters: TeamFilters, actor: Actor, shown: list[str] | None
) -> dict[str, object]:
    """Compute the page; of rows that are held, only what stands in them changes."""
    standings = await runtime.current().team_overviews.all(actor=actor)
    found = [one for one in standings if _matches(one, filters.q.casefold())]
    rows = found[(filters.page - 1) * filters.size : filters.page * filters.size]
    names = [str(one.team.name) for one in rows]
    waiting = 0
    if shown is not None:
        known = {str(one.team.name): one for one in standings}
        rows = [known[name] for name in shown if name in known]
        waiting = len(set(shown) ^ set(names))
    return {
        "rows": await _lines(rows, actor),
        "waiting": waiting,
        "total": len(found),
        "pages": pages_of(len(found), filters.size),
        "counted": _counted(filters, len(found), len(standings)),
        "may_create": actor.is_admin,
    }


async def _lines(standings: list[TeamStanding], actor: Actor) -> list[TeamLine]:
    ending = _ending(actor)
    return [
        TeamLine.of(
            one,
            actor,
            ending=ending.get(str(one.team.name), 0),
            members=await _members(str(one.team.name), actor),
        )
        for one in standings
    ]


def _ending(actor: Actor) -> dict[str, int]:
    """How many namespaces of each team end soon or have ended."""
    query = RowQuery(health=frozenset(ENDING), limit=1)
    return runtime.current().directory.find(query, actor=actor).facets.get("team", {})


async def _members(name: str, actor: Actor) -> int:
    return len((await runtime.current().members.of(name, actor=actor)).members)


def _counted(filters: TeamFilters, found: int, every: int) -> str:
    shown = span_words(filters.page, filters.size, found)
    if filters.q:
        return f"{shown} that match, {count(every)} in all"
    return f"{shown} {'team' if found == 1 else 'teams'}"


def _matches(standing: TeamStanding, text: str) -> bool:
    team = standing.team
    return text in f"{team.name}\n{team.display_name}\n{team.cost_center}".casefold()
