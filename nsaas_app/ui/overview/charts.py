"""The overview's charts: heights, words and tables, from what really happened. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ...directory.history import Period
from ..axes import Tick, ticks_of, top_of
from ..figures import NOTHING, count, duration, iso
from .transform import list_address

__all__ = ["Chart", "PeriodBar", "chart_of", "height"]

_LEAST: Final = 3
"""Percent: what happened at all can be seen."""
_AN: Final = {"hour": "an hour", "day": "a day"}


@dataclass(frozen=True)
class PeriodBar:
    """One hour or day of both charts."""

    key: str
    label: str
    done: int
    failed: int
    median: int
    p95: int
    """Heights in percent of the axis, which ends at a round number: it seldom changes."""
    done_text: str
    failed_text: str
    median_text: str
    p95_text: str
    done_href: str = ""
    failed_href: str = ""
    """The lists behind both numbers."""


@dataclass(frozen=True)
class Chart:
    """Both charts of the window, with a sentence for each."""

    bars: tuple[PeriodBar, ...] = ()
    counts: str = ""
    times: str = ""
    first: str = ""
    last: str = ""
    is_hourly: bool = False
    """Whether the ends are hours, which every reader sees in their own zone; days are of UTC."""
    first_at: str = ""
    last_at: str = ""
    count_ticks: tuple[Tick, ...] = ()
    time_ticks: tuple[Tick, ...] = ()


def height(value: float, tallest: float) -> int:
    """Percent of the tallest; what is not nothing can be seen."""
    return max(_LEAST, round(100 * value / tallest)) if value and tallest else 0


def _label(start: datetime, window: timedelta) -> str:
    if window <= timedelta(days=1):
        return f"{start:%H:%M} UTC"
    return f"{start.day} {start:%b}"


def chart_of(periods: Iterable[Period], *, window: timedelta, teams: Sequence[str] = ()) -> Chart:
    """Draw a window. Empty where nothing ended in it: the page says so."""
    found = tuple(periods)
    done, failed = sum(one.done for one in found), sum(one.failed for one in found)
    if not done + failed:
        return Chart()
    most = max(one.done + one.failed for one in found)
    slowest = max((one.p95_ms or 0.0 for one in found), default=0.0)
    top, longest = top_of(most), top_of(slowest)
    bars = tuple(
        PeriodBar(
            key=iso(one.start),
            label=_label(one.start, window),
            done=height(one.done, top),
            failed=height(one.failed, top),
            median=height(one.median_ms or 0.0, longest),
            p95=height(one.p95_ms or 0.0, longest),
            done_text=count(one.done),
            failed_text=count(one.failed),
            median_text=duration(one.median_ms) if one.median_ms is not None else NOTHING,
            p95_text=duration(one.p95_ms) if one.p95_ms is not None else NOTHING,
            done_href=_behind(one, window, teams, "completed"),
            failed_href=_behind(one, window, teams, "failed"),
        )
        for one in found
    )
    is_hourly = window <= timedelta(days=1)
    unit = "hour" if is_hourly else "day"
    times = [one for one in found if one.p95_ms is not None]
    return Chart(
        bars=bars,
        counts=f"{count(done)} completed, {count(failed)} failed; "
        f"most in {_AN[unit]}: {count(most)}",
        times=_times(times, unit),
        first=bars[0].label,
        last=bars[-1].label,
        is_hourly=is_hourly,
        first_at=bars[0].key,
        last_at=bars[-1].key,
        count_ticks=ticks_of(top, _count, is_count=True),
        time_ticks=ticks_of(longest, _duration),
    )


def _count(value: float) -> str:
    return count(int(value))


def _duration(milliseconds: float) -> str:
    return duration(milliseconds) if milliseconds else "0"


def _behind(period: Period, window: timedelta, teams: Sequence[str], status: str) -> str:
    shape = "%Y-%m-%dT%H" if window <= timedelta(days=1) else "%Y-%m-%d"
    at = f"{period.start:{shape}}"
    return list_address("/requests", teams, kind="provision", status=status, at=at)


def _times(periods: list[Period], unit: str) -> str:
    if not periods:
        return ""
    worst = max(periods, key=lambda one: one.p95_ms or 0.0)
    last = periods[-1]
    return (
        f"Half of the last {unit}'s within {duration(last.median_ms or 0.0)}; "
        f"slowest {unit}: p95 {duration(worst.p95_ms or 0.0)}"
    )
