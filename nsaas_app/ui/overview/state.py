"""State of the overview: numbers, charts, what needs attention, what is under way."""

from typing import Final

import reflex as rx

from ... import runtime
from ...directory.hub import NAMESPACES, REQUESTS, TEAMS
from ...directory.query import RowQuery
from ...directory.requests import RequestQuery
from ...domain.actors import Actor
from ...domain.environments import Environment
from ...domain.requests import ProvisioningRequest
from ...identity.permissions import Permission
from ..decisions.transform import decide_reason
from ..figures import count, iso
from ..guard import guarded
from ..live import LivePage, assign, follow
from ..request_views import RequestLine
from ..routes import Pill
from .attention import Attention, attention_of
from .charts import Chart, TeamUse, chart_of, team_uses
from .filters import OverviewFilters
from .transform import Share, Stat, shares_of, stats_of

__all__ = ["OverviewState"]

_LISTED: Final = 8
_LOOKED_AT: Final = 50
"""So many of the least healthy namespaces are put in the order of harm."""


class OverviewState(LivePage, rx.State):
    """Vars of the overview, each one that changes by itself apart."""

    as_of: str = ""
    scopes: list[Pill] = []
    windows: list[Pill] = []
    window: str = ""
    sees_fleet: bool = False
    notice: str = ""
    namespaces: Stat = Stat()
    deployments: Stat = Stat()
    success: Stat = Stat()
    time: Stat = Stat()
    attention: list[Attention] = []
    attention_more: str = ""
    """`All 23`; empty where all are listed."""
    in_flight: list[RequestLine] = []
    in_flight_more: str = ""
    recent: list[RequestLine] = []
    by_environment: list[Share] = []
    by_team: list[Share] = []
    chart: Chart = Chart()
    uses: list[TeamUse] = []
    total: int = 0

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Keep the page current while it is open."""
        query = self.router.url.query_parameters
        filters, asked = OverviewFilters.from_query(query), query.get("scope", "")
        async with self:
            assign(
                self,
                {
                    "scopes": filters.scope_pills(),
                    "windows": filters.window_pills(),
                    "window": filters.words,
                },
            )

        async def read(actor: Actor) -> dict[str, object]:
            is_refused = asked == "fleet" and not actor.sees_all_teams
            return {
                "sees_fleet": actor.sees_all_teams,
                "notice": "You see your own teams." if is_refused else "",
                **_numbers(filters, actor),
                **_lists(filters, actor),
                "uses": team_uses(
                    await runtime.current().team_overviews.all(actor=filters.eyes_of(actor))
                ),
            }

        await follow(self, topics=(NAMESPACES, REQUESTS, TEAMS), read=read)


def _numbers(filters: OverviewFilters, actor: Actor) -> dict[str, object]:
    portal, eyes = runtime.current(), filters.eyes_of(actor)
    summary = portal.directory.summary(actor=eyes, window=filters.span)
    periods = portal.requests.history(actor=eyes, window=filters.span)
    return {
        **stats_of(summary, filters.words),
        "as_of": iso(summary.as_of),
        "chart": chart_of(periods, window=filters.span),
    }


def _lists(filters: OverviewFilters, actor: Actor) -> dict[str, object]:
    portal, eyes = runtime.current(), filters.eyes_of(actor)
    requests = portal.requests
    worst = portal.directory.find(RowQuery(sort="health", limit=_LOOKED_AT), actor=eyes)
    since = portal.clock() - filters.span
    attention = attention_of(
        worst.items,
        failing=requests.failing(actor=eyes, since=since),
        waiting=_decidable(actor, eyes),
    )
    in_flight = requests.in_flight(actor=eyes)
    latest = requests.find(RequestQuery(limit=_LISTED), actor=eyes).items
    environments = tuple(each.value for each in Environment)
    return {
        "attention": attention[:_LISTED],
        "attention_more": _more(len(attention)),
        "total": worst.all,
        "by_environment": shares_of(
            worst.facets.get("environment", {}), field="env", order=environments
        ),
        "by_team": shares_of(worst.facets.get("team", {}), field="team"),
        "in_flight": [RequestLine.from_request(each) for each in in_flight[:_LISTED]],
        "in_flight_more": _more(len(in_flight)),
        "recent": [RequestLine.from_request(each) for each in latest],
    }


def _more(total: int) -> str:
    return f"All {count(total)}" if total > _LISTED else ""


def _decidable(actor: Actor, eyes: Actor) -> list[ProvisioningRequest]:
    """Requests that wait for this very person, of the teams looked at."""
    found = runtime.current().requests.awaiting_approval()
    return [
        request
        for request in found
        if eyes.role_in(request.team) is not None and decide_reason(request, actor) == ""
    ]
