"""Insights over REST: what teams had booked and its cost, sizes that fit, how provisioning goes."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from ..domain.prices import hours_cost
from ..domain.teams import Resources
from ..identity.permissions import Permission
from ..insights.team_use import TeamUseReport
from .access import CurrentActor, CurrentRuntime, needs
from .csv_lines import csv_line
from .insight_models import HoursOut, PerformanceOut, SizingPage, TeamUseOut, UsageOut

__all__ = ["router"]

router = APIRouter(prefix="/insights", tags=["insights"])

Team = Annotated[str, Query(max_length=63, description="One team; else all you may see.")]


class Window(StrEnum):
    """Since when is counted: whole days of UTC and today."""

    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"

    @property
    def span(self) -> timedelta:
        """The window."""
        return timedelta(days=int(self.value.removesuffix("d")))


class UsagePart(StrEnum):
    """Which of the two tables: by team and day, or by team."""

    DAYS = "days"
    TEAMS = "teams"


class ProvisioningPart(StrEnum):
    """Which of the three tables."""

    STEPS = "steps"
    SPREAD = "spread"
    FAILURES = "failures"


@router.get("/usage", summary="What teams had booked and what it cost, day by day")
@needs(Permission.TEAM_READ)
async def usage(
    actor: CurrentActor, rt: CurrentRuntime, team: Team = "", window: Window = Window.MONTH
) -> UsageOut:
    report = await rt.reports.team_use.report(team=team, window=window.span, actor=actor)
    return UsageOut.of(report, window.span)


@router.get("/usage/export", summary="The same by team and day, or by team, as CSV")
@needs(Permission.TEAM_READ)
async def export_usage(
    actor: CurrentActor,
    rt: CurrentRuntime,
    team: Team = "",
    window: Window = Window.MONTH,
    part: UsagePart = UsagePart.DAYS,
) -> StreamingResponse:
    report = await rt.reports.team_use.report(team=team, window=window.span, actor=actor)
    if part is UsagePart.TEAMS:
        return _file(_team_lines(report), "usage-teams")
    return _file(_usage_lines(report), "usage")


@router.get("/rightsizing", summary="Namespaces that a smaller tier would hold")
@needs(Permission.NAMESPACE_READ)
async def rightsizing(actor: CurrentActor, rt: CurrentRuntime, team: Team = "") -> SizingPage:
    return SizingPage.of(rt.reports.sizing.report(team=team, actor=actor))


@router.get("/rightsizing/export", summary="The same as CSV")
@needs(Permission.NAMESPACE_READ)
async def export_rightsizing(
    actor: CurrentActor, rt: CurrentRuntime, team: Team = ""
) -> StreamingResponse:
    page = SizingPage.of(rt.reports.sizing.report(team=team, actor=actor))
    rows = (one.model_dump() for one in page.items)
    heads = ["namespace", "team", "tier", "advice", "too_early", "tightest", "used", "hard",
             "saving", "without_overrides"]  # fmt: skip
    return _file(_lines(heads, rows), "rightsizing")


@router.get("/provisioning", summary="Times of provisioning by step, and failures by code")
@needs(Permission.REQUEST_READ)
async def provisioning(
    actor: CurrentActor, rt: CurrentRuntime, team: Team = "", window: Window = Window.MONTH
) -> PerformanceOut:
    report = rt.reports.performance.report(team=team, window=window.span, actor=actor)
    return PerformanceOut.of(report)


@router.get("/provisioning/export", summary="Times of steps, of requests, or failures, as CSV")
@needs(Permission.REQUEST_READ)
async def export_provisioning(
    actor: CurrentActor,
    rt: CurrentRuntime,
    team: Team = "",
    window: Window = Window.MONTH,
    part: ProvisioningPart = ProvisioningPart.STEPS,
) -> StreamingResponse:
    report = rt.reports.performance.report(team=team, window=window.span, actor=actor)
    found = PerformanceOut.of(report)
    if part is ProvisioningPart.SPREAD:
        rows = (one.model_dump() for one in found.spread)
        return _file(_lines(["up_to_s", "n"], rows), "provisioning-spread")
    if part is ProvisioningPart.FAILURES:
        rows = (one.model_dump() for one in found.failures)
        return _file(_lines(["code", "n", "cause"], rows), "provisioning-failures")
    rows = (step.model_dump() for step in found.steps)
    return _file(_lines(["step", "n", "median_ms", "p95_ms"], rows), "provisioning")


def _file(lines: Iterator[str], name: str) -> StreamingResponse:
    disposition = f'attachment; filename="{name}.csv"'
    return StreamingResponse(
        lines, media_type="text/csv", headers={"Content-Disposition": disposition}
    )


def _lines(heads: list[str], rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield csv_line(heads)
    for row in rows:
        yield csv_line([row[head] for head in heads])


def _team_lines(report: TeamUseReport) -> Iterator[str]:
    amounts = list(Resources().to_quantities())
    hours = list(HoursOut.model_fields)
    asked = [f"requested {name.removeprefix('requests.')}" for name in amounts]
    booked = [f"booked {name.removeprefix('requests.')}" for name in amounts]
    yield csv_line(["team", "namespaces", *booked, *asked, *hours, "cost", "monthly"])
    for one in report.teams:
        shown = TeamUseOut.of_team(one)
        spent = shown.model_dump()
        requested = shown.requested or {}
        yield csv_line(
            [
                shown.team,
                shown.namespaces,
                *(shown.booked[name] for name in amounts),
                *(requested.get(name, "") for name in amounts),
                *(spent[name] for name in hours),
                shown.cost,
                shown.monthly,
            ]
        )


def _usage_lines(report: TeamUseReport) -> Iterator[str]:
    hours = list(HoursOut.model_fields)
    prices = f"{report.prices.source} of {report.prices.as_of}"
    yield csv_line(["day", "team", "namespaces", *hours, "cost", "prices", "whole"])
    for team in report.teams:
        for day in team.days:
            spent = HoursOut.of(day.hours).model_dump()
            yield csv_line(
                [
                    day.start.date().isoformat(),
                    team.name,
                    day.namespaces,
                    *(spent[name] for name in hours),
                    str(hours_cost(day.hours, prices=report.prices)),
                    prices,
                    day.is_whole,
                ]
            )
