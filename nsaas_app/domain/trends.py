"""Trends: what a quota counted over time, slot by slot, and when it is full at this rate. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from .quantities import parse_quantity

__all__ = ["ENOUGH", "TRACKED", "Amounts", "Sample", "Slot", "full_on", "slots_of"]

TRACKED: Final = ("requests.cpu", "requests.memory", "requests.storage", "pods")
"""What people watch of a quota."""
ENOUGH: Final = timedelta(days=7)
"""A shorter past tells nothing about the future."""
_FARTHEST: Final = timedelta(days=365)

Amounts = Mapping[str, tuple[str, str]]
"""By resource: used and hard, in Kubernetes notation."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a quota counted from a moment on, until the next sample."""

    at: datetime
    amounts: Amounts

    def used(self, resource: str) -> Decimal | None:
        """The use of one resource; None where the quota does not bound it."""
        found = self.amounts.get(resource)
        return None if found is None else parse_quantity(found[0])

    def hard(self, resource: str) -> Decimal | None:
        """The limit of one resource."""
        found = self.amounts.get(resource)
        return None if found is None else parse_quantity(found[1])


@dataclass(frozen=True, slots=True)
class Slot:
    """The most that was used within one span of time; None while nothing was known."""

    start: datetime
    used: Decimal | None
    hard: Decimal | None


def slots_of(
    samples: Sequence[Sample], resource: str, *, since: datetime, until: datetime, count: int
) -> list[Slot]:
    """Divide a window into slots. A sample holds until the next one.

    Args:
        samples: the oldest first; the last one before the window tells how it began.
        resource: which part of the quota.
        since: start of the window.
        until: its end, no later than now.
        count: number of slots.
    """
    width = (until - since) / count
    most: list[Decimal | None] = [None] * count
    tops: list[Decimal | None] = [None] * count
    for index, sample in enumerate(samples):
        ends = samples[index + 1].at if index + 1 < len(samples) else until
        used, hard = sample.used(resource), sample.hard(resource)
        if used is None or ends <= since or sample.at >= until:
            continue
        # It held from its own moment until the next sample.
        first = max(0, int((sample.at - since) / width)) if sample.at > since else 0
        last = min(count - 1, int((ends - since) / width))
        for slot in range(first, last + 1):
            known = most[slot]
            most[slot] = used if known is None else max(known, used)
            tops[slot] = hard
    return [Slot(since + width * slot, most[slot], tops[slot]) for slot in range(count)]


def full_on(samples: Sequence[Sample], resource: str, *, now: datetime) -> datetime | None:
    """Say when the quota is full if use goes on as over the last seven days.

    None without seven days of samples, when use does not grow, or farther away than a year.
    """
    begun = [one for one in samples if one.at <= now - ENOUGH][-1:]
    latest = samples[-1] if samples else None
    if not begun or latest is None:
        return None
    was, used, hard = begun[0].used(resource), latest.used(resource), latest.hard(resource)
    if was is None or used is None or hard is None or used <= was or hard <= used:
        return None
    span = float((hard - used) / (used - was)) * ENOUGH
    return now + span if span <= _FARTHEST else None
