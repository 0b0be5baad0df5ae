"""What teams had booked, day by day: a pure account of what namespaces were given and gave back."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from .names import TeamName
from .teams import Resources

__all__ = ["DAY", "Booking", "TeamDay", "account"]

DAY: Final = timedelta(days=1)
_HOUR_MS: Final = Decimal(3_600_000)
_MILLISECOND: Final = timedelta(milliseconds=1)


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

    def __init__(self, start: datetime) -> None:
        self.by_namespace: dict[tuple[str, str], Resources] = {}
        self.total = Resources()
        self.hours = Resources()
        self.written_until = start

    def take(self, booking: Booking) -> None:
        self.write_until(booking.at)
        key = (booking.cluster, booking.namespace)
        self.total = self.total - self.by_namespace.pop(key, Resources()) + booking.amount
        if not booking.is_gone:
            self.by_namespace[key] = booking.amount

    def write_until(self, at: datetime) -> None:
        """Count the hours that passed; those before the account began do not count."""
        if at <= self.written_until:
            return
        hours = Decimal((at - self.written_until) // _MILLISECOND) / _HOUR_MS
        self.hours += Resources(
            self.total.cpu * hours, self.total.memory * hours, self.total.storage * hours
        )
        self.written_until = at

    def close(self, day: datetime, team: TeamName, end: datetime, *, is_whole: bool) -> TeamDay:
        """Give the day, and begin the next one."""
        self.write_until(end)
        hours, self.hours = self.hours, Resources()
        return TeamDay(day, team, hours, self.total, len(self.by_namespace), is_whole)


def account(bookings: Iterable[Booking], *, since: datetime, now: datetime) -> tuple[TeamDay, ...]:
    """Write the account from a day on until now, oldest first.

    Args:
        bookings: all there ever were, in any order: what was booked before still counts.
        since: the start of the first day.
        now: the end of the account.
    """
    waiting = deque(sorted(bookings, key=lambda one: one.at))
    if not waiting:
        return ()
    first = waiting[0].at
    holds: dict[TeamName, _Hold] = {}
    days: list[TeamDay] = []
    start = since
    while start < now:
        end = min(start + DAY, now)
        while waiting and waiting[0].at < end:
            booking = waiting.popleft()
            if booking.team not in holds:
                holds[booking.team] = _Hold(start)
            holds[booking.team].take(booking)
        is_whole = end - start == DAY and first <= start
        days += [
            holds[team].close(start, team, end, is_whole=is_whole)
            for team in sorted(holds, key=str)
        ]
        start += DAY
    return tuple(days)
