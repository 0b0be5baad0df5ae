"""Sleep: when a namespace sleeps by schedule, and what is remembered of one that is asleep.

A schedule is written in local time of an IANA zone and read with that zone's own rules: 07:00 is
07:00 on the wall also after the clocks were changed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import FieldIssue, InvalidFieldsError

__all__ = [
    "NIGHTS_AND_WEEKENDS", "Asleep", "Edge", "SleepCause", "SleepSchedule",
    "SleepWindow", "SleepingWorkload",
]  # fmt: skip

NIGHTS_AND_WEEKENDS: Final = ("Mon-Fri 20:00-07:00", "Sat-Sun", "Sun 20:00-07:00")
"""Outside office hours nobody is there."""
_NIGHTS_IN_WORDS: Final = "weekdays 20:00 to 07:00 and at weekends"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WINDOW: Final = re.compile(r"(?P<days>[A-Za-z,\-]+)(?: +(?P<start>[\d:]+) *- *(?P<end>[\d:]+))?")
_HOURS: Final = re.compile(r"([\d:]+) *- *([\d:]+)")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_IDLE: Final = re.compile(r"idle +(\d{1,3}) ?h")
_IDLE_HOURS: Final = range(1, 24 * 7 + 1)
_MOST_WINDOWS: Final = 14
_MIDNIGHT: Final = "24:00"
_SOME_DAY: Final = date(2024, 1, 1)


class SleepCause(StrEnum):
    """Why a namespace sleeps; it decides what wakes it."""

    PERSON = "person"
    """Until somebody wakes it, or until the moment they named."""
    SCHEDULE = "schedule"
    """Until the window ends."""
    IDLE = "idle"
    """Nobody used it for as long as its schedule says; until somebody wakes it."""
    RELEASE = "release"
    """Until it is restored."""
    CLEANUP = "cleanup"
    """Until the plan that did it is taken back, or somebody wakes or restores it."""


@dataclass(frozen=True, slots=True)
class Asleep:
    """That a namespace sleeps, since when and until when."""

    since: datetime
    cause: SleepCause
    until: datetime | None = None
    """When it wakes by itself; None where nobody named a moment."""

    def to_document(self) -> dict[str, Any]:
        """Write it as JSON types."""
        return {
            "since": self.since.isoformat(),
            "cause": self.cause.value,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what `to_document` wrote."""
        until = document["until"]
        return cls(
            datetime.fromisoformat(document["since"]),
            SleepCause(document["cause"]),
            datetime.fromisoformat(until) if until else None,
        )


def _bad(path: str, message: str) -> InvalidFieldsError:
    return InvalidFieldsError([FieldIssue(path, message)])


