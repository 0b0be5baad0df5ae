"""Values of REST as people read them in a terminal: amounts with units, times to the second."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from ..domain.amounts import amount, in_full
from ..domain.quantities import QuantityError

__all__ = ["cell", "moment", "quantity", "use_of"]

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def cell(value: Any) -> str:
    """Write a value of a table: yes or no, an instant to the second, nothing for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value in ([], {}):
        return ""
    text = str(value)
    return moment(text) if _INSTANT.fullmatch(text) else text


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
