"""Figures: numbers as people read them, with their unit. Exact, and the same on every page."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from ..domain.quantities import parse_quantity

__all__ = [
    "NOTHING",
    "amount",
    "count",
    "duration",
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
_GIBIBYTE: Final = Decimal(2) ** 30
_MEBIBYTE: Final = Decimal(2) ** 20
_SMALL_CPU: Final = Decimal("0.1")


def count(number: int) -> str:
    """Write a whole number with thousands separators."""
    return f"{number:,}"


def number(value: Decimal) -> str:
    """Write a decimal with at most two digits after the point, and none that say nothing."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text or "0"


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


def unit_of(resource: str) -> str:
    """Name the unit a resource is counted in; empty for plain counts."""
    if resource.endswith("cpu"):
        return "CPU"
    if resource.endswith(("memory", "storage", "ephemeral-storage")):
        return "Gi"
    return ""


def amount(resource: str, quantity: str | Decimal) -> str:
    """Write a quantity of a resource without its unit: cores (small ones in m), Gi, or a count."""
    value = parse_quantity(quantity) if isinstance(quantity, str) else quantity
    match unit_of(resource):
        case "CPU":
            return f"{value * 1000:.0f}m" if 0 < value < _SMALL_CPU else number(value)
        case "Gi":
            small = 0 < value < _GIBIBYTE / 100
            return f"{number(value / _MEBIBYTE)}Mi" if small else number(value / _GIBIBYTE)
        case _:
            return number(value)


def iso(instant: datetime | None) -> str:
    """Write an instant for machines (RFC 3339, UTC); empty when there is none."""
    if instant is None:
        return ""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_text(instant: datetime | None) -> str:
    """Write an instant for people in UTC; empty when there is none."""
    return "" if instant is None else f"{instant.astimezone(UTC):%d %b %Y, %H:%M:%S} UTC"
