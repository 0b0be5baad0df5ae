"""How provisioning goes: times by step, their spread, and failures by code."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from ..directory.history import milliseconds_of, p95, ran_to_an_end
from ..directory.requests import WINDOW, RequestBoard, RequestQuery
from ..domain.actors import Actor
from ..domain.failures import FAILURES
from ..domain.names import TeamName
from ..domain.requests import Phase, ProvisioningRequest, RequestKind, StepName, StepStatus
from ..identity.permissions import Permission, ensure_may

__all__ = ["FailureCount", "PerformanceReport", "Performances", "Spread", "StepTime"]

_EVERYTHING: Final = 1_000_000
_EDGES_S: Final = (1, 2, 3, 5, 10, 30, 60)


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step over all requests that completed it."""

    name: StepName
    n: int
    median_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How often provisioning failed with one code."""

    code: str
    cause: str
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How many took up to so many seconds, and longer than the bound before."""

    up_to_s: int | None
    """None for all that took longer than the last bound."""
    n: int


@dataclass(frozen=True, slots=True)
class PerformanceReport:
    """Provision requests that ended in the window."""

    as_of: datetime
    window: timedelta
    n: int
    done: int
    median_ms: float | None
    p95_ms: float | None
    spread: tuple[Spread, ...]
    steps: tuple[StepTime, ...]
    failures: tuple[FailureCount, ...]


class Performances:
    """Tells how provisioning went, from requests in memory."""

    def __init__(self, *, board: RequestBoard, clock: Callable[[], datetime]) -> None:
        self._board = board
        self._clock = clock

    def report(self, *, team: str, window: timedelta, actor: Actor) -> PerformanceReport:
        """Tell of one team's requests, or of all the actor may see.

        The window is cut to the days that are kept in memory; the report says what it covers.

        Raises:
            NotFoundError: it is not the actor's team.
        """
        if team:
            ensure_may(actor, Permission.REQUEST_READ, TeamName(team), kind="team", name=team)
        now, window = self._clock(), min(window, WINDOW)
        query = RequestQuery(kind=RequestKind.PROVISION.value, team=team, limit=_EVERYTHING)
        ended = [
            request
            for request in self._board.find(query, actor=actor).items
            if ran_to_an_end(request) and request.created_at >= now - window
        ]
        done = [request for request in ended if request.phase is Phase.DONE]
        took = milliseconds_of(done)
        return PerformanceReport(
            as_of=now,
            window=window,
            n=len(ended),
            done=len(done),
            median_ms=median(took) if took else None,
            p95_ms=p95(took),
            spread=_spread(took),
            steps=_steps(ended),
            failures=_failures(ended),
        )


def _spread(took: list[float]) -> tuple[Spread, ...]:
    if not took:
        return ()
    bounds = (*_EDGES_S, None)
    counts = dict.fromkeys(bounds, 0)
    for milliseconds in took:
        bound = next((edge for edge in _EDGES_S if milliseconds <= edge * 1000), None)
        counts[bound] += 1
    return tuple(Spread(bound, n) for bound, n in counts.items())


def _steps(requests: Iterable[ProvisioningRequest]) -> tuple[StepTime, ...]:
    found: dict[StepName, list[float]] = {}
    for request in requests:
        for step in request.steps:
            # The wait for people is no time of the portal's.
            if step.name is StepName.APPROVAL or step.status is not StepStatus.DONE:
                continue
            if step.duration is not None:
                spent = step.duration.total_seconds() * 1000
                found.setdefault(step.name, []).append(spent)
    return tuple(
        StepTime(name, len(found[name]), median(found[name]), p95(found[name]) or 0.0)
        for name in StepName
        if name in found
    )


def _failures(requests: Iterable[ProvisioningRequest]) -> tuple[FailureCount, ...]:
    codes = Counter(request.failure.code for request in requests if request.failure is not None)
    return tuple(
        FailureCount(code, FAILURES.get(code, FAILURES["INTERNAL"]).cause, n)
        for code, n in sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))
    )
