"""What a query asks of one row: does it match, what counts it, where does it stand. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final, Self

from ..domain.environments import Environment
from ..domain.tiers import Tier
from .query import RowQuery
from .rows import NamespaceRow

__all__ = [
    "FACETS",
    "SORTS",
    "Facet",
    "Gathered",
    "arrange",
    "failed_facets",
    "gather",
    "matches_text",
    "needle_of",
    "order_of",
]

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_ENVIRONMENTS: Final = {each: position for position, each in enumerate(Environment)}
_TIERS: Final = {each: position for position, each in enumerate(Tier)}


def _ratio(resource: str) -> Callable[[NamespaceRow], float]:
    def read(row: NamespaceRow) -> float:
        use = row.quota.get(resource)
        return use.ratio if use else 0.0

    return read


SORTS: Final[dict[str, Callable[[NamespaceRow], Any]]] = {
    "name": lambda row: row.name,
    "team": attrgetter("team.text"),
    "environment": lambda row: _ENVIRONMENTS[row.environment],
    "tier": lambda row: _TIERS[row.tier],
    "state": lambda row: row.state.value,
    "owner": lambda row: row.owner,
    "created": lambda row: row.created_at,
    "expires": lambda row: row.expires_at or _NEVER,
    "cpu": _ratio("requests.cpu"),
    "memory": _ratio("requests.memory"),
    "pods": _ratio("pods"),
    "health": lambda row: row.health.score,
}
"""Every column a list can be sorted by. Ties go by name."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter whose values are counted."""

    wanted_by: Callable[[RowQuery], frozenset[str]]
    values_of: Callable[[NamespaceRow], Iterable[str]]
    tally: Callable[[Iterable[NamespaceRow]], Counter[str]]
    """Counts the values of many rows: the same by far less work for each."""


def _single(wanted_by: Callable[[RowQuery], frozenset[str]], path: str) -> Facet:
    """A filter of which each row has one value."""
    read: Callable[[NamespaceRow], str] = attrgetter(path)
    return Facet(wanted_by, lambda row: (read(row),), lambda rows: Counter(map(read, rows)))


# The plain text behind a member: its hash needs no call.
FACETS: Final[dict[str, Facet]] = {
    "team": _single(lambda query: query.teams, "team.text"),
    "environment": _single(lambda query: query.environments, "environment._value_"),
    "tier": _single(lambda query: query.tiers, "tier._value_"),
    "state": _single(lambda query: query.states, "state._value_"),
    "health": Facet(
        lambda query: query.health,
        lambda row: (reason.code for reason in row.health.reasons),
        lambda rows: Counter(reason.code for row in rows for reason in row.health.reasons),
    ),
}


class _Turned:
    """A value that stands the other way round in an order."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Turned) and bool(self.value == other.value)

    def __lt__(self, other: Self) -> bool:
        return bool(other.value < self.value)

    __hash__ = None  # type: ignore[assignment]  # only ever compared


def order_of(query: RowQuery) -> Callable[[NamespaceRow], tuple[Any, str]]:
    """Give the key by which the matches stand; no two rows have the same."""
    key = SORTS.get(query.sort, SORTS["name"])
    if query.is_descending:
        return lambda row: (_Turned(key(row)), row.name)
    return lambda row: (key(row), row.name)


def arrange(rows: list[NamespaceRow], query: RowQuery) -> None:
    """Sort rows by the query's order, many at once."""
    # Twice by plain values is much faster than once by turned ones.
    rows.sort(key=attrgetter("name"))
    if query.sort == "name" and not query.is_descending:
        return
    rows.sort(key=SORTS.get(query.sort, SORTS["name"]), reverse=query.is_descending)


def needle_of(query: RowQuery) -> str:
    """The text to look for."""
    return query.q.strip().lower()


def matches_text(row: NamespaceRow, query: RowQuery, needle: str) -> bool:
    """Whether a row has the owner and, somewhere in its texts, the needle in lower case."""
    if query.owner and row.owner != query.owner:
        return False
    if not needle:
        return True
    haystack = f"{row.name}\n{row.team}\n{row.owner}\n{row.display_name}\n{row.description}"
    return needle in haystack.lower()


def failed_facets(row: NamespaceRow, query: RowQuery) -> list[str]:
    """Names of the filters that leave a row out."""
    failed = []
    for name, facet in FACETS.items():
        wanted = facet.wanted_by(query)
        if wanted and wanted.isdisjoint(facet.values_of(row)):
            failed.append(name)
    return failed


@dataclass(frozen=True, slots=True)
class Gathered:
    """What many rows are to one query."""

    all: int
    matches: list[NamespaceRow]
    counts: dict[str, dict[str, int]]
    """Per filter, how many would match for each value if only that filter were lifted."""


def gather(rows: Iterable[NamespaceRow], query: RowQuery, needle: str) -> Gathered:
    """Hold many rows against a query at once; the same as one by one, by far less work for each."""
    seen = list(rows)
    found = seen
    if query.owner or needle:
        found = [row for row in seen if matches_text(row, query, needle)]
    matches, but_for = _sifted(found, query)
    counts = {
        name: dict(facet.tally([*matches, *but_for.get(name, ())]))
        for name, facet in FACETS.items()
    }
    return Gathered(len(seen), matches, counts)


def _sifted(
    rows: list[NamespaceRow], query: RowQuery
) -> tuple[list[NamespaceRow], dict[str, list[NamespaceRow]]]:
    """Tell the matches, and per filter the rows that it alone leaves out."""
    if not any(facet.wanted_by(query) for facet in FACETS.values()):
        return list(rows), {}
    matches, but_for = [], dict[str, list[NamespaceRow]]()
    for row in rows:
        failed = failed_facets(row, query)
        if not failed:
            matches.append(row)
        elif len(failed) == 1:
            but_for.setdefault(failed[0], []).append(row)
    return matches, but_for
