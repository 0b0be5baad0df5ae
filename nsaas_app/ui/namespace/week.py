"""The week as a grid of hours: a sleep schedule read from its lines, and written as lines. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ...domain.errors import InvalidFieldsError
from ...domain.sleep import SleepWindow

__all__ = ["WeekCell", "WeekDay", "toggled", "week_of", "written_week"]

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY: Final = 24
_WEEK: Final = _DAY * len(_DAYS)
_IDLE: Final = "idle"

Hours = list[bool]
"""Of a week from Monday 00:00: whether it sleeps."""


@dataclass(frozen=True)
class WeekCell:
    """One hour."""

    key: str
    label: str
    hour: int
    is_asleep: bool


@dataclass(frozen=True)
class WeekDay:
    """One day of the grid."""

    name: str
    number: int
    cells: tuple[WeekCell, ...]


def week_of(lines: Iterable[str]) -> list[WeekDay]:
    """Show when a schedule sleeps; an hour counts as soon as a part of it does."""
    hours = _hours(lines)
    return [
        WeekDay(
            name,
            number,
            tuple(
                WeekCell(
                    f"{name}-{hour:02}",
                    f"{name} {hour:02}:00",
                    hour,
                    hours[number * _DAY + hour],
                )
                for hour in range(_DAY)
            ),
        )
        for number, name in enumerate(_DAYS)
    ]


def toggled(lines: Sequence[str], day: int, hour: int) -> list[str]:
    """Turn one hour over and write the schedule anew in whole hours; other lines stay."""
    hours = _hours(lines)
    at = (day * _DAY + hour) % _WEEK
    hours[at] = not hours[at]
    kept = [line for line in lines if line.strip().lower().startswith(_IDLE)]
    return [*written_week(hours), *kept]


def _hours(lines: Iterable[str]) -> Hours:
    hours = [False] * _WEEK
    for line in lines:
        if not line.strip() or line.strip().lower().startswith(_IDLE):
            continue
        try:
            window = SleepWindow.parse(line)
        except InvalidFieldsError:
            # The rule says it at the field.
            continue
        for day in window.days:
            for hour in _span(window):
                hours[(day * _DAY + hour) % _WEEK] = True
    return hours


def _span(window: SleepWindow) -> range:
    first, begin = _clock(window.start)
    last, rest = _clock(window.end)
    end = last + bool(rest)
    is_over_night = (last, rest) <= (first, begin)
    return range(first, end + _DAY if is_over_night else end)


def _clock(text: str) -> tuple[int, int]:
    hour, _, minute = text.partition(":")
    return int(hour), int(minute)


def written_week(hours: Hours) -> list[str]:
    """Write hours as few lines: nights over midnight, whole days, equal days together."""
    spans: dict[tuple[int, int], list[int]] = {}
    for start, length in _runs(hours):
        for day, span in _pieces(start, length):
            spans.setdefault(span, []).append(day)
    return [_line(sorted(days), span) for span, days in spans.items()]


def _runs(hours: Hours) -> list[tuple[int, int]]:
    """Each unbroken time asleep: where it begins, and how many hours it has."""
    if all(hours):
        return [(0, _WEEK)]
    # The week is a circle: it is read from an hour that is awake.
    awake = hours.index(False)
    runs: list[tuple[int, int]] = []
    length = 0
    for step in range(1, _WEEK + 1):
        if hours[(awake + step) % _WEEK]:
            length += 1
        elif length:
            runs.append(((awake + step - length) % _WEEK, length))
            length = 0
    return sorted(runs)


def _pieces(start: int, length: int) -> list[tuple[int, tuple[int, int]]]:
    """Cut a time asleep into windows, each of at most a day."""
    pieces = []
    while length:
        day, hour = divmod(start % _WEEK, _DAY)
        to_midnight = _DAY - hour
        if length <= to_midnight:
            taken, end = length, hour + length
        elif length <= _DAY:
            taken, end = length, length - to_midnight
        else:
            taken, end = to_midnight, _DAY
        pieces.append((day, (hour, end)))
        start, length = start + taken, length - taken
    return pieces


def _line(days: list[int], span: tuple[int, int]) -> str:
    named = _named(days)
    return named if span == (0, _DAY) else f"{named} {span[0]:02}:00-{span[1]:02}:00"


def _named(days: list[int]) -> str:
    parts: list[list[int]] = []
    for day in days:
        if parts and parts[-1][-1] == day - 1:
            parts[-1].append(day)
        else:
            parts.append([day])
    return ",".join(
        _DAYS[part[0]] if len(part) == 1 else f"{_DAYS[part[0]]}-{_DAYS[part[-1]]}"
        for part in parts
    )
