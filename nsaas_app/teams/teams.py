"""Teams as everybody reads them: from memory, with the database behind."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from ..domain.actors import Actor, Role
from ..domain.audit import AuditEvent, Outcome
from ..domain.environments import Environment
from ..domain.errors import (
    ChangedMeanwhileError,
    FieldIssue,
    ForbiddenError,
    InvalidFieldsError,
    NotFoundError,
)
from ..domain.names import TeamName
from ..domain.spec import NamespaceSpec
from ..domain.team_document import (
    changed_team,
    groups_from_document,
    team_to_document,
    version_of,
)
from ..domain.teams import Resources, Team
from ..identity.permissions import Permission, ensure_may
from ..store.audit import AuditStore
from ..store.database import Database
from ..store.ledger import LedgerShare, LedgerStore
from ..store.teams import TeamStore
from .change import TeamChange, ensure_still_leads

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
    """Teams from memory; platform admins and leads change them."""

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
        self._read_at = self._changed_at = float("-inf")
        """When the latest read began, and when this process changed a team."""
        self._reading = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    async def fresh(self) -> Mapping[TeamName, Team]:
        """Every team by name, as the database has them at this moment."""
        return await self._read(not_before=time.monotonic())

    async def all(self) -> Mapping[TeamName, Team]:
        """Every team by name."""
        due = time.monotonic() - self._refresh_s
        # Of all pages that find them old one reads; the others go on with what they have.
        is_good = self._read_at >= due or self._reading.locked()
        if is_good and self._read_at > self._changed_at:
            return self._teams
        return await self._read(not_before=max(due, self._changed_at))

    async def _read(self, *, not_before: float) -> Mapping[TeamName, Team]:
        async with self._reading:
            if self._read_at < not_before:
                began = time.monotonic()
                async with self._database.reading() as connection:
                    found = await self._store.all(connection)
                teams = {team.name: team for team in found}
                if teams != self._teams:
                    # Who derived something from the teams sees by the object that they are the
                    # same.
                    self._teams = teams
                self._read_at = began
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

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this whenever a team was changed in this process."""
        self._listeners.append(listener)

    async def put(self, team: Team, *, actor: Actor, source: str) -> None:
        """Create or replace a team; see `change`."""
        await self.change(str(team.name), team_to_document(team), TeamChange(actor, source))

    async def change(self, name: str, document: Mapping[str, Any], change: TeamChange) -> Team:
        """Create a team or change it; what the document leaves out stays.

        Raises:
            NotFoundError, ForbiddenError: the actor is no platform admin.
            InvalidFieldsError: with every broken rule at its field.
            ChangedMeanwhileError: it is no longer the version that was edited.
        """
        await self._ensure_may(Permission.TEAM_MANAGE, name, change)
        return await self._write(
            name, change, "team.put", lambda team: changed_team(name, document, present=team)
        )

    async def create(self, name: str, document: Mapping[str, Any], change: TeamChange) -> Team:
        """Create a team that must not exist yet.

        Raises:
            ForbiddenError, NotFoundError: the actor is no platform admin.
            InvalidFieldsError: with every broken rule at its field.
        """
        await self._ensure_may(Permission.TEAM_MANAGE, name, change)

        def made(team: Team | None) -> Team:
            if team is not None:
                raise InvalidFieldsError([FieldIssue("team", f"Team {name} exists already.")])
            return changed_team(name, document, present=None)

        return await self._write(name, change, "team.put", made)

    async def set_groups(self, name: str, document: object, change: TeamChange) -> Team:
        """Say which groups give which role; a role that is left out keeps its groups.

        Namespaces keep the access they were given; it is changed there.

        Raises:
            NotFoundError, ForbiddenError: the actor does not lead the team.
            InvalidFieldsError: with every broken rule at its field; a lead may not shut itself out.
            ChangedMeanwhileError: it is no longer the version that was edited.
        """
        await self._ensure_may(Permission.TEAM_MEMBERS, name, change)

        def changed(team: Team | None) -> Team:
            if team is None:
                raise NotFoundError("team", name)
            groups = groups_from_document(document, present=team.groups)
            ensure_still_leads(change.actor, groups)
            return replace(team, groups=groups)

        return await self._write(name, change, "team.members", changed)

    async def _ensure_may(self, permission: Permission, name: str, change: TeamChange) -> None:
        """Ask the permission table; what it refuses is written down."""
        try:
            ensure_may(change.actor, permission, TeamName(name), kind="team", name=name)
        except (NotFoundError, ForbiddenError) as error:
            event = AuditEvent(
                actor=change.actor.subject,
                action="team.put" if permission is Permission.TEAM_MANAGE else "team.members",
                object=f"team/{name[:63]}",
                outcome=Outcome.DENIED,
                correlation_id=change.correlation_id,
                source=change.audit_source,
                after={"code": error.code},
            )
            async with self._database.transaction() as connection:
                await self._audit.append(connection, event, at=self._clock())
            raise

    async def _write(
        self, name: str, change: TeamChange, action: str, changed: Callable[[Team | None], Team]
    ) -> Team:
        """Change the team as it is now; nothing is written when nothing differs."""
        async with self._database.transaction() as connection:
            # Who books or changes the same team waits until this is done.
            await self._ledger.lock(connection, name)
            known = {str(known.name): known for known in await self._store.all(connection)}
            before = known.get(name)
            if change.version and (before is None or version_of(before) != change.version):
                raise ChangedMeanwhileError("team", name)
            team = changed(before)
            if team == before:
                return team
            await self._store.put(connection, team)
            event = AuditEvent(
                actor=change.actor.subject,
                action=action,
                object=f"team/{name}",
                outcome=Outcome.COMPLETED,
                team=name,
                correlation_id=change.correlation_id,
                source=change.audit_source,
                before=team_to_document(before) if before else None,
                after=team_to_document(team),
            )
            await self._audit.append(connection, event, at=self._clock())
        self._changed_at = time.monotonic()
        for listener in self._listeners:
            listener()
        return team

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
        self._changed_at = time.monotonic()
