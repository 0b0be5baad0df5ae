"""Teams as everybody reads them: from memory, with the database behind."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..domain.actors import Actor, Role
from ..domain.audit import AuditEvent, Outcome
from ..domain.environments import Environment
from ..domain.errors import ForbiddenError, NotFoundError
from ..domain.names import TeamName
from ..domain.spec import NamespaceSpec
from ..domain.teams import Resources, Team
from ..store.audit import AuditStore
from ..store.database import Database
from ..store.ledger import LedgerShare, LedgerStore
from ..store.teams import TeamStore, team_to_document

__all__ = ["BudgetUse", "Teams"]

REFRESH_S: Final = 5.0
"""Another process may have changed a team; nobody sees an older picture than this."""


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """What a team's budget is spent on."""

    used: Resources
    reserved: Resources
    namespaces: int
    per_environment: Mapping[Environment, int]

    @classmethod
    def of(cls, shares: list[LedgerShare]) -> "BudgetUse":
        """Add up shares of the ledger."""
        used, reserved = Resources(), Resources()
        counts = dict.fromkeys(Environment, 0)
        for share in shares:
            counts[share.environment] += share.namespaces
            if share.is_reserved:
                reserved += share.amount
            else:
                used += share.amount
        return cls(used, reserved, sum(counts.values()), counts)

    def plus(self, spec: NamespaceSpec) -> "BudgetUse":
        """The use once one more namespace is reserved."""
        counts = dict(self.per_environment)
        counts[spec.environment] = counts.get(spec.environment, 0) + 1
        reserved = self.reserved + Resources.of(spec.size)
        return BudgetUse(self.used, reserved, self.namespaces + 1, counts)


class Teams:
    """Reads teams; a platform admin writes them."""

    def __init__(
        self,
        *,
        database: Database,
        teams: TeamStore,
        ledger: LedgerStore,
        audit: AuditStore,
        clock: Callable[[], datetime],
        refresh_s: float = REFRESH_S,
    ) -> None:
        self._database = database
        self._store = teams
        self._ledger = ledger
        self._audit = audit
        self._clock = clock
        self._refresh_s = refresh_s
        self._teams: dict[TeamName, Team] = {}
        self._read_at = float("-inf")

    async def all(self) -> Mapping[TeamName, Team]:
        """Every team by name."""
        if time.monotonic() - self._read_at > self._refresh_s:
            async with self._database.reading() as connection:
                found = await self._store.all(connection)
            self._teams = {team.name: team for team in found}
            self._read_at = time.monotonic()
        return self._teams

    async def of(self, actor: Actor) -> tuple[Team, ...]:
        """Teams the actor may request namespaces for, by name."""
        writers = (Role.DEVELOPER, Role.LEAD, Role.ADMIN)
        teams = await self.all()
        return tuple(team for team in teams.values() if actor.role_in(team.name) in writers)

    async def require(self, name: TeamName) -> Team:
        """One team.

        Raises:
            NotFoundError: there is none of that name.
        """
        team = (await self.all()).get(name)
        if team is None:
            raise NotFoundError("team", str(name))
        return team

    async def budget_use(self, name: TeamName, *, without: str = "") -> BudgetUse:
        """What the team has booked now, perhaps without one namespace."""
        async with self._database.reading() as connection:
            return BudgetUse.of(await self._ledger.shares(connection, str(name), without=without))

    async def put(self, team: Team, *, actor: Actor, source: str) -> None:
        """Create or replace a team.

        Raises:
            NotFoundError, ForbiddenError: the actor is no platform admin.
        """
        if not actor.is_admin:
            if actor.role_in(team.name) is None:
                raise NotFoundError("team", str(team.name))
            raise ForbiddenError("Only a platform admin changes teams.")
        async with self._database.transaction() as connection:
            known = {known.name: known for known in await self._store.all(connection)}
            before = known.get(team.name)
            await self._store.put(connection, team)
            event = AuditEvent(
                actor=actor.subject,
                action="team.put",
                object=f"team/{team.name}",
                outcome=Outcome.COMPLETED,
                team=str(team.name),
                source=f"{source}/{actor.auth.value}",
                before=team_to_document(before) if before else None,
                after=team_to_document(team),
            )
            await self._audit.append(connection, event, at=self._clock())
        self._read_at = float("-inf")

    async def ensure_exist(self, teams: tuple[Team, ...]) -> None:
        """Create the teams of a first start that are not there yet."""
        async with self._database.transaction() as connection:
            known = {team.name for team in await self._store.all(connection)}
            for team in teams:
                if team.name in known:
                    continue
                await self._store.put(connection, team)
                event = AuditEvent(
                    actor="system",
                    action="team.create",
                    object=f"team/{team.name}",
                    outcome=Outcome.COMPLETED,
                    team=str(team.name),
                    source="start",
                )
                await self._audit.append(connection, event, at=self._clock())
        self._read_at = float("-inf")
