"""What every view of the page is made of: an answer, a chart, tables. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..axes import Tick, ticks_of

__all__ = ["Bar", "Cell", "Chart", "Line", "Table", "chart_of", "line"]

_LEAST: Final = 3
"""Percent: what is there at all can be seen."""


@dataclass(frozen=True)
class Bar:
    """One column of a chart."""

    key: str
    label: str
    height: int
    """Percent of the tallest."""
    text: str
    raw: str


@dataclass(frozen=True)
class Chart:
    """Columns with a sentence that says what they show. No sentence: there is no data."""

    title: str = ""
    unit: str = ""
    sentence: str = ""
    bars: tuple[Bar, ...] = ()
    first: str = ""
    last: str = ""
    part: str = ""
    """Name of its file among those of the view."""
    ticks: tuple[Tick, ...] = ()
    is_named: bool = False
    """Whether every column bears its label, rather than the first and the last."""


@dataclass(frozen=True)
class Cell:
    """One value of a line, with the head of its column."""

    label: str
    text: str
    raw: str
    key: str


@dataclass(frozen=True)
class Line:
    """One line of a table. An empty address is no link."""

    key: str
    title: str
    href: str
    cells: tuple[Cell, ...]
    is_name: bool = False
    """Whether its title is a name of the cluster."""


@dataclass(frozen=True)
class Table:
    """A table; no title where the view has none."""

    title: str = ""
    note: str = ""
    first: str = ""
    heads: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    empty: str = ""
    part: str = ""
    """Name of its file among those of the view."""


def line(
    key: str,
    title: str,
    href: str,
    cells: Iterable[tuple[str, str, str]],
    *,
    is_name: bool = False,
) -> Line:
    """Fill a line with (head, text, raw value) of each column."""
    return Line(
        key=key,
        title=title,
        href=href,
        cells=tuple(
            Cell(label, text, raw, f"insight-{key}-{label.lower().replace(' ', '-')}")
            for label, text, raw in cells
        ),
        is_name=is_name,
    )


def chart_of(
    title: str,
    unit: str,
    values: Sequence[tuple[str, str, float | None, str]],
    *,
    sentence: str,
    part: str,
    write: Callable[[float], str],
    is_count: bool = False,
    is_named: bool = False,
) -> Chart:
    """Draw (key, label, value, text) of each column; without any there is no data.

    A value of None is not known: its column keeps its place, and is empty.

    Args:
        title: what is drawn.
        unit: in what.
        values: of each column, from the first to the last.
        sentence: what the chart shows.
        part: name of its file among those of the view.
        write: how a value reads at the axis.
        is_count: whether only whole numbers mean something.
        is_named: whether every column bears its label: those of days follow each other anyway.
    """
    tallest = max((value or 0.0 for _, _, value, _ in values), default=0.0)
    if not values:
        return Chart(title=title, unit=unit, part=part)
    bars = tuple(
        Bar(
            key=key,
            label=label,
            height=max(_LEAST, round(100 * value / tallest)) if value else 0,
            text=text,
            raw="" if value is None else str(value),
        )
        for key, label, value, text in values
    )
    return Chart(
        title,
        unit,
        sentence,
        bars,
        bars[0].label,
        bars[-1].label,
        part,
        ticks_of(tallest, write, is_count=is_count),
        is_named,
    )
