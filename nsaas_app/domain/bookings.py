"""What teams had booked, day by day: a pure account of what namespaces were given and gave back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from .names import TeamName
from .teams import Resources

__all__ = ["DAY", "Booking", "TeamDay", "account"]

DAY: Final = timedelta(days=1)
_HOUR_S: Final = Decimal(3600)


@dataclass(frozen=True, slots=True)
class Booking:
    """From this instant on a namespace of a team holds this much."""

    at: datetime
    team: TeamName
    cluster: str
    namespace: str
    amount: Resources
    is_gone: bool = False
    """Whether the namespace was deleted: then it holds nothing."""


@dataclass(frozen=True, slots=True)
class TeamDay:
    """What one team had booked on one day of UTC."""

    start: datetime
    team: TeamName
    hours: Resources
    """Core hours, and byte hours of memory and storage."""
    end: Resources
    """What was booked when the day ended; now, for a day that has not."""
    namespaces: int
    """How many there were then."""
    is_whole: bool
    """False for a day that is still running, or that began before anything was known."""


class _Hold:
    """What a team holds while the account is written."""

    def __init__(self) -> None:
        self.by_namespace: dict[tuple[str, str], Resources] = {}
        self.total = Resources()
        self.hours = Resources()

    def take(self, booking: Booking) -> None:
        key = (booking.cluster, booking.namespace)
        self.total = self.total - self.by_namespace.pop(key, Resources()) + booking.amount
        if not booking.is_gone:
            self.by_namespace[key] = booking.amount

    def wait(self, span: timedelta) -> None:
        hours = Decimal(int(span.total_seconds() * 1000)) / 1000 / _HOUR_S
        self.hours += Resources(
            self.total.cpu * hours, self.total.memory * hours, self.total.storage * hours
        )


def account(bookings: Iterable[Booking], *, since: datetime, now: datetime) -> tuple[TeamDay, ...]:
    """Write the account from a day on until now, oldest first.

    Args:
        bookings: all there ever were, in any order: what was booked before still counts.
        since: the start of the first day.
        now: the end of the account.
    """
    ordered = sorted(bookings, key=lambda one: one.at)
    if not ordered:
        return ()
    first = ordered[0].at
    holds: dict[TeamName, _Hold] = {}
    days: list[TeamDay] = []
    waiting = iter(ordered)
    upcoming = next(waiting, None)
    start = since
    # What was booked before the first day is held when it begins.
    while upcoming is not None and upcoming.at < start:
        holds.setdefault(upcoming.team, _Hold()).take(upcoming)
        upcoming = next(waiting, None)
    while start < now:
        end, clock = min(start + DAY, now), start
        while upcoming is not None and upcoming.at < end:
            _pass(holds, upcoming.at - clock)
            clock = upcoming.at
            holds.setdefault(upcoming.team, _Hold()).take(upcoming)
            upcoming = next(waiting, None)
        _pass(holds, end - clock)
        is_whole = end - start == DAY and first <= start
        for team in sorted(holds, key=str):
            hold = holds[team]
            count = len(hold.by_namespace)
            days.append(TeamDay(start, team, hold.hours, hold.total, count, is_whole))
            hold.hours = Resources()
        start += DAY
    return tuple(days)


def _pass(holds: dict[TeamName, _Hold], span: timedelta) -> None:
    for hold in holds.values():
        hold.wait(span)
