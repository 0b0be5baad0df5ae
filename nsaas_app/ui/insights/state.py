"""State of the page: one view over one window, computed at most once a minute."""

import time
from dataclasses import replace
from typing import Final

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...domain.prices import LIST_PRICES
from ...identity.permissions import Permission, may
from ..figures import iso
from ..guard import guarded
from ..live import LivePage, assign, follow
from ..routes import Pill
from ..team_views import TeamChoice, team_choices
from .filters import PATH, VIEWS, InsightFilters
from .shapes import Chart, Table
from .transform import cost_view, performance_view, sizing_view, usage_view

__all__ = ["InsightsState"]

RENEW_S: Final = 60.0
"""Charts are for reading: they stand still meanwhile."""


class InsightsState(LivePage, rx.State):
    """Vars of the page."""

    section: str = VIEWS["usage"]
    views: list[Pill] = []
    windows: list[Pill] = []
    teams: list[TeamChoice] = []
    team: str = ""
    notice: str = ""
    sentence: str = ""
    source: str = ""
    shows: list[Pill] = []
    show: str = "chart"
    chart: Chart = Chart()
    chart_csv: str = ""
    table_csv: str = ""
    more_csv: str = ""
    table: Table = Table()
    more: Table = Table()
    csv_href: str = ""
    computed_at: str = ""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for and renew it now and then."""
        filters = InsightFilters.from_query(self.router.url.query_parameters)
        async with self:
            if self.section != VIEWS[filters.view]:
                # Another view's values must not stand under this one's name.
                assign(self, {"section": VIEWS[filters.view], "is_loaded": False})
            assign(
                self,
                {
                    "views": filters.view_pills(),
                    "windows": filters.window_pills(),
                    "shows": filters.show_pills(),
                    "show": filters.show,
                },
            )
        computed = float("-inf")

        async def read(actor: Actor) -> dict[str, object]:
            nonlocal computed
            if time.monotonic() - computed < RENEW_S:
                return {}
            values = await _view(filters, actor)
            computed = time.monotonic()
            return values

        await follow(self, topics=(), read=read)

    @guarded(Permission.NAMESPACE_READ)
    async def choose_team(self, team: str) -> EventSpec | None:
        """Look at one team, or with an empty name at all."""
        if self.router.url.path.rstrip("/") != PATH:
            return None
        filters = InsightFilters.from_query(self.router.url.query_parameters)
        return rx.redirect(replace(filters, team=str(team)[:63]).address())


async def _view(filters: InsightFilters, actor: Actor) -> dict[str, object]:
    portal = runtime.current()
    reports = portal.reports
    found = await portal.teams.all()
    teams = team_choices(
        team for name, team in found.items() if may(actor, Permission.TEAM_READ, name)
    )
    called = {one.name: one.called for one in teams}
    notice = ""
    if filters.team and filters.team not in called:
        notice = f"There is no team {filters.team}, or it is not yours: you see all your teams."
        filters = replace(filters, team="")
    match filters.view:
        case "rightsizing":
            prices = f"{LIST_PRICES.source} of {LIST_PRICES.as_of.day} {LIST_PRICES.as_of:%b %Y}"
            sizes = reports.sizing.report(team=filters.team, actor=actor)
            values = sizing_view(sizes, prices, called=called)
        case "provisioning":
            report = reports.performance.report(team=filters.team, window=filters.span, actor=actor)
            values = performance_view(report)
        case _:
            use = await reports.team_use.report(team=filters.team, window=filters.span, actor=actor)
            view = cost_view if filters.view == "cost" else usage_view
            values = view(use, filters.words)
    # The answer is what a screen reader should hear when the view changes.
    said = {"announcement": f"{VIEWS[filters.view]}: {values['sentence']}"}
    return {
        **values,
        **said,
        "teams": teams,
        "team": filters.team,
        "notice": notice,
        "csv_href": filters.csv_address(),
        **{
            # Empty where the view has no such file: the last view's must not stand here.
            f"{name}_csv": filters.csv_address(part)
            if (part := getattr(values[name], "part", ""))
            else ""
            for name in ("chart", "table", "more")
        },
        "computed_at": iso(portal.clock()),
    }
