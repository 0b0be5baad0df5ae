"""The list's vars, computed from a page of the directory. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from ...directory.query import RowPage
from ..figures import count, iso
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
    text: str
    """The number as people read it."""


@dataclass(frozen=True)
class Facet:
    """One filter. Its values come with the rows; before that it has none."""

    name: str
    label: str
    options: tuple[FacetValue, ...] = ()
    chosen: int = 0


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
            FacetValue(value, _label(name, value), number, value in chosen, count(number))
            for value, number in ((value, counts.get(value, 0)) for value in values)
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
    else:
        counted += " namespace" if page.total == 1 else " namespaces"
    return {
        "total": page.total,
        "all": page.all,
        "counted": counted,
        "matching": f"{count(page.total)} of {count(page.all)}",
        "total_text": count(page.total),
        "pages": pages_of(page.total, filters.size),
        **{
            f"facet_{name}": _facet(
                name, page.facets.get(_FACET_KEYS.get(name, name), {}), filters.chosen.get(name, ())
            )
            for name in FACETS
        },
        "announcement": f"{shown} namespace{'' if page.total == 1 else 's'}",
        "rows": [
            NamespaceLine.from_row(row, is_awaiting=row.name in awaiting) for row in page.items
        ],
    }


def merged(
    shown: Sequence[NamespaceLine],
    fresh: Sequence[NamespaceLine],
    *,
    is_there: Callable[[str], bool],
    now: datetime,
) -> tuple[list[NamespaceLine], int]:
    """Update the shown rows in place while somebody points at them.

    Args:
        shown: the rows as they stand.
        fresh: the rows that would stand there.
        is_there: tells by its name whether a namespace is still there at all.
        now: when those that are not were missed.

    Returns:
        The rows in the order they stand, vanished ones marked, and how many changes wait: rows
        that came, went or moved.
    """
    known = {line.uid: line for line in fresh}
    rows = [known.get(line.uid) or _gone(line, is_there(line.name), now) for line in shown]
    kept = [line.uid for line in shown if line.uid in known]
    came = [line.uid for line in fresh if line.uid not in {each.uid for each in shown}]
    order = [line.uid for line in fresh if line.uid in set(kept)]
    moved = sum(before != after for before, after in zip(kept, order, strict=True))
    return rows, len(came) + (len(shown) - len(kept)) + moved


def _gone(line: NamespaceLine, is_there: bool, now: datetime) -> NamespaceLine:  # noqa: FBT001 - its answer
    deleted_at = "" if is_there else line.deleted_at or iso(now)
    return replace(line, is_gone=True, deleted_at=deleted_at)


def chips_of(filters: Filters) -> list[Chip]:
    """List the active filter values."""
    return [
        Chip(name, value, f"{FACETS[name]}: {_label(name, value)}")
        for name, values in filters.chosen.items()
        for value in values
    ]
