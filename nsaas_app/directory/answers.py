"""Answers to queries, kept right by each change for as long as somebody asks for them.

Two hundred pages that show one list cost one answer, and a change costs each answer the same
whatever its length: nothing is searched or sorted anew.
"""

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, Self

from ..domain.names import TeamName
from .query import RowPage, RowQuery
from .rows import NamespaceRow
from .searching import (
    FACETS,
    Gathered,
    arrange,
    failed_facets,
    gather,
    matches_text,
    needle_of,
    order_of,
)

__all__ = ["Answer", "Answers", "Eyes"]

KEPT: Final = 128
"""So many answers are kept right at most; which one was asked for longest ago is let go."""
PAGES_KEPT: Final = 64
"""So many pages of one answer: nobody looks at more at once."""
WANTED_S: Final = 12.0
"""An answer nobody asked for in this time is let go: an open page asks every five seconds."""

Eyes = frozenset[TeamName] | None
"""The teams somebody may see; None sees all."""


class Answer:
    """Every row that matches one query, in its order, with the counts around them."""

    def __init__(self, found: Gathered, query: RowQuery) -> None:
        self._query = query
        self._needle = needle_of(query)
        self._key = order_of(query)
        self._counts, self._all = found.counts, found.all
        self._matches = found.matches
        arrange(self._matches, query)
        self._pages: dict[tuple[int, int], RowPage] = {}

    @classmethod
    def of(cls, rows: Iterable[NamespaceRow], query: RowQuery) -> Self:
        """Look through rows for what matches."""
        return cls(gather(rows, query, needle_of(query)), query)

    def in_order(self, query: RowQuery) -> "Answer":
        """The same matches in the order of a query that differs in nothing else."""
        counts = {facet: dict(counts) for facet, counts in self._counts.items()}
        return Answer(Gathered(self._all, list(self._matches), counts), query)

    def change(self, before: NamespaceRow | None, after: NamespaceRow | None) -> None:
        """Take in how one row was and is; None where it was or is not to be seen."""
        self._pages.clear()
        if before is not None and self._count(before, -1):
            position = bisect_left(self._matches, self._key(before), key=self._key)
            del self._matches[position]
        if after is not None and self._count(after, 1):
            position = bisect_left(self._matches, self._key(after), key=self._key)
            self._matches.insert(position, after)

    def page(self, offset: int, limit: int) -> RowPage:
        """One part of it; the same object for as long as nothing changes."""
        part = (offset, limit)
        if part not in self._pages:
            if len(self._pages) == PAGES_KEPT:
                self._pages.clear()
            self._pages[part] = RowPage(
                items=tuple(self._matches[offset : offset + limit]),
                total=len(self._matches),
                all=self._all,
                facets={facet: dict(counts) for facet, counts in self._counts.items()},
            )
        return self._pages[part]

    def _count(self, row: NamespaceRow, by: int) -> bool:
        """Count a row in or out; tell whether it matches."""
        self._all += by
        if not matches_text(row, self._query, self._needle):
            return False
        failed = failed_facets(row, self._query)
        # A facet counts what would match if only its own filter were lifted.
        for facet in FACETS if not failed else failed if len(failed) == 1 else ():
            counts = self._counts[facet]
            for value in FACETS[facet].values_of(row):
                counts[value] = counts.get(value, 0) + by
                if not counts[value]:
                    del counts[value]
        return not failed


class Answers:
    """The answers that somebody asks for now."""

    def __init__(
        self,
        visible: Callable[[Eyes], Iterable[NamespaceRow]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._visible = visible
        self._clock = clock
        self._answers: dict[tuple[Eyes, RowQuery], tuple[Answer, float]] = {}
        """With when each was asked for last, longest ago first."""

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, query: RowQuery, *, eyes: Eyes) -> RowPage:
        """Answer a query for somebody who sees these teams."""
        self._let_go()
        whole = (eyes, replace(query, offset=0, limit=0))
        known = self._answers.pop(whole, None)
        answer = known[0] if known else self._new(eyes, whole[1])
        self._answers[whole] = (answer, self._clock())
        if len(self._answers) > KEPT:
            del self._answers[next(iter(self._answers))]
        return answer.page(query.offset, query.limit)

    def _new(self, eyes: Eyes, query: RowQuery) -> Answer:
        # Sorting what is shown by another column is no search.
        wanted = _filters(query)
        for (others, asked), (answer, _) in self._answers.items():
            if others == eyes and _filters(asked) == wanted:
                return answer.in_order(query)
        return Answer.of(self._visible(eyes), query)

    def change(self, before: NamespaceRow | None, after: NamespaceRow | None) -> None:
        """Keep every answer right that somebody still asks for."""
        self._let_go()
        for (eyes, _), (answer, _) in self._answers.items():
            was, now = _seen(before, eyes), _seen(after, eyes)
            if was is not None or now is not None:
                answer.change(was, now)

    def _let_go(self) -> None:
        """Drop what nobody asked for of late; it stands first."""
        too_old = self._clock() - WANTED_S
        while self._answers:
            oldest = next(iter(self._answers))
            if self._answers[oldest][1] >= too_old:
                return
            del self._answers[oldest]


def _filters(query: RowQuery) -> RowQuery:
    return replace(query, sort="", is_descending=False)


def _seen(row: NamespaceRow | None, eyes: Eyes) -> NamespaceRow | None:
    return row if row is not None and (eyes is None or row.team in eyes) else None
