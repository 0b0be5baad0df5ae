"""The numbers beside a chart: nothing, the half where it reads well, and the tallest. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Tick", "ticks_of"]


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
