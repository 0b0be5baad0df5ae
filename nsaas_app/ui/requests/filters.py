"""The list's scope and status, read from the address and written to it. Pure."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from ...directory.requests import RequestQuery, Tally
from ...domain.actors import Actor
from ...domain.preferences import PAGE_SIZES
from ...domain.requests import RequestKind, RequestStatus
from ..figures import count
from ..paging import size_in
from ..routes import Pill, address, number_in
from ..words import word_of

__all__ = ["RequestFilters", "scope_pills", "status_pills"]

PATH: Final = "/requests"
_LONGEST: Final = 64
WINDOWS: Final = {
    "24h": ("24 hours", timedelta(hours=24)),
    "7d": ("7 days", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
}
_PERIODS: Final = {"%Y-%m-%d": timedelta(days=1), "%Y-%m-%dT%H": timedelta(hours=1)}
_SCOPES: Final = {"mine": "Mine", "team": "Team", "queue": "Queue", "all": "All"}


@dataclass(frozen=True)
class RequestFilters:
    """What the address asks for; values that mean nothing are dropped and named in `dropped`."""

    scope: str = "all"
    status: str = ""
    kind: str = ""
    team: str = ""
    submission: str = ""
    """Correlation id of one submission, in the address as `set`."""
    window: str = ""
    """Handed in within this time until now; empty for all there are."""
    at: str = ""
    """Handed in on this day, or in this hour, of UTC: `2026-11-24` or `2026-11-24T14`."""
    page: int = 1
    size: int = PAGE_SIZES[0]
    usual: int = PAGE_SIZES[0]
    """The size the person prefers: an address names another one only."""
    dropped: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, usual: int = PAGE_SIZES[0]) -> Self:
        """Read the query of an address."""
        known: dict[str, set[str]] = {
            "scope": set(_SCOPES),
            "status": {each.value for each in RequestStatus},
            "kind": {each.value for each in RequestKind},
            "window": set(WINDOWS),
        }
        asked = {name: query.get(name, "") for name in known}
        meant = {name: value if value in known[name] else "" for name, value in asked.items()}
        at = query.get("at", "")[:13]
        period = at if _period(at) else ""
        odd = [value for name, value in asked.items() if value and not meant[name]]
        odd += [at] if at and not period else []
        return cls(
            kind=meant["kind"],
            team=query.get("team", "")[:_LONGEST],
            submission=query.get("set", "")[:_LONGEST],
            window=meant["window"],
            at=period,
            scope=meant["scope"] or "all",
            status=meant["status"],
            page=number_in(query.get("page", ""), default=1),
            size=size_in(query.get("size", ""), usual),
            usual=usual,
            dropped=tuple(value[:_LONGEST] for value in odd),
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
                "window": self.window,
                "at": self.at,
                "page": "" if self.page == 1 else str(self.page),
                "size": "" if self.size == self.usual else str(self.size),
            },
        )

    def span(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """Since when and until when they were handed in; None where it does not matter."""
        if period := _period(self.at):
            return period
        return (now - WINDOWS[self.window][1], None) if self.window else (None, None)

    @property
    def span_words(self) -> str:
        """The same in words; empty where it does not matter."""
        if period := _period(self.at):
            shape = "%d %b %Y, %H:00 to %H:59 UTC" if "T" in self.at else "%d %b %Y, UTC"
            return f"Handed in on {period[0]:{shape}}."
        return f"Handed in within the last {WINDOWS[self.window][0]}." if self.window else ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is filtered."""
        return replace(self, page=1, size=self.usual, dropped=()) != type(self)(
            size=self.usual, usual=self.usual
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


def _period(text: str) -> tuple[datetime, datetime] | None:
    """Read a day or an hour of UTC; None where it is neither."""
    for shape, length in _PERIODS.items():
        with contextlib.suppress(ValueError, OverflowError):
            start = datetime.strptime(text, shape).replace(tzinfo=UTC)
            return start, start + length
    return None


def scope_pills(filters: RequestFilters, tally: Tally | None) -> list[Pill]:
    """Offer whose requests to show, with how many there are beside the other filters, if known."""
    counts = (
        {}
        if tally is None
        else {"mine": tally.mine, "team": tally.team, "queue": tally.open, "all": tally.total}
    )
    return [
        Pill(
            key,
            f"{label} {count(counts[key])}" if counts else label,
            replace(filters, scope=key, page=1).address(),
            filters.scope == key,
        )
        for key, label in _SCOPES.items()
    ]


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
