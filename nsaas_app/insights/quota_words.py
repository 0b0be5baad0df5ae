"""A quota's refusal taken apart: which resource was short, and by how much. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..domain.amounts import in_full
from ..domain.quantities import QuantityError, parse_quantity, written
from ..domain.resource_words import resource_in_words
from .limit_words import limit_trouble

__all__ = ["Shortfall", "in_words", "shortfalls"]

_QUOTA: Final = re.compile(
    r"requested: (?P<requested>\S+), used: (?P<used>\S+), limited: (?P<hard>\S+)"
)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One resource of the quota that a refused object would have gone beyond."""

    resource: str
    requested: str
    used: str
    hard: str
    short_by: str


def shortfalls(message: str) -> tuple[Shortfall, ...]:
    """Read from a quota's refusal what was short, and by how much."""
    match = _QUOTA.search(message)
    if match is None:
        return ()
    requested, used, hard = (_amounts(match[part]) for part in ("requested", "used", "hard"))
    try:
        return tuple(
            Shortfall(
                resource,
                amount,
                used[resource],
                hard[resource],
                _short_by(resource, amount, used[resource], hard[resource]),
            )
            for resource, amount in requested.items()
            if resource in used and resource in hard
        )
    except QuantityError:
        return ()


def _amounts(text: str) -> dict[str, str]:
    pairs = (part.rpartition("=") for part in text.split(","))
    return {resource: amount for resource, _, amount in pairs if resource}


def _short_by(resource: str, requested: str, used: str, hard: str) -> str:
    short = parse_quantity(requested) + parse_quantity(used) - parse_quantity(hard)
    return written(resource, max(short, Decimal(0)))


def in_words(message: str) -> str:
    """Say shortly what a refusal says at length; other messages stay as they are."""
    trouble = limit_trouble(message)
    if trouble is not None:
        return f"{trouble.cause} {trouble.fix}"
    found = [one for one in shortfalls(message) if one.short_by != "0"]
    if not found:
        return message
    words = ", ".join(
        f"{resource_in_words(one.resource)} by {in_full(one.resource, one.short_by)}"
        for one in found
    )
    return f"The quota is used up, so pods are missing. Short: {words}."
