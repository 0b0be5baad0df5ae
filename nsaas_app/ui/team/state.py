"""State of one team's page: the section that the address names, kept current."""

import secrets
import time
from typing import Final

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.hub import CLEANUP
from ...domain.actors import Actor
from ...domain.errors import PortalError
from ...identity.permissions import Permission
from ...lifecycle.inbox import INBOX
from ...teams.change import TeamChange
from ...teams.overview import TOPICS
from ..axes import Tick
from ..guard import actor_of, guarded
from ..keeping.state import Keeping
from ..keeping.transform import KeepLine, keep_lines
from ..live import LivePage, assign, follow
from ..namespace_views import EndingLine, NamespaceLine
from ..places import Places
from ..problems import Problem, toast_for
from ..request_views import RequestLine
from ..routes import Pill, last_part
from ..team_forms.state import TeamForm
from ..toasts import say
from .asks import AskLine
from .costs import CostDay, cost_vars
from .reading import COST_WINDOW, LISTED, member_vars, namespace_vars, team_vars
from .renewals import RenewAll
from .scores import ReviewView, RuleLine, score_vars
from .segments import SegmentedBar, ShareLine
from .transform import TABS, EnvironmentLine, GroupLine, MemberLine, tab_of, tab_pills

__all__ = ["ROWS", "TeamState"]

ROWS: Final = Places("rows", NamespaceLine, most=LISTED, key=lambda line: line.uid)
"""The rows of the namespaces section."""
RENEW_S: Final = 60.0
"""The cost of a day is for reading: it stands still meanwhile."""
SCORE_S: Final = 4.0
"""A score looks at every namespace of the team: not at each of their changes."""


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
    leads: str = ""
    bars: list[SegmentedBar] = []
    asks: list[AskLine] = []
    """Wishes for a larger budget that wait."""
    shares: list[ShareLine] = []
    shares_counted: str = ""
    environments: list[EnvironmentLine] = []
    ending: list[EndingLine] = []
    ending_total: int = 0
    ending_counted: str = ""
    ending_more: str = ""
    renew_label: str = ""
    why_not_renew: str = ""
    concerns: list[KeepLine] = []
    """What cleanup has in mind."""
    requests: list[RequestLine] = []
    groups: list[GroupLine] = []
    members: list[MemberLine] = []
    members_counted: str = ""
    review: ReviewView = ReviewView()
    rows_counted: str = ""
    namespaces: int = 0
    namespaces_top: str = ""
    why_not_edit: str = ""
    why_not_members: str = ""
    cost_bars: list[CostDay] = []
    """Of every day, known or not."""
    cost_ticks: list[Tick] = []
    cost_days: list[CostDay] = []
    cost_sentence: str = ""
    cost_source: str = ""
    cost_csv: str = ""
    cost_computed_at: str = ""
    cost_problem: Problem = Problem()
    score: str = ""
    rules: list[RuleLine] = []
    rules_counted: str = ""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Follow the team and the section named in the address."""
        name, tab = last_part(self.router.url.path), tab_of(self.router.url.query_parameters)
        async with self:
            if self.name != name:
                # Another team's values must not stand under this one's name.
                assign(
                    self,
                    {"name": name, "title": name, "is_loaded": False, "is_known": False}
                    | {"rules": [], "score": "", "cost_days": [], "cost_computed_at": ""},
                )
            assign(self, {"tab": tab, "section": TABS[tab], "tabs": tab_pills(name, tab)})
            # A dialog belongs to the page it was opened on.
            assign(await self.get_state(TeamForm), {"action": ""})
            for dialog in (RenewAll, Keeping):
                assign(await self.get_state(dialog), {"is_open": False})
        costed = scored = float("-inf")

        async def read(actor: Actor) -> dict[str, object]:
            nonlocal costed, scored
            values = {
                **await team_vars(name, actor),
                **await member_vars(name, actor),
                **namespace_vars(name, actor),
                "concerns": await keep_lines(actor, team=name),
            }
            if tab == "cost" and time.monotonic() - costed >= RENEW_S:
                values |= await _costs(name, actor)
                costed = time.monotonic()
            if time.monotonic() - scored >= SCORE_S:
                found = await runtime.current().organisation.scorecards.of(name, actor=actor)
                values |= score_vars(found)
                scored = time.monotonic()
            return values

        await follow(self, topics=(*TOPICS, CLEANUP, INBOX), read=read)

    @guarded(Permission.TEAM_MEMBERS)
    async def confirm_access(self, version: str) -> EventSpec:
        """Say that the groups are right as they show: the version names them."""
        change = TeamChange(await actor_of(self), "ui", secrets.token_hex(8), str(version))
        try:
            await runtime.current().organisation.reviews.confirm(self.name, change)
        except PortalError as error:
            return toast_for(error)
        return say(f"Access of {self.title} is confirmed for 90 days.")


async def _costs(name: str, actor: Actor) -> dict[str, object]:
    """What comes from stored requests; without it the rest of the page stands all the same."""
    try:
        report = await runtime.current().reports.team_use.report(
            team=name, window=COST_WINDOW, actor=actor
        )
    except PortalError as error:
        return {"cost_problem": Problem.from_error(error)}
    return {**cost_vars(report, name), "cost_problem": Problem()}
