"""How provisioning went, period by period: pure functions over requests that ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Final

from ..domain.ended_requests import Told
from ..domain.requests import Phase, RequestKind

__all__ = ["DAY", "Period", "milliseconds_of", "p95", "periods_of", "ran_to_an_end"]

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Provision requests handed in within one hour or day."""

    start: datetime
    done: int = 0
    failed: int = 0
    median_ms: float | None = None
    """Of those that completed; None where there is none."""
    p95_ms: float | None = None


def ran_to_an_end(request: Told) -> bool:
    """Whether a provision request completed or failed; people's own ends do not count."""
    return request.kind is RequestKind.PROVISION and request.phase in (
        Phase.DONE,
        Phase.ROLLED_BACK,
    )


def milliseconds_of(requests: Iterable[Told]) -> list[float]:
    """How long each took."""
    return [r.duration.total_seconds() * 1000 for r in requests if r.duration is not None]


def p95(values: list[float]) -> float | None:
    """Below this 95 of 100 lie; None without values."""
    if not values:
        return None
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=20, method="inclusive")[-1]


def periods_of(requests: Iterable[Told], *, now: datetime, window: timedelta) -> tuple[Period, ...]:
    """Cut a window into hours (up to a day) or days of UTC, oldest first; none is left out."""
    step = timedelta(hours=1) if window <= DAY else DAY
    newest = now.replace(minute=0, second=0, microsecond=0)
    newest = newest if step < DAY else newest.replace(hour=0)
    count = window // step
    found: list[list[Told]] = [[] for _ in range(count)]
    oldest = newest - step * (count - 1)
    for request in requests:
        index = (request.created_at - oldest) // step
        if 0 <= index < count and ran_to_an_end(request):
            found[index].append(request)
    return tuple(_period(oldest + step * index, inside) for index, inside in enumerate(found))


def _period(start: datetime, requests: list[Told]) -> Period:
    done = [request for request in requests if request.phase is Phase.DONE]
    took = milliseconds_of(done)
    return Period(
        start=start,
        done=len(done),
        failed=len(requests) - len(done),
        median_ms=median(took) if took else None,
        p95_ms=p95(took),
    )