def _days_of(text: str, path: str) -> frozenset[int]:
    if text.lower() == "daily":
        return frozenset(range(7))
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        ends = [first, last if dash else first]
        if any(end.capitalize() not in _DAYS for end in ends):
            raise _bad(path, f"{part!r} is no day or range of days such as Mon or Mon-Fri.")
        start, stop = (_DAYS.index(end.capitalize()) for end in ends)
        found.update((start + step) % 7 for step in range((stop - start) % 7 + 1))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class SleepWindow:
    """Hours of some days; one that ends no later than it starts ends on the following day."""

    text: str
    days: frozenset[int]
    """Monday is 0."""
    start: str
    end: str

    @classmethod
    def parse(cls, text: str, path: str = "sleep.asleep") -> Self:
        """Read `Mon-Fri 20:00-07:00`, `Sat,Sun` (whole days) or `daily 22:00-06:00`.

        Raises:
            InvalidFieldsError: it is none of these.
        """
        match = _WINDOW.fullmatch(text.strip())
        if match is None:
            message = f"{text!r} is no window such as Mon-Fri 20:00-07:00 or Sat-Sun."
            raise _bad(path, message)
        start, end = match["start"] or "00:00", match["end"] or _MIDNIGHT
        for clock in (start, end):
            if not _CLOCK.fullmatch(clock):
                raise _bad(path, f"{clock!r} is no time of day such as 07:00.")
        if start == _MIDNIGHT:
            raise _bad(path, "A window starts at 23:59 at the latest.")
        return cls(" ".join(text.split()), _days_of(match["days"], path), start, end)

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins and ends, in UTC, if it begins on this day."""
        is_over_night = self.end != _MIDNIGHT and self.end <= self.start
        begin = _moment(day, self.start, zone)
        return begin, _moment(day + timedelta(days=is_over_night), self.end, zone)


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """Give the instant of a wall clock's time.

    One that the change of the clocks leaves out is read an hour later; of two equal ones the first
    counts.
    """
    if clock == _MIDNIGHT:
        day, clock = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone).astimezone(UTC)


def _is_idle(text: str) -> bool:
    return text.strip().lower().startswith("idle")


def _idle_of(text: str, path: str) -> timedelta:
    match = _IDLE.fullmatch(text.strip().lower())
    if match is None or int(match[1]) not in _IDLE_HOURS:
        message = f"{text!r} is no time without use such as idle 4h, at most {_IDLE_HOURS[-1]}h."
        raise _bad(path, message)
    return timedelta(hours=int(match[1]))


@dataclass(frozen=True, slots=True)
class Edge:
    """A moment at which a schedule sends to sleep, or wakes."""

    at: datetime
    is_asleep: bool
    """Whether it sleeps from then on."""


@dataclass(frozen=True, slots=True)
class SleepSchedule:
    """When a namespace sleeps, in local time."""

    timezone: str
    windows: tuple[SleepWindow, ...]
    idle_after: timedelta | None = None
    """How long nobody may use it before it sleeps, whatever the hour; None where that is free."""

    @classmethod
    def parse(cls, timezone: str, asleep: tuple[str, ...]) -> Self:
        """Read a schedule: windows, and perhaps `idle 4h`.

        Raises:
            InvalidFieldsError: the zone is unknown or a line is neither.
        """
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = f"{timezone!r} is no IANA time zone such as Europe/Berlin."
            raise _bad("sleep.timezone", message) from None
        if not asleep:
            raise _bad("sleep.asleep", "Name at least one window, or leave the schedule out.")
        if len(asleep) > _MOST_WINDOWS:
            raise _bad("sleep.asleep", f"At most {_MOST_WINDOWS} windows.")
        lines = [(f"sleep.asleep[{position}]", text) for position, text in enumerate(asleep)]
        idle = [_idle_of(text, path) for path, text in lines if _is_idle(text)]
        read = (SleepWindow.parse(text, path) for path, text in lines if not _is_idle(text))
        schedule = cls(timezone, tuple(read), min(idle, default=None))
        if schedule.windows and len(list(_spans(schedule, _SOME_DAY))) == 1:
            raise _bad("sleep.asleep", "It would never be awake: leave some hours.")
        return schedule

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read what `to_document` wrote."""
        texts = document["asleep"]
        idle = [_idle_of(text, "sleep.asleep") for text in texts if _is_idle(text)]
        windows = tuple(SleepWindow.parse(text) for text in texts if not _is_idle(text))
        return cls(document["timezone"], windows, min(idle, default=None))

    def to_document(self) -> dict[str, Any]:
        """Write it in the contract's field names."""
        return {"timezone": self.timezone, "asleep": list(self.texts)}

    @property
    def texts(self) -> tuple[str, ...]:
        """Its lines as they are written."""
        hours = int(self.idle_after.total_seconds() // 3600) if self.idle_after else 0
        idle = (f"idle {hours}h",) if hours else ()
        return (*(window.text for window in self.windows), *idle)

    @property
    def in_words(self) -> str:
        """Its lines as people say them, with the zone."""
        texts = tuple(window.text for window in self.windows)
        words = [_HOURS.sub(r"\1 to \2", text) for text in texts]
        if texts == NIGHTS_AND_WEEKENDS:
            words = [_NIGHTS_IN_WORDS]
        if self.idle_after:
            words.append(f"after {int(self.idle_after.total_seconds() // 3600)} h without use")
        return f"{', '.join(words)} ({self.timezone})"

    def is_night(self, now: datetime) -> bool:
        """Whether one of its windows is open."""
        return bool(self.windows) and self.last_edge(now).is_asleep

    def last_edge(self, now: datetime) -> Edge:
        """Give the newest change of sleep by its windows, of which there must be one."""
        edges = self._edges(now)
        return edges[bisect_right(edges, now, key=_at) - 1]

    def next_edge(self, now: datetime) -> Edge:
        """Give the next change of sleep by its windows, of which there must be one."""
        edges = self._edges(now)
        return edges[bisect_right(edges, now, key=_at)]

    def _edges(self, now: datetime) -> tuple[Edge, ...]:
        return _edges_around(self, now.astimezone(ZoneInfo(self.timezone)).date())


def _at(edge: Edge) -> datetime:
    return edge.at


@lru_cache(maxsize=1024)  # Most of a fleet sleeps by the same few schedules, all day long.
def _edges_around(schedule: SleepSchedule, today: date) -> tuple[Edge, ...]:
    """Give the changes of sleep around a day, in their order."""
    spans = _spans(schedule, today)
    return tuple(
        Edge(at, is_asleep)
        for span in spans
        for at, is_asleep in zip(span, (True, False), strict=True)
    )


def _spans(schedule: SleepSchedule, today: date) -> Iterator[tuple[datetime, datetime]]:
    """Give the times asleep around a day, those that touch as one."""
    zone = ZoneInfo(schedule.timezone)
    days = (today + timedelta(days=offset) for offset in range(-9, 10))
    # In the night in which the clocks leave an hour out, a short window may not happen at all.
    spans = sorted(
        span
        for day in days
        for window in schedule.windows
        if day.weekday() in window.days and (span := window.on(day, zone))[0] < span[1]
    )
    begin, end = spans[0]
    for start, stop in spans[1:]:
        if start > end:
            yield begin, end
            begin = start
        end = max(end, stop)
    yield begin, end


@dataclass(frozen=True, slots=True)
class SleepingWorkload:
    """One workload of a namespace that sleeps: what it goes back to, or why it was left alone."""

    kind: str
    name: str
    uid: str = ""
    replicas: int = 0
    """Before it slept; 1 for a CronJob that ran."""
    skipped: str = ""
    """Why it does not sleep; empty when it does."""

    @property
    def identity(self) -> str:
        """`Kind/name`."""
        return f"{self.kind}/{self.name}"
