"""What teams had booked over time and what it cost: one account for all who look."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ..directory.directory import Directory
from ..directory.hub import REQUESTS
from ..directory.query import RowQuery
from ..domain.actors import Actor
from ..domain.bookings import DAY, Booking, TeamDay, account
from ..domain.names import TeamName
from ..domain.prices import LIST_PRICES, Prices, hours_cost, monthly_cost
from ..domain.quantities import parse_quantity
from ..domain.teams import BUDGETED, Resources
from ..identity.permissions import Permission, ensure_may, may
from ..store.bookings import BookingStore
from ..store.database import Database
from ..teams.teams import Teams

__all__ = ["DayUse", "TeamUse", "TeamUseReport", "TeamUses"]

PAUSE_S: Final = 0.25
"""The requests are read at most so often, however much moves."""
OLDEST_S: Final = 60.0
OVERLAP_MS: Final = 2_000
"""A revision is taken inside a transaction, which may commit after a later one did."""
_EVERYTHING: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class DayUse:
    """One day of UTC, over the teams that were asked for."""

    start: datetime
    hours: Resources
    """Core hours, and byte hours of memory and storage."""
    cost: Decimal
    namespaces: int
    """How many there were when it ended, or now."""
    is_whole: bool


@dataclass(frozen=True, slots=True)
class TeamUse:
    """One team over the window."""

    name: str
    display_name: str
    booked: Resources
    """Now: the quotas of its namespaces."""
    requested: Resources | None
    """Now, by pods and volume claims; None as long as the cluster was not listed."""
    namespaces: int
    hours: Resources
    cost: Decimal
    """Of the window, in US dollars."""
    monthly: Decimal
    """Of a month with what is booked now."""
    days: tuple[TeamDay, ...]


@dataclass(frozen=True, slots=True)
class TeamUseReport:
    """What teams had booked, day by day."""

    as_of: datetime
    since: datetime
    """Start of the window: midnight of its first day, UTC."""
    known_since: datetime | None
    """When anything was booked first; None where nothing ever was."""
    days: tuple[DayUse, ...]
    teams: tuple[TeamUse, ...]
    prices: Prices


class TeamUses:
    """Tells what teams had booked."""

    def __init__(
        self,
        *,
        teams: Teams,
        directory: Directory,
        database: Database,
        bookings: BookingStore,
        clock: Callable[[], datetime],
    ) -> None:
        self._teams = teams
        self._directory = directory
        self._database = database
        self._store = bookings
        self._clock = clock
        self._known: dict[str, Booking] = {}
        self._revision = 0
        self._moved = -1
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def report(self, *, team: str, window: timedelta, actor: Actor) -> TeamUseReport:
        """Tell of one team, or with an empty name of all the actor may see.

        Raises:
            NotFoundError: there is no such team, or it is not the actor's.
        """
        if team:
            ensure_may(actor, Permission.TEAM_READ, TeamName(team), kind="team", name=team)
            chosen = {TeamName(team): await self._teams.require(TeamName(team))}
        else:
            everybody = await self._teams.all()
            chosen = {
                name: one
                for name, one in everybody.items()
                if may(actor, Permission.TEAM_READ, name)
            }
        bookings = [one for one in await self._bookings() if one.team in chosen]
        now = self._clock()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        since = midnight - window + DAY
        # So many teams and days take long enough to be in everybody else's way.
        days = await asyncio.to_thread(account, bookings, since=since, now=now)
        requested = self._requested(actor, frozenset(map(str, chosen)))
        of_team: dict[TeamName, list[TeamDay]] = {name: [] for name in chosen}
        for day in days:
            of_team[day.team].append(day)
        return TeamUseReport(
            as_of=now,
            since=since,
            known_since=min((one.at for one in bookings), default=None),
            days=_by_day(days),
            teams=tuple(
                _team_use(
                    str(name), chosen[name].display_name or str(name), of_team[name], requested
                )
                for name in sorted(chosen, key=str)
            ),
            prices=LIST_PRICES,
        )

    async def _bookings(self) -> Iterable[Booking]:
        async with self._reading:
            moved = self._directory.hub.versions((REQUESTS,))[REQUESTS]
            age = time.monotonic() - self._read_at
            if age > OLDEST_S or moved != self._moved:
                await asyncio.sleep(max(0.0, PAUSE_S - age))
                # Taken before the reading: what moves meanwhile is read the next time.
                moved = self._directory.hub.versions((REQUESTS,))[REQUESTS]
                async with self._database.reading() as connection:
                    found, newest = await self._store.since(connection, self._revision)
                self._known |= found
                self._revision = max(self._revision, newest - OVERLAP_MS)
                self._moved, self._read_at = moved, time.monotonic()
            return tuple(self._known.values())

    def _requested(self, actor: Actor, teams: frozenset[str]) -> dict[str, Resources] | None:
        if not self._directory.has_synced or not teams:
            return None
        found: dict[str, Resources] = {}
        query = RowQuery(teams=teams, limit=_EVERYTHING)
        for row in self._directory.find(query, actor=actor).items:
            used = Resources(
                *(
                    parse_quantity(row.quota[key].used) if key in row.quota else Decimal(0)
                    for key in BUDGETED
                )
            )
            found[str(row.team)] = found.get(str(row.team), Resources()) + used
        return found


def _by_day(days: Iterable[TeamDay]) -> tuple[DayUse, ...]:
    found: dict[datetime, list[TeamDay]] = {}
    for day in days:
        found.setdefault(day.start, []).append(day)
    return tuple(
        DayUse(
            start=start,
            hours=(hours := sum((day.hours for day in parts), Resources())),
            cost=hours_cost(hours),
            namespaces=sum(day.namespaces for day in parts),
            is_whole=all(day.is_whole for day in parts),
        )
        for start, parts in sorted(found.items())
    )


def _team_use(
    name: str, label: str, days: list[TeamDay], requested: dict[str, Resources] | None
) -> TeamUse:
    booked = days[-1].end if days else Resources()
    hours = sum((day.hours for day in days), Resources())
    return TeamUse(
        name=name,
        display_name=label,
        booked=booked,
        requested=None if requested is None else requested.get(name, Resources()),
        namespaces=days[-1].namespaces if days else 0,
        hours=hours,
        cost=hours_cost(hours),
        monthly=monthly_cost(booked).monthly,
        days=tuple(days),
    )
