"""State of one team's page: the section that the address names, kept current."""

from datetime import timedelta
from typing import Final

import reflex as rx

from ... import runtime
from ...directory.hub import CLEANUP
from ...directory.query import RowQuery
from ...directory.requests import RequestQuery
from ...domain.actors import Actor
from ...identity.permissions import Permission
from ...teams.overview import TOPICS
from ..figures import count
from ..guard import guarded
from ..keeping.transform import KeepLine, keep_lines
from ..live import LivePage, assign, follow
from ..namespace_views import EndingLine, NamespaceLine
from ..places import Places
from ..request_views import RequestLine
from ..routes import Pill, last_part
from ..team_forms.state import TeamForm
from ..team_views import (
    BudgetBar,
    budget_bars,
    cost_note,
    cost_text,
    why_not_edit,
    why_not_members,
)
from .transform import (
    TABS,
    EnvironmentLine,
    GroupLine,
    MemberLine,
    environment_lines,
    tab_of,
    tab_pills,
)

__all__ = ["ROWS", "TeamState"]

_LISTED: Final = 20
_SOON: Final = timedelta(days=14)
_MOST: Final = 200
"""So many members are listed; the counts by group tell of all."""
ROWS: Final = Places("rows", NamespaceLine, most=_LISTED, key=lambda line: line.uid)
"""The rows of the namespaces section."""


@ROWS.declared
class TeamState(LivePage, rx.State):
    """Vars of the page."""

    name: str = "Team"
    title: str = "Team"
    section: str = TABS["overview"]
    """The open section in words."""
    tab: str = "overview"
    tabs: list[Pill] = []
    cost_center: str = ""
    cost: str = ""
    cost_note: str = ""
    bars: list[BudgetBar] = []
    environments: list[EnvironmentLine] = []
    ending: list[EndingLine] = []
    concerns: list[KeepLine] = []
    """What cleanup has in mind."""
    requests: list[RequestLine] = []
    groups: list[GroupLine] = []
    members: list[MemberLine] = []
    members_counted: str = ""
    rows_counted: str = ""
    namespaces: int = 0
    why_not_edit: str = ""
    why_not_members: str = ""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Follow the team and the section named in the address."""
        name, tab = last_part(self.router.url.path), tab_of(self.router.url.query_parameters)
        async with self:
            if self.name != name:
                # Another team's values must not stand under this one's name.
                assign(self, {"name": name, "title": name, "is_loaded": False})
            assign(self, {"tab": tab, "section": TABS[tab], "tabs": tab_pills(name, tab)})
            # A dialog belongs to the page it was opened on.
            assign(await self.get_state(TeamForm), {"action": ""})

        async def read(actor: Actor) -> dict[str, object]:
            return {
                **await _team_vars(name, actor),
                **await _member_vars(name, actor),
                **_namespace_vars(name, actor),
                "concerns": await keep_lines(actor, team=name),
            }

        await follow(self, topics=(*TOPICS, CLEANUP), read=read)


async def _team_vars(name: str, actor: Actor) -> dict[str, object]:
    standing = await runtime.current().team_overviews.one(name, actor=actor)
    return {
        "title": standing.team.display_name or name,
        "cost_center": standing.team.cost_center,
        "cost": cost_text(standing.cost),
        "cost_note": cost_note(standing.cost),
        "bars": budget_bars(standing),
        "environments": environment_lines(standing),
        "why_not_edit": why_not_edit(actor, standing),
        "why_not_members": why_not_members(actor, standing),
    }


async def _member_vars(name: str, actor: Actor) -> dict[str, object]:
    found = await runtime.current().members.of(name, actor=actor)
    return {
        "groups": [GroupLine.of(group) for group in found.groups],
        "members": [MemberLine.of(member) for member in found.members[:_MOST]],
        "members_counted": f"{count(len(found.members))} seen",
    }


def _namespace_vars(name: str, actor: Actor) -> dict[str, object]:
    portal = runtime.current()
    team = frozenset({name})
    ending = portal.directory.find(RowQuery(teams=team, sort="expires", limit=_LISTED), actor=actor)
    soon = portal.clock() + _SOON
    made = RequestQuery(team=name, limit=6)
    return {
        "rows": [NamespaceLine.from_row(row) for row in ending.items],
        "rows_counted": f"{count(len(ending.items))} of {count(ending.total)}, next to end first",
        "namespaces": ending.total,
        "ending": [
            EndingLine.from_row(row)
            for row in ending.items
            if row.expires_at is not None and row.expires_at <= soon
        ],
        "requests": [
            RequestLine.from_request(each) for each in portal.requests.find(made, actor=actor).items
        ],
    }
