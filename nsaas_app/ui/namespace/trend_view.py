"""The past of the quota as columns: heights, sentences and the day it is full. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ...domain.resource_words import RESOURCE_WORDS
from ...domain.trends import ENOUGH, Slot
from ...insights.trends import WINDOWS, Trend
from ..figures import NOTHING, amount, in_full, iso
from ..routes import Pill
from .tabs import tab_address

__all__ = ["TrendBar", "TrendChart", "forecast_note", "trend_charts", "window_of", "window_pills"]

_SHOWN: Final = ("requests.cpu", "requests.memory", "requests.storage", "pods")
_LABELS: Final = {resource: RESOURCE_WORDS[resource] for resource in _SHOWN}
_WORDS: Final = {"24h": "24 hours", "7d": "7 days"}
_LEAST: Final = 2
"""Percent: what was used at all can be seen."""


@dataclass(frozen=True)
class TrendBar:
    """One slot."""

    key: str
    height: int
    """In percent of the hard limit."""
    text: str


@dataclass(frozen=True)
class TrendChart:
    """One resource."""

    key: str
    label: str
    now: str
    sentence: str
    bars: tuple[TrendBar, ...]
    full_on: str
    first: str
    last: str


def window_of(query: str) -> str:
    """Read which window an address asks for."""
    return query if query in WINDOWS else "24h"


def window_pills(name: str, opened: str) -> list[Pill]:
    """Offer every window."""
    return [
        Pill(
            key,
            _WORDS[key],
            tab_address(name, "quota", **({} if key == "24h" else {"window": key})),
            key == opened,
        )
        for key in WINDOWS
    ]


def forecast_note(trends: Iterable[Trend], *, now: datetime) -> str:
    """Say why no day is named when it is full, while too little is known for that."""
    since = min((one.known_since for one in trends), default=None)
    if since is None or now - since >= ENOUGH:
        return ""
    days = (now - since) // timedelta(days=1)
    return f"Too early to say when it is full: {days} of {ENOUGH.days} days of data."


def trend_charts(trends: Iterable[Trend]) -> list[TrendChart]:
    """Describe every resource that was sampled."""
    return [_chart(one) for one in trends]


def _chart(trend: Trend) -> TrendChart:
    known = [slot for slot in trend.slots if slot.used is not None]
    most = max((slot.used for slot in known if slot.used is not None), default=None)
    latest = known[-1] if known else None
    now = _of(trend.resource, latest)
    label = _LABELS.get(trend.resource, trend.resource)
    peak = _written(trend.resource, most)
    return TrendChart(
        key=trend.resource,
        label=label,
        now=now,
        sentence=f"{label}: {now} now, at most {peak} in this window.",
        bars=tuple(_bar(trend.resource, slot) for slot in trend.slots),
        full_on=iso(trend.full_on),
        first=iso(trend.slots[0].start) if trend.slots else "",
        last="now",
    )


def _bar(resource: str, slot: Slot) -> TrendBar:
    height = 0
    if slot.used and slot.hard:
        height = max(_LEAST, min(100, round(100 * slot.used / slot.hard)))
    return TrendBar(iso(slot.start), height, _of(resource, slot))


def _of(resource: str, slot: Slot | None) -> str:
    if slot is None or slot.used is None:
        return "not known"
    return f"{amount(resource, slot.used)} of {_written(resource, slot.hard)}"


def _written(resource: str, value: Decimal | None) -> str:
    if value is None:
        return NOTHING
    return in_full(resource, value)
