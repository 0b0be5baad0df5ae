"""Teams with what they use: one reading of the ledger for all pages, renewed when it moved."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from ..directory.directory import Directory
from ..directory.hub import NAMESPACES, REQUESTS, TEAMS
from ..domain.actors import Actor
from ..domain.environments import Environment
from ..domain.names import TeamName
from ..domain.prices import Cost, monthly_cost
from ..domain.teams import Resources, Team
from ..identity.permissions import Permission, ensure_may, may
from ..store.database import Database
from ..store.ledger import LedgerStore
from .teams import BudgetUse, Teams

__all__ = ["TOPICS", "NamespaceShare", "TeamOverviews", "TeamStanding"]

TOPICS: Final = (NAMESPACES, REQUESTS, TEAMS)
"""What moves a team's numbers."""
PAUSE_S: Final = 0.25
"""The ledger is read at most so often, however much moves."""
OLDEST_S: Final = 5.0
"""Another process may have booked something: no number is older than this."""


_MOST: Final = 256
"""Of so many teams the single shares are kept."""


@dataclass(frozen=True, slots=True)
class NamespaceShare:
    """What one namespace takes out of its team's budget."""

    namespace: str
    environment: Environment
    is_reserved: bool
    """Whether a request that has not ended holds it."""
    amount: Resources


@dataclass(frozen=True, slots=True)
class TeamStanding:
    """A team with what it has booked and what that costs."""

    team: Team
    use: BudgetUse
    cost: Cost
    """A month of what is used and reserved, at list price."""


class TeamOverviews:
    """Tells how teams stand, to those who may see them."""

    def __init__(
        self, *, teams: Teams, directory: Directory, database: Database, ledger: LedgerStore
    ) -> None:
        self._teams = teams
        self._hub = directory.hub
        self._database = database
        self._ledger = ledger
        self._uses: dict[str, BudgetUse] = {}
        self._shares: dict[str, tuple[dict[str, BudgetUse], tuple[NamespaceShare, ...]]] = {}
        """By team, with the reading of all teams that they belong to."""
        self._versions: dict[str, int] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def all(self, *, actor: Actor) -> tuple[TeamStanding, ...]:
        """Every team the actor may see, by name."""
        teams, uses = await self._teams.all(), await self._booked()
        seen = (team for team in teams.values() if may(actor, Permission.TEAM_READ, team.name))
        return tuple(_standing(team, uses) for team in sorted(seen, key=lambda team: team.name))

    async def one(self, name: str, *, actor: Actor) -> TeamStanding:
        """One team.

        Raises:
            NotFoundError: there is none of that name, or it is not the actor's.
        """
        ensure_may(actor, Permission.TEAM_READ, TeamName(name), kind="team", name=name)
        team = await self._teams.require(TeamName(name))
        return _standing(team, await self._booked())

    async def shares(self, name: str, *, actor: Actor) -> tuple[NamespaceShare, ...]:
        """What each namespace of a team takes out of its budget, by name.

        Raises:
            NotFoundError: there is no such team, or it is not the actor's.
        """
        ensure_may(actor, Permission.TEAM_READ, TeamName(name), kind="team", name=name)
        await self._teams.require(TeamName(name))
        booked = await self._booked()
        known = self._shares.get(name)
        if known is not None and known[0] is booked:
            return known[1]
        async with self._database.reading() as connection:
            entries = await self._ledger.entries(connection, name)
        found = tuple(
            NamespaceShare(one.namespace, one.environment, one.is_reserved, one.amount)
            for one in sorted(entries, key=lambda one: one.namespace)
        )
        if len(self._shares) >= _MOST:
            self._shares.clear()
        self._shares[name] = (booked, found)
        return found

    async def _booked(self) -> dict[str, BudgetUse]:
        async with self._reading:
            moved = self._hub.versions(TOPICS)
            age = time.monotonic() - self._read_at
            if age > OLDEST_S or moved != self._versions:
                await asyncio.sleep(max(0.0, PAUSE_S - age))
                # Taken before the reading: what moves meanwhile is read the next time.
                moved = self._hub.versions(TOPICS)
                async with self._database.reading() as connection:
                    shares = await self._ledger.all_shares(connection)
                self._uses = {team: BudgetUse.of(found) for team, found in shares.items()}
                self._versions, self._read_at = moved, time.monotonic()
        return self._uses


def _standing(team: Team, uses: dict[str, BudgetUse]) -> TeamStanding:
    use = uses.get(str(team.name)) or BudgetUse.of([])
    return TeamStanding(team, use, monthly_cost(use.used + use.reserved))
