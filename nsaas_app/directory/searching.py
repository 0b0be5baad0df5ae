"""Filter, count, sort and cut rows. Pure functions over rows in memory."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from .query import RowPage, RowQuery
from .rows import NamespaceRow

__all__ = ["SORTS", "search"]

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def _ratio(resource: str) -> Callable[[NamespaceRow], float]:
    def read(row: NamespaceRow) -> float:
        use = row.quota.get(resource)
        return use.ratio if use else 0.0

    return read


SORTS: Final[dict[str, Callable[[NamespaceRow], Any]]] = {
    "name": lambda row: row.name,
    "team": lambda row: row.team,
    "environment": lambda row: list(type(row.environment)).index(row.environment),
    "tier": lambda row: list(type(row.tier)).index(row.tier),
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

_FACETS: Final[dict[str, tuple[str, Callable[[NamespaceRow], Iterable[str]]]]] = {
    "team": ("teams", lambda row: (str(row.team),)),
    "environment": ("environments", lambda row: (row.environment.value,)),
    "tier": ("tiers", lambda row: (row.tier.value,)),
    "state": ("states", lambda row: (row.state.value,)),
    "health": ("health", lambda row: (reason.code for reason in row.health.reasons)),
}


def _matches_text(row: NamespaceRow, query: RowQuery, needle: str) -> bool:
    if query.owner and row.owner != query.owner:
        return False
    if not needle:
        return True
    haystack = f"{row.name}\n{row.team}\n{row.owner}\n{row.display_name}\n{row.description}"
    return needle in haystack.lower()


def _failed_facets(row: NamespaceRow, query: RowQuery) -> list[str]:
    """Names of the filters that leave this row out."""
    failed = []
    for facet, (field, values_of) in _FACETS.items():
        wanted: frozenset[str] = getattr(query, field)
        if wanted and wanted.isdisjoint(values_of(row)):
            failed.append(facet)
    return failed


def search(rows: Iterable[NamespaceRow], query: RowQuery) -> RowPage:
    """Answer a query over the rows somebody may see."""
    needle = query.q.strip().lower()
    counts: dict[str, dict[str, int]] = {facet: {} for facet in _FACETS}
    matches, everything = [], 0
    for row in rows:
        everything += 1
        if not _matches_text(row, query, needle):
            continue
        failed = _failed_facets(row, query)
        if not failed:
            matches.append(row)
        # A facet counts what would match if only its own filter were lifted.
        counted = _FACETS if not failed else failed if len(failed) == 1 else ()
        for facet in counted:
            for value in _FACETS[facet][1](row):
                counts[facet][value] = counts[facet].get(value, 0) + 1
    matches.sort(key=lambda row: row.name)
    matches.sort(key=SORTS.get(query.sort, SORTS["name"]), reverse=query.is_descending)
    part = matches[query.offset : query.offset + query.limit]
    return RowPage(items=tuple(part), total=len(matches), all=everything, facets=counts)
