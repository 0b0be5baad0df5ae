"""Values of REST as people read them in a terminal: amounts with units, times to the minute."""

from datetime import UTC, datetime
from typing import Any

from ..domain.amounts import amount, in_full
from ..domain.quantities import QuantityError

__all__ = ["moment", "quantity", "use_of", "yes_no"]


def moment(instant: str | None) -> str:
    """Write an instant in UTC, to the second; empty when there is none."""
    if not instant:
        return ""
    return f"{datetime.fromisoformat(instant).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def quantity(resource: str, value: Any) -> str:
    """Write a quantity with its unit; what is no quantity stays as it is."""
    try:
        return in_full(resource, str(value)) if value not in (None, "") else ""
    except QuantityError:
        return str(value)


def use_of(resource: str, used: Any, hard: Any) -> str:
    """Write what is used of how much, with one unit: `0.4 of 2 CPU`, `50m of 2 CPU`."""
    try:
        return f"{amount(resource, str(used))} of {in_full(resource, str(hard))}"
    except QuantityError:
        return f"{used} of {hard}"


def yes_no(value: Any) -> str:
    """Write a truth as a word."""
    return "yes" if value else "no"
