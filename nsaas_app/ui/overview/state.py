"""State of the overview: numbers, charts, what needs attention, what is under way."""

from typing import Final

import reflex as rx

from ... import runtime
from ...directory.history import Period
from ...directory.hub import NAMESPACES, REQUESTS, TEAMS
from ...directory.query import RowQuery
from ...directory.requests import RequestQuery
from ...domain.actors import Actor
from ...domain.environments import Environment
from ...domain.errors import PortalError
from ...domain.requests import ProvisioningRequest, RequestKind
from ...identity.permissions import Permission
from ..decisions.transform import decide_reason
from ..figures import count, duration, iso
from ..guard import actor_of, guarded
from ..holding import HeldList
from ..live import LivePage, assign, follow
from ..problems import Problem
from ..remembered import Remembered
from ..request_views import RequestLine
from ..routes import Pill, dropped_words
from .attention import CODES, Attention, attention_of, merged
from .charts import Chart, chart_of
from .filters import OverviewFilters
from .flights import Flight
from .standing import standing
from .ticking import Look, kept_lines, still_wrong
from .transform import Share, Stat, shares_of, stats_of
from .uses import RESOURCES, TeamUse, team_uses

__all__ = ["OverviewState"]

_LISTED: Final = 8
_UNDER_WAY: Final = 6
"""The lines of these are higher: both cards are about as high."""
_LOOKED_AT: Final = 50
"""So many of the least healthy namespaces are put in the order of harm."""
_MOST: Final = 200
"""The same where all are asked for."""

_CHARTS: Final = Remembered[tuple[Period, ...], Chart](most=256)
"""Both charts, by what is looked at: drawn once for all who look at it."""


class OverviewState(HeldList, LivePage, rx.State):
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
    """`All 23`, or the way back; empty where all are listed anyway."""
    attention_href: str = "/"
    attention_count: int = 0
    attention_title: str = "Needs attention"
    in_flight_title: str = "Requests in flight"
    in_flight: list[Flight] = []
    in_flight_more: str = ""
    in_flight_waiting: int = 0
    recent: list[RequestLine] = []
    recent_waiting: int = 0
    by_environment: list[Share] = []
    by_team: list[Share] = []
    chart: Chart = Chart()
    uses: list[TeamUse] = []
    uses_problem: Problem = Problem()
    uses_title: str = "Use by team"
    resource: str = "cpu"
    resources: list[Pill] = []
    total: int = 0
    usual: str = ""
    """How long it takes until one is ready, from what was; empty where nothing was yet."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Keep the page current while it is open."""
        query = self.router.url.query_parameters
        filters, asked = OverviewFilters.from_query(query), query.get("scope", "")
        async with self:
            self._let_go()
            assign(
                self,
                {
                    "scopes": filters.scope_pills(),
                    "windows": filters.window_pills(),
                    "window": filters.words,
                    "resource": filters.resource,
                    "resources": filters.resource_pills(),
                    "uses_title": f"{RESOURCES[filters.resource]} by team",
                },
            )
        is_first = True

        async def read(actor: Actor) -> dict[str, object]:
            nonlocal is_first
            async with self:
                # What was solved is ticked off until the page is left.
                shown = [] if is_first else list(self.attention)
                is_held = self._is_held() and not is_first
                flights = [each.line.request_id for each in self.in_flight] if is_held else None
                recent = [each.request_id for each in self.recent] if is_held else None
            is_first = False
            is_refused = asked == "fleet" and not actor.sees_all_teams
            return {
                "sees_fleet": actor.sees_all_teams,
                "notice": _notice(filters, actor, is_refused=is_refused),
                **_numbers(filters, actor),
                **_attention(filters, actor, shown, is_held=is_held),
                **await _lists(filters, actor),
                **_requests(filters, actor, flights, recent),
                **await _uses(filters, actor),
            }

        await follow(self, topics=(NAMESPACES, REQUESTS, TEAMS), read=read)

    async def _catch_up(self) -> None:
        filters = OverviewFilters.from_query(self.router.url.query_parameters)
        actor = await actor_of(self)
        assign(self, _attention(filters, actor, list(self.attention), is_held=False))
        assign(self, _requests(filters, actor, None, None))

    async def _catch_up_if_idle(self) -> None:
        waits = self.waiting or self.in_flight_waiting or self.recent_waiting
        if waits and not self._is_held():
            await self._catch_up()


def _notice(filters: OverviewFilters, actor: Actor, *, is_refused: bool) -> str:
    if filters.dropped:
        return dropped_words(filters.dropped)
    if is_refused:
        return "You see your own teams."
    is_empty = filters.scope == "mine" and actor.sees_all_teams and not actor.teams
    return "You are in no team yourself: nothing is yours." if is_empty else ""


