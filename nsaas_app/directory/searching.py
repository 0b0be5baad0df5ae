"""What a query asks of one row: does it match, what counts it, where does it stand. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from ..domain.environments import Environment
from ..domain.tiers import Tier
from .query import RowQuery
from .rows import NamespaceRow

__all__ = ["FACETS", "SORTS", "Facet", "arrange", "failed_facets", "matches_text", "order_of"]

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
    "team": lambda row: row.team,
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


FACETS: Final[dict[str, Facet]] = {
    "team": Facet(lambda query: query.teams, lambda row: (str(row.team),)),
    "environment": Facet(lambda query: query.environments, lambda row: (row.environment.value,)),
    "tier": Facet(lambda query: query.tiers, lambda row: (row.tier.value,)),
    "state": Facet(lambda query: query.states, lambda row: (row.state.value,)),
    "health": Facet(
        lambda query: query.health, lambda row: (reason.code for reason in row.health.reasons)
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
    rows.sort(key=lambda row: row.name)
    rows.sort(key=SORTS.get(query.sort, SORTS["name"]), reverse=query.is_descending)


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
