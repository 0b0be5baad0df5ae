"""Use of a namespace: what the quota counts, what is left, and what the team has beside it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from ..cluster.mirror import Mirror
from ..cluster.pulse import Pulse
from ..directory.directory import Directory
from ..directory.rows import QuotaUse
from ..domain.actors import Actor
from ..domain.names import TeamName
from ..domain.observation import Use
from ..domain.quantities import parse_quantity, written
from ..domain.teams import Resources
from ..teams.teams import BudgetUse, Teams
from .holders import MOST_HOLDERS, Holder, holders_of
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
    in_use: str = ""
    """What the pods really use of it, measured; empty where nobody measures it."""


@dataclass(frozen=True, slots=True)
class UsageReport:
    """What one namespace uses."""

    lines: tuple[UsageLine, ...]
    holders: tuple[Holder, ...]
    """Who holds most first; a few at most."""
    holders_total: int
    measured: Use | None
    """What the pods really use, measured; None where nobody measures it."""
    unmeasured: str
    """Why it is not measured; empty where it is."""
    as_of: datetime | None


class Usages:
    """Tells what namespaces use."""

    def __init__(
        self, *, directory: Directory, teams: Teams, mirror: Mirror | None, pulse: Pulse | None
    ) -> None:
        self._directory = directory
        self._teams = teams
        self._mirror = mirror
        self._pulse = pulse
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
        pods = self._mirror.workloads.pods.in_namespace(name) if self._mirror is not None else ()
        holders = holders_of(pods, {resource: use.hard for resource, use in quota.items()})
        measured = self._measured(name, quota)
        in_use = _in_use(measured)
        return UsageReport(
            lines=tuple(
                _line(each, quota[each], pool.get(each, ""), in_use.get(each, ""))
                for each in sorted(quota)
            ),
            holders=holders[:MOST_HOLDERS],
            holders_total=len(holders),
            measured=measured,
            unmeasured="" if measured is not None else self._why_unmeasured(),
            as_of=self._directory.freshness().as_of,
        )

    def in_use(self, name: str, *, actor: Actor) -> Mapping[str, str]:
        """What the pods really use by resource of the quota, from memory; empty if not measured.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        return _in_use(self._measured(name, self._directory.row(name, actor=actor).quota))

    def _measured(self, name: str, quota: Mapping[str, QuotaUse]) -> Use | None:
        if self._pulse is None or "requests.cpu" not in quota:
            return None
        requested = float(parse_quantity(quota["requests.cpu"].used))
        return self._pulse.use_of(name, requested=requested)

    def _why_unmeasured(self) -> str:
        if self._pulse is None:
            return "Nobody measures use: no cluster is configured."
        return self._pulse.usage_trouble or "No pod of it was measured in the last ten minutes."

    async def _booked(self, team: TeamName) -> BudgetUse:
        """What a team has booked; open pages of one team ask the database once in a while."""
        known = self._known.get(team)
        if known is not None and time.monotonic() - known[0] < BOOKED_AGE_S:
            return known[1]
        booked = await self._teams.budget_use(team)
        self._known[team] = (time.monotonic(), booked)
        return booked


def _in_use(measured: Use | None) -> dict[str, str]:
    if measured is None:
        return {}
    amounts = {"requests.cpu": measured.used, "requests.memory": measured.memory}
    return {each: written(each, Decimal(amount)) for each, amount in amounts.items()}


def _line(resource: str, use: QuotaUse, team_left: str, in_use: str) -> UsageLine:
    left = max(parse_quantity(use.hard) - parse_quantity(use.used), Decimal(0))
    return UsageLine(
        resource=resource,
        used=use.used,
        hard=use.hard,
        left=written(resource, left),
        ratio=round(use.ratio, 4),
        team_left=team_left,
        in_use=in_use,
    )
