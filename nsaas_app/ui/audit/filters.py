"""The log's filters, read from the address and written to it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Self, cast
from zoneinfo import ZoneInfo

from ...domain.audit import AuditFilter, Outcome
from ...domain.preferences import PAGE_SIZES
from ..paging import size_in
from ..routes import Pill, address, number_in
from ..words import word_of

__all__ = ["FIELDS", "PATH", "AuditFilters", "Chip", "chips_of", "outcome_pills", "window_pills"]

PATH: Final = "/audit"
MAX_TEXT: Final = 100
_LONGEST_NUMBER: Final = 9
"""Digits of an entry's number: logs reach millions."""
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9000
_WINDOWS: Final = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
_WINDOW_LABELS: Final = {"24h": "24 hours", "7d": "7 days", "30d": "30 days", "": "All time"}
_WORDS: Final = {
    "actor": "By",
    "action": "Action",
    "team": "Team",
    "namespace": "Namespace",
    "first": "From",
    "last": "To",
}
_NAMES: Final = {"first": "from", "last": "to"}
"""What the address calls them, where it is another word."""
_DAYS: Final = ("first", "last")


@dataclass(frozen=True)
class Chip:
    """One active filter, with the address without it."""

    key: str
    label: str
    href: str


@dataclass(frozen=True)
class AuditFilters:
    """What the address asks for; values that mean nothing fall back to the default."""

    q: str = ""
    actor: str = ""
    action: str = ""
    team: str = ""
    namespace: str = ""
    outcome: str = ""
    window: str = ""
    first: str = ""
    last: str = ""
    """First and last day, as `2026-11-28`, in the time zone of who asks."""
    page: int = 1
    size: int = PAGE_SIZES[0]
    usual: int = PAGE_SIZES[0]
    """The size the person prefers: an address names another one only."""
    event: int = 0
    """Number of the entry that is open."""

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, usual: int = PAGE_SIZES[0]) -> Self:
        """Read the query of an address."""
        texts = {name: query.get(_NAMES.get(name, name), "")[:MAX_TEXT] for name in ("q", *_WORDS)}
        texts |= {name: texts[name] if _day(texts[name]) else "" for name in _DAYS}
        outcome, window, event = (query.get(name, "") for name in ("outcome", "window", "event"))
        return cls(
            **texts,
            outcome=outcome if outcome in set(Outcome) else "",
            window=window if window in _WINDOWS else "",
            page=number_in(query.get("page", ""), default=1),
            size=size_in(query.get("size", ""), usual),
            usual=usual,
            event=int(event) if _is_number(event) else 0,
        )

    def address(self) -> str:
        """Write the address; what is the default is left out."""
        part = {
            "page": "" if self.page == 1 else str(self.page),
            "size": "" if self.size == self.usual else str(self.size),
        }
        return address(PATH, self._query() | part)

    def export_address(self, form: str, *, now: datetime, zone: str = "") -> str:
        """Where all that match can be downloaded."""
        no_filters = ("event", "window", *_NAMES.values())
        query = {key: text for key, text in self._query().items() if key not in no_filters}
        wanted = self.wanted(now=now, zone=zone)
        query |= {
            "format": form,
            "since": wanted.since.isoformat() if wanted.since else "",
            "until": wanted.until.isoformat() if wanted.until else "",
        }
        return address("/api/v1/audit/export", query)

    def wanted(self, *, now: datetime, zone: str = "") -> AuditFilter:
        """Ask the log.

        Args:
            now: where the window ends.
            zone: in which first and last day begin and end; an empty one is UTC.
        """
        window = _WINDOWS.get(self.window)
        place = ZoneInfo(zone) if zone else UTC
        first, last = _day(self.first), _day(self.last)
        starts = [now - window] if window else []
        starts += [datetime.combine(first, time.min, place)] if first else []
        end = datetime.combine(last + timedelta(days=1), time.min, place) if last else None
        return AuditFilter(
            actor=self.actor,
            action=self.action,
            team=self.team,
            namespace=self.namespace,
            outcome=self.outcome,
            text=self.q,
            since=max(starts, default=None),
            until=end,
        )

    def narrowed(self, **values: str) -> Self:
        """Filter by one thing more; back to the first page, nothing open."""
        # Texts alone: a number is no filter.
        return replace(self, **cast("dict[str, Any]", values), page=1, event=0)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is filtered."""
        plain = type(self)(size=self.size, usual=self.usual)
        return replace(self, page=1, event=0) != plain

    @property
    def typed(self) -> str:
        """All that is typed, as one text."""
        return "\n".join((self.q, *(getattr(self, name) for name in _WORDS if name != "team")))

    def _query(self) -> dict[str, str]:
        return {
            "q": self.q,
            **{_NAMES.get(name, name): getattr(self, name) for name in _WORDS},
            "outcome": self.outcome,
            "window": self.window,
            "event": str(self.event) if self.event else "",
        }


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER


def _day(text: str) -> date | None:
    """Read a day; None for anything else, and for days that no calendar of times reaches."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if len(text) == len("2026-11-28") and _FIRST_YEAR <= day.year <= _LAST_YEAR else None


FIELDS: Final = frozenset(_WORDS)
"""Filters that are typed or chosen beside the search."""


def chips_of(filters: AuditFilters, *, team: str = "") -> list[Chip]:
    """Name what narrows the list beside the pills; `team` is how people call the team."""
    called = {"team": team} if team else {}
    return [
        Chip(name, f"{word}: {called.get(name, value)}", filters.narrowed(**{name: ""}).address())
        for name, word in _WORDS.items()
        if (value := getattr(filters, name))
    ]


def outcome_pills(filters: AuditFilters) -> list[Pill]:
    """Offer how actions ended."""
    choices = [("", "Any outcome"), *((one.value, word_of(one.value)) for one in Outcome)]
    return [
        Pill(key or "any", label, filters.narrowed(outcome=key).address(), filters.outcome == key)
        for key, label in choices
    ]


def window_pills(filters: AuditFilters) -> list[Pill]:
    """Offer how far back to look."""
    return [
        Pill(key or "all", label, filters.narrowed(window=key).address(), filters.window == key)
        for key, label in _WINDOW_LABELS.items()
    ]
