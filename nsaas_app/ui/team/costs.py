"""What a team cost day by day: columns and a table of the same. Pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from ...insights.team_use import DayUse, TeamUseReport
from ..axes import ticks_of
from ..figures import count, iso, number
from ..insights.days import asked_days, day_word, known_days
from ..routes import address

__all__ = ["CostDay", "cost_vars"]

WINDOW_DAYS: Final = 30
_LEAST: Final = 3
"""Percent: what cost anything at all can be seen."""


@dataclass(frozen=True)
class CostDay:
    """One day of UTC."""

    key: str
    label: str
    text: str
    raw: str
    height: int
    """Percent of the dearest day."""
    hours: str
    namespaces: str
    note: str
    """Says that the day is not over; else empty."""


def cost_vars(report: TeamUseReport, team: str) -> dict[str, object]:
    """Compute the section.

    Days before anything was booked are not zero but unknown: they keep their place among the
    columns, and the table leaves them out.
    """
    days = known_days(report)
    total = sum((day.cost for day in days), Decimal(0))
    dearest = max((day.cost for day in days), default=Decimal(0))
    prices = report.prices
    early = f" Early: {count(len(days))} of {WINDOW_DAYS} days are known." if (
        0 < len(days) < WINDOW_DAYS
    ) else ""  # fmt: skip
    return {
        "cost_bars": [
            _unknown(start) if day is None else _day(day, dearest)
            for start, day in asked_days(report)
        ],
        "cost_ticks": list(ticks_of(float(dearest), lambda dollars: f"$ {dollars:,.2f}")),
        "cost_days": [_day(day, dearest) for day in days],
        "cost_sentence": f"$ {total:,.2f} in the last {WINDOW_DAYS} days." if days else "",
        "cost_source": f"List price: {prices.source} of {prices.as_of.day} "
        f"{prices.as_of:%b %Y}, for what was booked, used or not. Days of UTC.{early}",
        "cost_csv": address("/api/v1/insights/usage/export", {"team": team, "window": "30d"}),
        "cost_computed_at": iso(report.as_of),
    }


def _unknown(start: datetime) -> CostDay:
    return CostDay(start.date().isoformat(), day_word(start), "not known yet", "", 0, "", "", "")


def _day(day: DayUse, dearest: Decimal) -> CostDay:
    height = round(100 * day.cost / dearest) if dearest else 0
    return CostDay(
        key=day.start.date().isoformat(),
        label=day_word(day.start),
        text=f"$ {day.cost:,.2f}",
        raw=str(day.cost),
        height=max(_LEAST, height) if day.cost else 0,
        hours=number(day.hours.cpu),
        namespaces=count(day.namespaces),
        note="" if day.is_whole else "not whole",
    )
