"""List prices: what a month of a tier's requests costs, with source and date beside the number."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from .teams import Resources

__all__ = ["LIST_PRICES", "Cost", "Prices", "hours_cost", "monthly_cost"]

HOURS_A_MONTH: Final = Decimal(730)
_GIB: Final = Decimal(2) ** 30
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices per hour in US dollars, and where they come from."""

    cpu_core: Decimal
    memory_gib: Decimal
    storage_gib: Decimal
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Cost:
    """A sum that says what it is made of."""

    monthly: Decimal
    """US dollars, rounded to cents."""
    basis: str
    source: str
    as_of: date


LIST_PRICES: Final = Prices(
    cpu_core=Decimal("0.031611"),
    memory_gib=Decimal("0.004237"),
    storage_gib=Decimal("0.0000548"),
    source="OpenCost default prices",
    as_of=date(2026, 11, 1),
)


def hours_cost(hours: Resources, *, prices: Prices = LIST_PRICES) -> Decimal:
    """Price core hours and byte hours that were booked: US dollars, rounded to cents."""
    return _price(hours, prices).quantize(_CENT)


def _price(amount: Resources, prices: Prices) -> Decimal:
    return (
        amount.cpu * prices.cpu_core
        + amount.memory / _GIB * prices.memory_gib
        + amount.storage / _GIB * prices.storage_gib
    )


def monthly_cost(amount: Resources, *, prices: Prices = LIST_PRICES) -> Cost:
    """Price what a namespace may request for a month of 730 hours."""
    return Cost(
        monthly=(_price(amount, prices) * HOURS_A_MONTH).quantize(_CENT),
        basis="requests of CPU, memory and storage at list price, 730 h",
        source=prices.source,
        as_of=prices.as_of,
    )
