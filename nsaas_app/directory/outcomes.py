"""What the requests of a window came to, and what is kept of those that lists have forgotten."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from typing import Final

from ..domain.ended_requests import EndedRequest, Told
from ..domain.names import TeamName
from ..domain.requests import Phase, RequestKind
from .history import milliseconds_of, p95, ran_to_an_end

__all__ = ["NOTHING_ENDED", "Past", "Performance", "growth_of", "performance_of"]

_FORGET_EVERY: Final = timedelta(hours=1)
_MAKING: Final = (RequestKind.PROVISION, RequestKind.ADOPT)


@dataclass(frozen=True, slots=True)
class Performance:
    """How provisioning went in the window."""

    n: int
    success_rate: float | None
    avg_ms: float | None
    p95_ms: float | None


NOTHING_ENDED: Final = Performance(0, None, None, None)


def performance_of(requests: Iterable[Told]) -> Performance:
    """Success and time of those that ran to an end by themselves."""
    ended = [request for request in requests if ran_to_an_end(request)]
    completed = [request for request in ended if request.phase is Phase.DONE]
    took = milliseconds_of(completed)
    return Performance(
        n=len(ended),
        success_rate=len(completed) / len(ended) if ended else None,
        avg_ms=fmean(took) if took else None,
        p95_ms=p95(took),
    )


def growth_of(requests: Iterable[Told]) -> tuple[int, int]:
    """How many namespaces were made, and how many deleted."""
    done = [request.kind for request in requests if request.phase is Phase.DONE]
    return sum(kind in _MAKING for kind in done), done.count(RequestKind.DELETE)


class Past:
    """Ended requests that are too old for lists: only what numbers are compared with."""

    def __init__(self) -> None:
        self._of_team: dict[TeamName, dict[str, EndedRequest]] = {}
        self._looked_until: datetime | None = None

    def put(self, ended: EndedRequest) -> None:
        """Take one in; a repeat changes nothing."""
        self._of_team.setdefault(ended.team, {})[ended.request_id] = ended

    def of(self, teams: Iterable[TeamName] | None) -> list[EndedRequest]:
        """Those of some teams; None means all."""
        wanted = self._of_team if teams is None else teams
        return [one for team in wanted for one in self._of_team.get(team, {}).values()]

    def forget(self, *, before: datetime) -> None:
        """Drop those that were handed in earlier; looked for once an hour, none is counted."""
        if self._looked_until is not None and before - self._looked_until < _FORGET_EVERY:
            return
        self._looked_until = before
        for team, kept in self._of_team.items():
            young = {key: one for key, one in kept.items() if one.created_at >= before}
            self._of_team[team] = young
