"""Use of a namespace: what the quota counts, what is left, and what the team has beside it."""

import time
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from ..directory.directory import Directory
from ..directory.rows import QuotaUse
from ..domain.actors import Actor
from ..domain.names import TeamName
from ..domain.quantities import parse_quantity, written
from ..domain.teams import Resources
from ..teams.teams import BudgetUse, Teams
from .lookup import readable

__all__ = ["UsageLine", "UsageReport", "Usages"]

BOOKED_AGE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One resource of the quota, in Kubernetes notation."""

    resource: str
    used: str
    hard: str
    left: str
    ratio: float
    team_left: str
    """What the team may still book of it for any namespace; empty where no budget bounds it."""


@dataclass(frozen=True, slots=True)
class UsageReport:
    """What one namespace uses."""

    lines: tuple[UsageLine, ...]
    as_of: datetime | None


class Usages:
    """Tells what namespaces use."""

    def __init__(self, *, directory: Directory, teams: Teams) -> None:
        self._directory = directory
        self._teams = teams
        self._known: dict[TeamName, tuple[float, BudgetUse]] = {}

    async def report(self, name: str, *, actor: Actor) -> UsageReport:
        """Tell of one namespace.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        record = readable(self._directory, name, actor=actor)
        team = await self._teams.require(record.team)
        booked = await self._booked(record.team)
        left = team.budget.resources - booked.used - booked.reserved
        pool = left.at_least(Resources()).to_quantities()
        quota = self._directory.row(name, actor=actor).quota
        return UsageReport(
            lines=tuple(_line(each, quota[each], pool.get(each, "")) for each in sorted(quota)),
            as_of=self._directory.freshness().as_of,
        )

    async def _booked(self, team: TeamName) -> BudgetUse:
        """What a team has booked; open pages of one team ask the database once in a while."""
        known = self._known.get(team)
        if known is not None and time.monotonic() - known[0] < BOOKED_AGE_S:
            return known[1]
        booked = await self._teams.budget_use(team)
        self._known[team] = (time.monotonic(), booked)
        return booked


def _line(resource: str, use: QuotaUse, team_left: str) -> UsageLine:
    left = max(parse_quantity(use.hard) - parse_quantity(use.used), Decimal(0))
    return UsageLine(
        resource=resource,
        used=use.used,
        hard=use.hard,
        left=written(resource, left),
        ratio=round(use.ratio, 4),
        team_left=team_left,
    )
