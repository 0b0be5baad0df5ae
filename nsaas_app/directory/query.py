"""Questions to the directory: filters, sort, page, and what comes back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .outcomes import NOTHING_ENDED, Performance
from .rows import NamespaceRow

__all__ = ["Freshness", "KindAge", "Liveness", "RowPage", "RowQuery", "Summary"]


@dataclass(frozen=True, slots=True)
class RowQuery:
    """Which rows, in which order, which part. Empty filters match everything."""

    q: str = ""
    """Matches name, team, owner, description as a substring, case-insensitive."""
    teams: frozenset[str] = frozenset()
    environments: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    health: frozenset[str] = frozenset()
    """Codes of health reasons."""
    owner: str = ""
    sort: str = "name"
    """name team environment tier state owner created expires cpu memory pods health"""
    is_descending: bool = False
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class RowPage:
    """One part of the matches with the counts around it."""

    items: tuple[NamespaceRow, ...]
    total: int
    """Matches of the query the actor may see."""
    all: int
    """Everything the actor may see, without filters."""
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    """Per filter field, value → how many rows match when only the other filters apply."""


class Liveness(StrEnum):
    """How fresh the picture of the cluster is."""

    LIVE = "live"
    DELAYED = "delayed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class KindAge:
    """How old the picture of one kind of objects is."""

    kind: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Freshness:
    """The age of the picture: the oldest last contact over all watches and the probe."""

    liveness: Liveness
    as_of: datetime | None
    """None before the first contact."""
    reason: str = ""
    """Why it is not live, in the client's words."""
    stale_kinds: tuple[KindAge, ...] = ()
    """The kinds that are too old, longest ago first; empty unless it is stale."""
    kinds: int = 0
    """How many kinds there are in all."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The headline numbers for one actor."""

    as_of: datetime
    window: timedelta
    """Of the numbers that come from stored requests."""
    namespaces: int | None
    """None until the cluster was listed."""
    active_deployments: int | None
    """None as long as the cluster has not shown any, or does not let us see them."""
    success_rate: float | None
    """0 to 1 over `n` ended provision requests; None where there is none."""
    n: int
    provision_time_avg_ms: float | None
    provision_time_p95_ms: float | None
    before: Performance = NOTHING_ENDED
    """The same three of the window before."""
    made: int = 0
    deleted: int = 0
    """How many namespaces came and went in the window by requests."""
