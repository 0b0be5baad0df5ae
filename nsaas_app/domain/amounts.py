"""Amounts as people read them, with their unit: the same words on pages, in mail and commands."""

from decimal import Decimal
from typing import Final

from .quantities import parse_quantity

__all__ = ["amount", "in_full", "number", "unit_of"]

_GIBIBYTE: Final = Decimal(2) ** 30
_MEBIBYTE: Final = Decimal(2) ** 20
_SMALL_CPU: Final = Decimal("0.1")


def number(value: Decimal) -> str:
    """Write a decimal with at most two digits after the point, and none that say nothing."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text or "0"


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


def in_full(resource: str, quantity: str | Decimal) -> str:
    """Write a quantity with its unit: `1.2 CPU`, `50m`, `1.9 Gi`, `10`."""
    text = amount(resource, quantity)
    # What is written in m or Mi bears its unit already.
    return text if text[-1].isalpha() else f"{text} {unit_of(resource)}".rstrip()