def _numbers(filters: OverviewFilters, actor: Actor) -> dict[str, object]:
    portal, eyes, teams = runtime.current(), filters.eyes_of(actor), filters.teams_of(actor)
    summary = portal.directory.summary(actor=eyes, window=filters.span)
    periods = portal.requests.history(actor=eyes, window=filters.span)
    return {
        **stats_of(summary, filters.words, teams=teams, window=filters.window),
        "as_of": iso(summary.as_of),
        "chart": _CHARTS.of(
            f"{filters.span} {teams}",
            periods,
            lambda found: chart_of(found, window=filters.span, teams=teams),
        ),
    }


def _attention(
    filters: OverviewFilters, actor: Actor, shown: list[Attention], *, is_held: bool
) -> dict[str, object]:
    portal, eyes = runtime.current(), filters.eyes_of(actor)
    now = portal.clock()
    most = _MOST if filters.shows_all else _LOOKED_AT
    worst = portal.directory.find(RowQuery(health=CODES, sort="health", limit=most), actor=eyes)
    look = Look(portal.directory, portal.requests, eyes)
    others = still_wrong(shown, worst.items, look)
    looked_at = [*worst.items, *others]
    since = now - filters.span
    found = attention_of(
        looked_at,
        actor=actor,
        now=now,
        failing=portal.requests.failing(actor=eyes, window=filters.span),
        waiting=_decidable(actor, eyes),
    )
    limit = _MOST if filters.shows_all else _LISTED
    kept = kept_lines(shown, found, look, since=since)
    lines, waiting = merged(kept, found, limit=limit, is_held=is_held)
    # The least healthy are looked at one by one; the others are only counted.
    number = len(found) + max(0, worst.total - len(looked_at))
    return {
        "attention": lines,
        "waiting": waiting,
        "attention_count": number,
        "attention_title": f"Needs attention ({count(number)})" if number else "Needs attention",
        "attention_more": _more_of(number, shows_all=filters.shows_all),
        "attention_href": filters.turned().address(),
    }


def _more_of(number: int, *, shows_all: bool) -> str:
    if number <= _LISTED:
        return ""
    return "Only the worst" if shows_all else f"All {count(number)}"


async def _lists(filters: OverviewFilters, actor: Actor) -> dict[str, object]:
    portal, eyes = runtime.current(), filters.eyes_of(actor)
    requests, teams = portal.requests, filters.teams_of(actor)
    every = portal.directory.find(RowQuery(limit=1), actor=eyes)
    environments = tuple(each.value for each in Environment)
    median = requests.median_duration_ms(RequestKind.PROVISION)
    called = {str(team.name): team.called for team in (await portal.teams.all()).values()}
    return {
        "total": every.all,
        "usual": "" if median is None else duration(median),
        "by_environment": shares_of(
            every.facets.get("environment", {}), field="env", order=environments, teams=teams
        ),
        "by_team": shares_of(every.facets.get("team", {}), field="team", called=called),
    }


def _requests(
    filters: OverviewFilters,
    actor: Actor,
    flights: list[str] | None,
    recent: list[str] | None,
) -> dict[str, object]:
    """Both lists of requests; the ids of what is shown are given while somebody is at them."""
    board, eyes = runtime.current().requests, filters.eyes_of(actor)
    every = board.in_flight(actor=eyes)
    under_way, went = list(every[:_UNDER_WAY]), 0
    latest, came = list(board.find(RequestQuery(limit=_LISTED), actor=eyes).items), 0
    if flights:
        under_way, went = standing(flights, under_way, board, actor=eyes)
    if recent:
        latest, came = standing(recent, latest, board, actor=eyes)
    return {
        "in_flight": [Flight.of(each) for each in under_way],
        "in_flight_title": f"Requests in flight ({count(len(every))})"
        if every
        else "Requests in flight",
        "in_flight_waiting": went,
        "in_flight_more": f"All {count(len(every))}" if len(every) > _UNDER_WAY else "",
        "recent": [RequestLine.from_request(each) for each in latest],
        "recent_waiting": came,
    }


async def _uses(filters: OverviewFilters, actor: Actor) -> dict[str, object]:
    """What comes from the database; without it the rest of the page stands all the same."""
    try:
        standings = await runtime.current().team_overviews.all(actor=filters.eyes_of(actor))
    except PortalError as error:
        return {"uses_problem": Problem.from_error(error)}
    return {"uses": team_uses(standings, filters.resource), "uses_problem": Problem()}


def _decidable(actor: Actor, eyes: Actor) -> list[ProvisioningRequest]:
    """Requests that wait for this very person, of the teams looked at."""
    found = runtime.current().requests.awaiting_approval()
    return [
        request
        for request in found
        if eyes.role_in(request.team) is not None and decide_reason(request, actor) == ""
    ]
