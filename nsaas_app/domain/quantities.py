"""Kubernetes quantities: parse, compare by value, write back the short way."""

import re
from decimal import ROUND_UP, Context, Decimal
from functools import lru_cache
from typing import Final

__all__ = ["QuantityError", "binary", "cores", "parse_quantity", "written"]

_SUFFIXES: Final[dict[str, Decimal]] = {
    "n": Decimal(10) ** -9,
    "u": Decimal(10) ** -6,
    "m": Decimal(10) ** -3,
    "": Decimal(1),
    "k": Decimal(10) ** 3,
    "M": Decimal(10) ** 6,
    "G": Decimal(10) ** 9,
    "T": Decimal(10) ** 12,
    "P": Decimal(10) ** 15,
    "E": Decimal(10) ** 18,
    "Ki": Decimal(2) ** 10,
    "Mi": Decimal(2) ** 20,
    "Gi": Decimal(2) ** 30,
    "Ti": Decimal(2) ** 40,
    "Pi": Decimal(2) ** 50,
    "Ei": Decimal(2) ** 60,
}
_QUANTITY: Final = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?", re.ASCII
)
_LARGEST: Final = Decimal(2**63 - 1)
_SMALLEST: Final = Decimal("1E-9")
_ARITHMETIC: Final = Context(prec=60, rounding=ROUND_UP, traps=[])
"""Precise enough for every quantity; an exponent beyond all bounds is infinite, not an error."""


class QuantityError(ValueError):
    """The text is no Kubernetes quantity."""


@lru_cache(maxsize=4096)  # A fleet writes the same few hundred quantities again and again.
def parse_quantity(text: str | float) -> Decimal:
    """Give the value of a quantity: cores for CPU, bytes for memory and storage.

    Grammar: resource.Quantity of k8s.io/apimachinery (decimal and binary suffixes, exponent). Like
    there, what is too large is capped at 2^63-1 and what is finer than a billionth is rounded up:
    an administrator's odd quota must not stop the portal from reading it.

    Raises:
        QuantityError: when the text does not follow the grammar.
    """
    match = _QUANTITY.fullmatch(str(text))
    if match is None:
        raise QuantityError(f"{text!r} is no quantity; write 500m, 2, 1.5Gi or 200M")
    number, exponent, suffix = match.groups()
    amount = _ARITHMETIC.create_decimal(number + (exponent or ""))
    value = max(-_LARGEST, min(_LARGEST, _ARITHMETIC.multiply(amount, _SUFFIXES[suffix or ""])))
    rounded = _ARITHMETIC.quantize(value, _SMALLEST)
    return value if value == rounded else rounded


def cores(value: Decimal) -> str:
    """Write CPU the way Kubernetes does: `2`, `500m`."""
    milli = (value * 1000).to_integral_value(rounding="ROUND_UP")
    return str(milli // 1000) if milli % 1000 == 0 else f"{milli}m"


def binary(value: Decimal) -> str:
    """Write bytes with the largest binary suffix that stays exact: `2Gi`, `1536Mi`."""
    whole = int(value.to_integral_value(rounding="ROUND_UP"))
    for suffix in ("Ti", "Gi", "Mi", "Ki"):
        unit = int(_SUFFIXES[suffix])
        if whole and whole % unit == 0:
            return f"{whole // unit}{suffix}"
    return str(whole)


def written(resource: str, value: Decimal) -> str:
    """Write an amount of a resource of a quota: CPU, bytes, or a whole number of objects."""
    if resource.endswith("cpu"):
        return cores(value)
    return binary(value) if resource.endswith(("memory", "storage")) else str(int(value))
