"""The list's scope and status, read from the address and written to it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

from ...directory.requests import RequestQuery
from ...domain.actors import Actor
from ...domain.preferences import PAGE_SIZES
from ...domain.requests import RequestKind, RequestStatus
from ..figures import count
from ..routes import Pill, address, number_in
from ..words import word_of

__all__ = ["RequestFilters", "scope_pills", "scoped", "status_pills"]

PATH: Final = "/requests"
_LONGEST: Final = 64
_SCOPES: Final = {"mine": "Mine", "team": "Team", "queue": "Queue", "all": "All"}


@dataclass(frozen=True)
class RequestFilters:
    """What the address asks for; values that mean nothing fall back to the default."""

    scope: str = "all"
    status: str = ""
    kind: str = ""
    team: str = ""
    submission: str = ""
    """Correlation id of one submission, in the address as `set`."""
    page: int = 1
    size: int = PAGE_SIZES[0]
    """Rows on a page: no part of the address, the person prefers it."""

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, size: int = PAGE_SIZES[0]) -> Self:
        """Read the query of an address."""
        scope, status, page = query.get("scope", ""), query.get("status", ""), query.get("page", "")
        kind = query.get("kind", "")
        return cls(
            kind=kind if kind in set(RequestKind) else "",
            team=query.get("team", "")[:_LONGEST],
            submission=query.get("set", "")[:_LONGEST],
            scope=scope if scope in _SCOPES else "all",
            status=status if status in set(RequestStatus) else "",
            page=number_in(page, default=1),
            size=size,
        )

    def address(self) -> str:
        """Write the address; what is the default is left out."""
        return address(
            PATH,
            {
                "scope": "" if self.scope == "all" else self.scope,
                "status": self.status,
                "kind": self.kind,
                "team": self.team,
                "set": self.submission,
                "page": "" if self.page == 1 else str(self.page),
            },
        )

    def request_query(self, actor: Actor) -> RequestQuery:
        """Ask the board for the page."""
        return RequestQuery(
            status=self.status,
            kind=self.kind,
            team=self.team,
            correlation_id=self.submission,
            requested_by=actor.subject if self.scope == "mine" else "",
            teams=frozenset(actor.teams) if self.scope == "team" else None,
            is_open=self.scope == "queue",
            offset=(self.page - 1) * self.size,
            limit=self.size,
        )


def scope_pills(filters: RequestFilters, counts: Mapping[str, int]) -> list[Pill]:
    """Offer whose requests to show, with how many there are beside the other filters."""
    return [
        Pill(
            key,
            f"{label} {count(counts[key])}" if key in counts else label,
            replace(filters, scope=key, page=1).address(),
            filters.scope == key,
        )
        for key, label in _SCOPES.items()
    ]


def scoped(filters: RequestFilters) -> dict[str, RequestFilters]:
    """The same filters for every scope."""
    return {key: replace(filters, scope=key, page=1) for key in _SCOPES}


def status_pills(filters: RequestFilters) -> list[Pill]:
    """Offer which status to show."""
    choices = [("", "Any status"), *((each.value, word_of(each.value)) for each in RequestStatus)]
    return [
        Pill(
            key or "any",
            label,
            replace(filters, status=key, page=1).address(),
            filters.status == key,
        )
        for key, label in choices
    ]
