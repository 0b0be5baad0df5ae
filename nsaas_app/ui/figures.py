"""Figures: numbers as people read them, with their unit. Exact, and the same on every page."""

from datetime import UTC, datetime
from typing import Final

from ..domain.amounts import amount, in_full, number, unit_of

__all__ = [
    "NOTHING",
    "amount",
    "count",
    "duration",
    "in_full",
    "iso",
    "number",
    "percent",
    "unit_of",
    "utc_text",
]

NOTHING: Final = "\u2013"
"""Stands where a list has no value to show."""

_SECOND_MS: Final = 1000
_MINUTE_S: Final = 60
_HOUR_MIN: Final = 60
_DAY_H: Final = 24


def count(number: int) -> str:
    """Write a whole number with thousands separators."""
    return f"{number:,}"


def duration(milliseconds: float) -> str:
    """Write a span: `850 ms`, `2.1 s`, `4 min 12 s`, `3 h 5 min`, `2 d 4 h`."""
    if milliseconds < _SECOND_MS:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / _SECOND_MS
    if seconds < _MINUTE_S:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE_S)
    if minutes < _HOUR_MIN:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, _HOUR_MIN)
    if hours < _DAY_H:
        return f"{hours} h {minutes} min"
    return f"{hours // _DAY_H} d {hours % _DAY_H} h"


def percent(ratio: float) -> str:
    """Write a ratio as percent: one digit after the point unless it is whole."""
    text = f"{ratio * 100:.1f}".removesuffix(".0")
    return f"{text} %"


def iso(instant: datetime | None) -> str:
    """Write an instant for machines (RFC 3339, UTC); empty when there is none."""
    if instant is None:
        return ""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_text(instant: datetime | None) -> str:
    """Write an instant for people in UTC; empty when there is none."""
    return "" if instant is None else f"{instant.astimezone(UTC):%d %b %Y, %H:%M:%S} UTC"
