"""Questions to the board of requests: filters, page, and what comes back."""

from dataclasses import dataclass
from datetime import datetime

from ..domain.names import TeamName
from ..domain.requests import ProvisioningRequest

__all__ = ["RequestPage", "RequestQuery", "Tally"]


@dataclass(frozen=True, slots=True)
class RequestQuery:
    """Which requests. Empty filters match everything."""

    status: str = ""
    team: str = ""
    kind: str = ""
    namespace: str = ""
    requested_by: str = ""
    offset: int = 0
    limit: int = 20
    correlation_id: str = ""
    """Of one submission: a set of namespaces shares it."""
    teams: frozenset[TeamName] | None = None
    """Only of these teams; None is of any."""
    is_open: bool = False
    """Only those that have not ended, the oldest first: who waits longest is on top."""
    since: datetime | None = None
    """Only those handed in at this instant or later."""
    until: datetime | None = None
    """Only those handed in before this instant."""


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One part of the matches, newest first."""

    items: tuple[ProvisioningRequest, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many requests there are, by whose they are and whether they have ended."""

    total: int
    mine: int
    team: int
    open: int
