"""Days of a report as charts show them: those that are asked for, known or not. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ...insights.team_use import DayUse, TeamUseReport
from ..figures import iso, number

__all__ = ["asked_days", "cores_of", "day_word", "hours_of", "known_days", "unknown"]

_DAY_H: Final = Decimal(24)


def day_word(instant: datetime) -> str:
    """Name a day: `28 Nov`."""
    return f"{instant.day} {instant:%b}"


def known_days(report: TeamUseReport) -> Sequence[DayUse]:
    """Days of which something is known: what lies before the first booking is not zero but none."""
    first = report.known_since
    if first is None:
        return ()
    return [day for day in report.days if day.start.date() >= first.date()]


def asked_days(report: TeamUseReport) -> list[tuple[datetime, DayUse | None]]:
    """Every day that is asked for, with what is known of it; none where nothing is at all."""
    known = {day.start.date(): day for day in known_days(report)}
    if not known:
        return []
    first = report.since.replace(hour=0, minute=0, second=0, microsecond=0)
    number_of_days = (report.as_of.date() - first.date()).days + 1
    starts = [first + timedelta(days=position) for position in range(number_of_days)]
    return [(start, known.get(start.date())) for start in starts]


def unknown(start: datetime) -> tuple[str, str, None, str]:
    """Keep the place of a day before the first booking."""
    return (iso(start), day_word(start), None, "not known yet")


def hours_of(day: DayUse, now: datetime) -> Decimal:
    """How many hours of a day have passed."""
    passed = Decimal(int((now - day.start).total_seconds())) / 3600
    return min(_DAY_H, passed)


def cores_of(day: DayUse, now: datetime) -> tuple[str, str, float, str]:
    """Draw how many cores were booked on the mean of what has passed of a day."""
    span = hours_of(day, now)
    cores = day.hours.cpu / span if span else Decimal(0)
    return (iso(day.start), day_word(day.start), float(cores), f"{number(cores)} cores")
