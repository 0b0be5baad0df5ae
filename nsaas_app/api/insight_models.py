"""Insights as REST shows them: money in US dollars at list price, hours of what was booked."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Self

from pydantic import BaseModel

from ..domain.prices import Prices
from ..domain.teams import Resources
from ..insights.performance import PerformanceReport
from ..insights.sizing import MIN_AGE, Sizing
from ..insights.team_use import DayUse, TeamUse, TeamUseReport

__all__ = ["HoursOut", "PerformanceOut", "SizingPage", "TeamUseOut", "UsageOut", "days_of"]

_GIB: Final = Decimal(2) ** 30
_DIGITS: Final = 3
NO_METRICS: Final = "What containers use is not known: no metrics source is connected."


def days_of(window: timedelta) -> str:
    """Write a window: `30d`."""
    return f"{window.days}d"


class HoursOut(BaseModel):
    """What was booked, times how long."""

    cpu_hours: float
    memory_gib_hours: float
    storage_gib_hours: float

    @classmethod
    def of(cls, hours: Resources) -> Self:
        """Show an amount of hours."""
        return cls(
            cpu_hours=round(float(hours.cpu), _DIGITS),
            memory_gib_hours=round(float(hours.memory / _GIB), _DIGITS),
            storage_gib_hours=round(float(hours.storage / _GIB), _DIGITS),
        )


class DayOut(HoursOut):
    """One day of UTC."""

    day: date
    cost: float
    namespaces: int
    whole: bool

    @classmethod
    def of_day(cls, day: DayUse) -> Self:
        """Show a day."""
        return cls(
            day=day.start.date(),
            cost=float(day.cost),
            namespaces=day.namespaces,
            whole=day.is_whole,
            **HoursOut.of(day.hours).model_dump(),
        )


class TeamUseOut(HoursOut):
    """One team over the window."""

    team: str
    display_name: str
    namespaces: int
    booked: dict[str, str]
    requested: dict[str, str] | None
    cost: float
    monthly: float

    @classmethod
    def of_team(cls, use: TeamUse) -> Self:
        """Show a team."""
        return cls(
            team=use.name,
            display_name=use.display_name,
            namespaces=use.namespaces,
            booked=use.booked.to_quantities(),
            requested=None if use.requested is None else use.requested.to_quantities(),
            cost=float(use.cost),
            monthly=float(use.monthly),
            **HoursOut.of(use.hours).model_dump(),
        )


class PricesOut(BaseModel):
    """List prices per hour, and where they come from."""

    cpu_core: float
    memory_gib: float
    storage_gib: float
    source: str
    as_of: date

    @classmethod
    def of(cls, prices: Prices) -> Self:
        """Show prices."""
        return cls(
            cpu_core=float(prices.cpu_core),
            memory_gib=float(prices.memory_gib),
            storage_gib=float(prices.storage_gib),
            source=prices.source,
            as_of=prices.as_of,
        )


class UsageOut(BaseModel):
    """What teams had booked, day by day, and what that cost."""

    as_of: datetime
    window: str
    known_since: datetime | None
    days: list[DayOut]
    teams: list[TeamUseOut]
    prices: PricesOut

    @classmethod
    def of(cls, report: TeamUseReport, window: timedelta) -> Self:
        """Show a report."""
        return cls(
            as_of=report.as_of,
            window=days_of(window),
            known_since=report.known_since,
            days=[DayOut.of_day(day) for day in report.days],
            teams=[TeamUseOut.of_team(team) for team in report.teams],
            prices=PricesOut.of(report.prices),
        )


class SizingOut(BaseModel):
    """One namespace: the cheapest tier that would do. `advice` is null when none costs less.

    Whether it is meant without the overrides that the namespace has says `without_overrides`.
    """

    namespace: str
    team: str
    tier: str
    advice: str | None
    without_overrides: bool
    too_early: bool
    tightest: str
    used: str
    hard: str
    saving: float

    @classmethod
    def of(cls, one: Sizing) -> Self:
        """Show a comparison."""
        return cls(
            namespace=one.namespace,
            team=one.team,
            tier=one.tier.value,
            advice=one.advice.value if one.advice else None,
            without_overrides=one.without_overrides,
            too_early=one.is_early,
            tightest=one.tightest,
            used=one.used,
            hard=one.hard,
            saving=float(one.saving),
        )


class SizingPage(BaseModel):
    """Every namespace whose quota is known, greatest saving first."""

    items: list[SizingOut]
    total: int
    min_age_days: int = MIN_AGE.days
    basis: str = f"Requests and counts of the quota now, with 15 % more. {NO_METRICS}"

    @classmethod
    def of(cls, found: tuple[Sizing, ...]) -> Self:
        """Show comparisons."""
        return cls(items=[SizingOut.of(one) for one in found], total=len(found))


class SpreadOut(BaseModel):
    """How many took up to so many seconds; null is all that took longer."""

    up_to_s: int | None
    n: int


class StepTimeOut(BaseModel):
    """One step over the requests that completed it."""

    step: str
    n: int
    median_ms: float
    p95_ms: float


class FailureOut(BaseModel):
    """How often provisioning failed with one code."""

    code: str
    cause: str
    n: int


class PerformanceOut(BaseModel):
    """Provision requests that ended in the window, which may be shorter than asked for."""

    as_of: datetime
    window: str
    n: int
    completed: int
    median_ms: float | None
    p95_ms: float | None
    spread: list[SpreadOut]
    steps: list[StepTimeOut]
    failures: list[FailureOut]

    @classmethod
    def of(cls, report: PerformanceReport) -> Self:
        """Show a report."""
        return cls(
            as_of=report.as_of,
            window=days_of(report.window),
            n=report.n,
            completed=report.done,
            median_ms=report.median_ms,
            p95_ms=report.p95_ms,
            spread=[SpreadOut(up_to_s=one.up_to_s, n=one.n) for one in report.spread],
            steps=[
                StepTimeOut(
                    step=one.name.value, n=one.n, median_ms=one.median_ms, p95_ms=one.p95_ms
                )
                for one in report.steps
            ],
            failures=[FailureOut(code=one.code, cause=one.cause, n=one.n)
                      for one in report.failures],
        )  # fmt: skip
