"""The list's vars, computed from a page of the directory. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...directory.query import RowPage
from ..figures import count
from ..namespace_views import NamespaceLine
from ..paging import pages_of, span_words
from ..words import word_of
from .filters import FACETS, Filters

__all__ = ["Chip", "Facet", "FacetValue", "chips_of", "list_vars", "merged"]

_FACET_KEYS: Final = {"env": "environment"}
"""Where the address has a shorter word than the directory."""


@dataclass(frozen=True)
class FacetValue:
    """One value of a filter with the number of rows it would show."""

    value: str
    label: str
    number: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """One filter."""

    name: str
    label: str
    options: tuple[FacetValue, ...]
    chosen: int


@dataclass(frozen=True)
class Chip:
    """One active filter value."""

    name: str
    value: str
    label: str


def _label(name: str, value: str) -> str:
    return value if name == "team" else word_of(value)


def _facet(name: str, counts: Mapping[str, int], chosen: Sequence[str]) -> Facet:
    values = sorted(set(counts) | set(chosen))
    return Facet(
        name=name,
        label=FACETS[name],
        options=tuple(
            FacetValue(value, _label(name, value), counts.get(value, 0), value in chosen)
            for value in values
        ),
        chosen=len(chosen),
    )


def list_vars(page: RowPage, filters: Filters, awaiting: Collection[str] = ()) -> dict[str, object]:
    """Compute what a page shows: its rows, and the counts, facets and pager around them.

    Args:
        page: of the directory.
        filters: what the address asks for.
        awaiting: names whose request waits for approval.
    """
    shown = counted = span_words(filters.page, filters.size, page.total)
    if filters.is_narrowed:
        counted += f" that match, {count(page.all)} in all"
    return {
        "total": page.total,
        "all": page.all,
        "counted": counted,
        "pages": pages_of(page.total, filters.size),
        "facets": [
            _facet(
                name, page.facets.get(_FACET_KEYS.get(name, name), {}), filters.chosen.get(name, ())
            )
            for name in FACETS
        ],
        "announcement": f"{shown} namespaces",
        "rows": [
            NamespaceLine.from_row(row, is_awaiting=row.name in awaiting) for row in page.items
        ],
    }


def merged(
    shown: Sequence[NamespaceLine], fresh: Sequence[NamespaceLine]
) -> tuple[list[NamespaceLine], int]:
    """Update the shown rows in place while somebody points at them.

    Returns:
        The rows in the order they stand, vanished ones marked, and how many changes wait: rows
        that came, went or moved.
    """
    now = {line.uid: line for line in fresh}
    rows = [now.get(line.uid) or replace(line, is_gone=True) for line in shown]
    kept = [line.uid for line in shown if line.uid in now]
    came = [line.uid for line in fresh if line.uid not in {each.uid for each in shown}]
    order = [line.uid for line in fresh if line.uid in set(kept)]
    moved = sum(before != after for before, after in zip(kept, order, strict=True))
    return rows, len(came) + (len(shown) - len(kept)) + moved


def chips_of(filters: Filters) -> list[Chip]:
    """List the active filter values."""
    return [
        Chip(name, value, f"{FACETS[name]}: {_label(name, value)}")
        for name, values in filters.chosen.items()
        for value in values
    ]
