"""State of the list of teams: those one may see, searched and paged on the server."""

from collections.abc import Mapping
from typing import Final

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
from ..preferring import learn_preferences
from ..routes import address, last_part, number_in
from ..team_forms.state import TeamForm
from ..team_views import ENDING, TeamLine

__all__ = ["TeamsState"]

_MAX_TEXT: Final = 100


class TeamsState(HeldList, LivePage, rx.State):
    """Vars of the list. Its rows stay while somebody is at them."""

    rows: list[TeamLine] = []
    q: str = ""
    page: int = 1
    pages: int = 1
    total: int = 0
    counted: str = ""
    may_create: bool = False

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for and keep it current."""
        query = self.router.url.query_parameters
        await learn_preferences(self)
        async with self:
            text, page = _asked(query)
            size = self._size
            self._let_go()
            assign(self, {"q": text, "page": page})
            # A dialog belongs to the page it was opened on.
            assign(await self.get_state(TeamForm), {"action": ""})

        is_first = True

        async def read(actor: Actor) -> dict[str, object]:
            nonlocal is_first
            async with self:
                is_held = self._is_held() and not is_first
                shown = [line.name for line in self.rows] if is_held else None
            values = await _page_vars(text, page, actor, shown, size=size)
            if is_first:
                # Said once: what changes later is no answer to whoever listens.
                values["announcement"] = values["counted"]
            is_first = False
            return values

        await follow(self, topics=TOPICS, read=read)

    async def _catch_up(self) -> None:
        text, page = _asked(self.router.url.query_parameters)
        assign(self, await _page_vars(text, page, await actor_of(self), None, size=self._size))

    @guarded(Permission.TEAM_READ)
    async def search(self, text: str) -> EventSpec | None:
        """Filter by text while it is typed; the history keeps one entry."""
        if last_part(self.router.url.path) != "teams":
            # The last key was still waited for when the page was left.
            return None
        return rx.redirect(_address(str(text)[:_MAX_TEXT].strip(), 1), replace=True)

    @guarded(Permission.TEAM_READ)
    async def go_to(self, page: int) -> EventSpec:
        """Open another page of the list."""
        wanted = min(max(1, page if isinstance(page, int) else 1), self.pages)
        return rx.redirect(_address(_asked(self.router.url.query_parameters)[0], wanted))


async def _page_vars(
    text: str, page: int, actor: Actor, shown: list[str] | None, *, size: int
) -> dict[str, object]:
    """Compute the page; of rows that are held, only what stands in them changes."""
    standings = await runtime.current().team_overviews.all(actor=actor)
    found = [one for one in standings if _matches(one, text.casefold())]
    rows = found[(page - 1) * size : page * size]
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
        "pages": max(1, -(-len(found) // size)),
        "counted": f"{count(len(found))} of {count(len(standings))} teams",
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


def _asked(query: Mapping[str, str]) -> tuple[str, int]:
    return query.get("q", "")[:_MAX_TEXT], number_in(query.get("page", ""), default=1)


def _address(text: str, page: int) -> str:
    return address("/teams", {"q": text, "page": "" if page == 1 else str(page)})


def _matches(standing: TeamStanding, text: str) -> bool:
    team = standing.team
    return text in f"{team.name}\n{team.display_name}\n{team.cost_center}".casefold()
