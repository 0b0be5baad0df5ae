"""The board: requests in memory as the pages show them, and the numbers that come from them."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from ..domain.actors import Actor
from ..domain.ended_requests import EndedRequest, Told
from ..domain.errors import NotFoundError
from ..domain.names import TeamName
from ..domain.requests import Phase, ProvisioningRequest, RequestKind
from .arrivals import Arrivals
from .feed import Feed
from .history import Period, milliseconds_of, periods_of
from .hub import REQUESTS, Hub, namespace_topic, request_topic
from .outcomes import Past, Performance, growth_of, performance_of
from .request_query import RequestPage, RequestQuery, Tally
from .waiting import Place, Span, approval_waits, in_line, places_in, queue_waits, span_of

__all__ = ["WINDOW", "RequestBoard", "RequestPage", "RequestQuery", "Tally"]

WINDOW: Final = timedelta(days=30)
_MOST_SUMS: Final = 512
"""So many sums are kept between two changes; addresses are written by anybody."""

Sum = TypeVar("Sum")


class RequestBoard:
    """Every request of the window and every one that has not ended."""

    def __init__(self, *, hub: Hub, feed: Feed, clock: Callable[[], datetime]) -> None:
        self._hub = hub
        self._feed = feed
        self._clock = clock
        self.arrivals = Arrivals()
        self._requests: dict[str, ProvisioningRequest] = {}
        self._by_team: dict[TeamName, dict[str, ProvisioningRequest]] = {}
        """The same by team: a list takes no longer for what other teams have."""
        self._open: set[str] = set()
        self._past = Past()
        """Of the window before: what this one's numbers are compared with."""
        self._sums: dict[Hashable, Any] = {}
        """What was summed up since the last change: every open page asks for it."""
        self._old_sums: dict[Hashable, Any] = {}
        """The same of the window before."""
        self._places: dict[str, Place] | None = None
        """Who stands where in the queue, once it was asked for since the last change."""

    def put(self, request: ProvisioningRequest) -> None:
        """Take in a request as it stands now and wake who watches it."""
        self.arrivals.note(request.request_id)
        if self._requests.get(request.request_id) == request:
            return
        self._requests[request.request_id] = request
        self._sums.clear()
        self._places = None
        self._by_team.setdefault(request.team, {})[request.request_id] = request
        if request.is_terminal:
            self._open.discard(request.request_id)
        else:
            self._open.add(request.request_id)
        self._feed.add("request.updated", team=request.team, key=request.request_id)
        self._hub.publish(
            REQUESTS, request_topic(request.request_id), namespace_topic(str(request.namespace))
        )

    def put_read(self, request: ProvisioningRequest, *, begun: int) -> None:
        """Take in a request from a read that began at a moment of `arrivals`, unless it is old."""
        if not self.arrivals.came_since(request.request_id, begun):
            self.put(request)

    def get(self, request_id: str, *, actor: Actor) -> ProvisioningRequest:
        """One request.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        request = self._requests.get(request_id)
        if request is None or actor.role_in(request.team) is None:
            raise NotFoundError("request", request_id)
        return request

    def in_flight(self, *, actor: Actor) -> tuple[ProvisioningRequest, ...]:
        """Requests that have not ended, oldest first."""
        if actor.sees_all_teams:
            found = [self._requests[request_id] for request_id in self._open]
        else:
            found = [each for each in self._visible(actor) if each.request_id in self._open]
        return tuple(sorted(found, key=lambda request: (request.created_at, request.request_id)))

    def awaiting_approval(self) -> tuple[ProvisioningRequest, ...]:
        """Every request that waits for people, of all teams."""
        found = (self._requests[request_id] for request_id in self._open)
        return tuple(r for r in found if r.phase is Phase.AWAITING_APPROVAL)

    def find(self, query: RequestQuery, *, actor: Actor) -> RequestPage:
        """Requests that match, newest first; open ones alone the other way round."""
        return self._summed(("find", query, _eyes_of(actor)), lambda: self._page(query, actor))

    def _page(self, query: RequestQuery, actor: Actor) -> RequestPage:
        matches = self._matches(query, actor)
        matches.sort(
            key=lambda request: (request.created_at, request.request_id), reverse=not query.is_open
        )
        return RequestPage(
            tuple(matches[query.offset : query.offset + query.limit]), total=len(matches)
        )

    def tally(self, query: RequestQuery, *, actor: Actor) -> Tally:
        """Count those that match, and among them the actor's, their teams' and the open ones."""
        teams = frozenset(actor.teams)
        key = ("tally", query, actor.subject, teams, actor.sees_all_teams)
        return self._summed(key, lambda: self._count(query, actor, teams))

    def _count(self, query: RequestQuery, actor: Actor, teams: frozenset[TeamName]) -> Tally:
        matches = self._matches(query, actor)
        return Tally(
            total=len(matches),
            mine=sum(request.requested_by == actor.subject for request in matches),
            team=sum(request.team in teams for request in matches),
            open=sum(request.request_id in self._open for request in matches),
        )

    def _matches(self, query: RequestQuery, actor: Actor) -> list[ProvisioningRequest]:
        wanted = {
            "status": query.status,
            "team": query.team,
            "kind": query.kind,
            "namespace": query.namespace,
            "requested_by": query.requested_by,
            "correlation_id": query.correlation_id,
        }
        filters = {name: value for name, value in wanted.items() if value}
        found = self._visible(actor)
        # One test after the other, and only what is asked for: every open list comes by here.
        if query.is_open:
            found = [request for request in found if request.request_id in self._open]
        if query.teams is not None:
            found = [request for request in found if request.team in query.teams]
        if query.since is not None:
            found = [request for request in found if request.created_at >= query.since]
        if query.until is not None:
            found = [request for request in found if request.created_at < query.until]
        for name, value in filters.items():
            found = [request for request in found if str(getattr(request, name)) == value]
        return found

    def performance(
        self,
        *,
        actor: Actor,
        window: timedelta = WINDOW,
        team: TeamName | None = None,
        windows_ago: int = 0,
    ) -> Performance:
        """Success and time of provision requests that ended in the window, perhaps of one team.

        Cancelled, rejected and expired ones do not count: people ended them, not the portal.

        Args:
            actor: whose requests, by what the actor may see.
            window: how long it is, `WINDOW` at most.
            team: only of this one.
            windows_ago: 1 for the window before; farther back nothing is known.
        """
        key = ("performance", _eyes_of(actor), window, team, windows_ago, self._minute)

        def compute() -> Performance:
            told = self._told(actor, window, windows_ago)
            return performance_of(request for request in told if team in (None, request.team))

        # What happens now hardly ever is of the window before: a minute later is soon enough.
        return self._summed(key, compute, sums=self._old_sums if windows_ago else None)

    def came_and_went(self, *, actor: Actor, window: timedelta = WINDOW) -> tuple[int, int]:
        """How many namespaces were made, and how many deleted, by requests of the window."""
        key = ("came", _eyes_of(actor), window, self._minute)
        return self._summed(key, lambda: growth_of(self._told(actor, window, 0)))

    def _told(self, actor: Actor, window: timedelta, windows_ago: int) -> Iterator[Told]:
        """Requests handed in within a window, with those that only numbers still know."""
        until = self._clock() - window * windows_ago
        since = until - window
        found: list[Told] = [*self._visible(actor)]
        if windows_ago:
            found += self._past.of(_eyes_of(actor))
        # Nothing is handed in later than now, whatever the clocks of several machines say.
        return (
            request
            for request in found
            if request.created_at >= since and (not windows_ago or request.created_at < until)
        )

    def history(self, *, actor: Actor, window: timedelta = WINDOW) -> tuple[Period, ...]:
        """The same, hour by hour or day by day; the same object for as long as nothing changes."""
        return self._summed(
            ("history", _eyes_of(actor), window, self._minute),
            lambda: periods_of(self._visible(actor), now=self._clock(), window=window),
        )

    def failing(
        self, *, actor: Actor, window: timedelta = WINDOW
    ) -> tuple[ProvisioningRequest, ...]:
        """Requests that failed and were the last word about their namespace, newest first."""
        key = ("failing", _eyes_of(actor), window, self._minute)
        return self._summed(key, lambda: self._fail(actor, self._clock() - window))

    def _fail(self, actor: Actor, since: datetime) -> tuple[ProvisioningRequest, ...]:
        last: dict[str, ProvisioningRequest] = {}
        for request in self._visible(actor):
            known = last.get(str(request.namespace))
            if known is None or known.created_at < request.created_at:
                last[str(request.namespace)] = request
        found = [r for r in last.values() if r.phase is Phase.ROLLED_BACK and r.created_at >= since]
        return tuple(sorted(found, key=lambda request: request.created_at, reverse=True))

    def median_duration_ms(self, kind: RequestKind) -> float | None:
        """The usual time of a kind over all teams, None without history."""
        usual = self.usual_duration(kind)
        return None if usual is None else usual.p50_ms

    def usual_duration(self, kind: RequestKind) -> Span | None:
        """How long a kind takes over all teams, None without history."""

        def took() -> list[float]:
            ended = self._requests.values()
            return milliseconds_of(r for r in ended if r.kind is kind and r.phase is Phase.DONE)

        return self._summed(kind, lambda: span_of(took()))

    def usual_wait(self) -> Span | None:
        """How long requests wait for their start over all teams, None without history."""
        return self._summed("queue", lambda: span_of(queue_waits(self._requests.values())))

    def usual_approval(self) -> Span | None:
        """How long approvers take over all teams, None where nobody decided yet."""
        return self._summed("approval", lambda: span_of(approval_waits(self._requests.values())))

    def place_of(self, request: ProvisioningRequest) -> Place | None:
        """Where a request stands in the queue, those of other teams counted with it."""
        if self._places is None:
            waiting = in_line(self._requests[request_id] for request_id in self._open)
            self._places = places_in(waiting)
        return self._places.get(request.request_id)

    def _summed(
        self,
        about: Hashable,
        compute: Callable[[], Sum],
        *,
        sums: dict[Hashable, Any] | None = None,
    ) -> Sum:
        """Sum something up once until a request changes, or for as long as `sums` are kept."""
        kept = self._sums if sums is None else sums
        if about not in kept:
            if len(kept) >= _MOST_SUMS:
                kept.clear()
            kept[about] = compute()
        found: Sum = kept[about]
        return found

    @property
    def _minute(self) -> datetime:
        """So often a window is cut anew where nothing changes."""
        return self._clock().replace(second=0, microsecond=0)

    def remember(self, ended: Iterable[EndedRequest]) -> None:
        """Take in what ended before the window, for the numbers of the window before."""
        for each in ended:
            self._past.put(each)
        self._old_sums.clear()

    def forget_old(self) -> None:
        """Drop ended requests that fell out of the window, but for what numbers need of them."""
        self._sums.clear()
        since = self._clock() - WINDOW
        for request_id, request in list(self._requests.items()):
            if request.is_terminal and request.created_at < since:
                if ended := EndedRequest.of(request):
                    self._past.put(ended)
                del self._requests[request_id]
                del self._by_team[request.team][request_id]
                self.arrivals.forget(request_id)
        self._past.forget(before=since - WINDOW)

    def _visible(self, actor: Actor) -> list[ProvisioningRequest]:
        if actor.sees_all_teams:
            return list(self._requests.values())
        return [each for team in actor.teams for each in self._by_team.get(team, {}).values()]


def _eyes_of(actor: Actor) -> frozenset[TeamName] | None:
    """Whose requests somebody sees; None sees all."""
    return None if actor.sees_all_teams else frozenset(actor.teams)
