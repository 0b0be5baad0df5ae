"""State of the list of teams: those one may see, searched and paged on the server."""

from collections.abc import Mapping
from typing import Final

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...identity.permissions import Permission
from ...teams.overview import TOPICS, TeamStanding
from ..figures import count
from ..guard import guarded
from ..live import LivePage, assign, follow
from ..preferring import learn_preferences
from ..routes import address, last_part, number_in
from ..team_forms.state import TeamForm
from ..team_views import TeamLine

__all__ = ["TeamsState"]

_MAX_TEXT: Final = 100


class TeamsState(LivePage, rx.State):
    """Vars of the list."""

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
        await learn_preferences(self)
        text, page = _asked(self.router.url.query_parameters)
        size = self._size
        async with self:
            assign(self, {"q": text, "page": page})
            # A dialog belongs to the page it was opened on.
            assign(await self.get_state(TeamForm), {"action": ""})

        async def read(actor: Actor) -> dict[str, object]:
            standings = await runtime.current().team_overviews.all(actor=actor)
            found = [one for one in standings if _matches(one, text.casefold())]
            shown = found[(page - 1) * size : page * size]
            counted = f"{count(len(found))} of {count(len(standings))} teams"
            return {
                "rows": [TeamLine.of(one, actor) for one in shown],
                "total": len(found),
                "pages": max(1, -(-len(found) // size)),
                "counted": counted,
                "announcement": counted,
                "may_create": actor.is_admin,
            }

        await follow(self, topics=TOPICS, read=read)

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


def _asked(query: Mapping[str, str]) -> tuple[str, int]:
    return query.get("q", "")[:_MAX_TEXT], number_in(query.get("page", ""), default=1)


def _address(text: str, page: int) -> str:
    return address("/teams", {"q": text, "page": "" if page == 1 else str(page)})


def _matches(standing: TeamStanding, text: str) -> bool:
    team = standing.team
    return text in f"{team.name}\n{team.display_name}\n{team.cost_center}".casefold()
