"""The numbers beside a chart: nothing, the half where it reads well, and the top. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log10
from typing import Final

__all__ = ["Tick", "ticks_of", "top_of"]

_ROUND: Final = (1, 2, 4, 6, 8, 10)
"""Times a power of ten: a top of these reads well, as its half does."""


@dataclass(frozen=True)
class Tick:
    """One number of an upright axis."""

    text: str
    raw: str
    """The same for machines, in the unit of what is drawn."""


def ticks_of(
    tallest: float, write: Callable[[float], str], *, is_count: bool = False
) -> tuple[Tick, ...]:
    """Number an axis from top to bottom, spread evenly. Nothing where nothing is drawn.

    Args:
        tallest: what the top of the chart stands for.
        write: how a value reads, with its unit where the chart has none for all.
        is_count: whether only whole numbers mean something.
    """
    if tallest <= 0:
        return ()
    half = tallest / 2
    values = [tallest, half, 0.0] if not is_count or half.is_integer() else [tallest, 0.0]
    return tuple(Tick(write(value), f"{value:g}") for value in values)


def top_of(tallest: float) -> float:
    """Give the round number an axis ends at: it stays while the tallest value grows a little."""
    if tallest <= 0:
        return 0.0
    unit = 10.0 ** floor(log10(tallest))
    return next(step * unit for step in _ROUND if step * unit >= tallest)
