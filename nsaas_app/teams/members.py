"""Who belongs to a team: by the groups that give its roles, and who was seen with them."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..domain.actors import Actor, Role
from ..domain.names import TeamName
from ..domain.team_document import GROUP_ROLES
from ..domain.teams import Team
from ..identity.permissions import Permission, ensure_may
from ..store.database import Database
from ..store.sessions import SeenIdentity, SessionStore
from .teams import Teams

__all__ = ["GroupRow", "Member", "MemberList", "Members", "members_among"]

REFRESH_S: Final = 1.0
"""All pages of a process read who was seen once in this time."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a living login session or token whom a group of the team gives a role."""

    subject: str
    display_name: str
    role: Role
    groups: tuple[str, ...]
    """The groups the role comes from."""
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of the team's configuration."""

    name: str
    role: Role
    seen: int
    """How many people were seen with it: none may be a spelling mistake."""


@dataclass(frozen=True, slots=True)
class MemberList:
    """The groups of a team, strongest role first, and the people seen with them."""

    groups: tuple[GroupRow, ...]
    members: tuple[Member, ...]


def members_among(team: Team, seen: Iterable[SeenIdentity]) -> MemberList:
    """Find who of those seen belongs to the team, each with the strongest role."""
    by_role: Mapping[Role, tuple[str, ...]] = {
        Role(role): getattr(team.groups, role) for role in reversed(GROUP_ROLES)
    }
    counts: dict[str, int] = {}
    members = []
    for identity in seen:
        held = set(identity.groups)
        for group in held:
            counts[group] = counts.get(group, 0) + 1
        for role, groups in by_role.items():
            through = tuple(group for group in groups if group in held)
            if through:
                member = Member(
                    identity.subject, identity.display_name, role, through, identity.seen_at
                )
                members.append(member)
                break
    order = list(by_role)
    members.sort(key=lambda member: (order.index(member.role), member.subject))
    rows = [
        GroupRow(group, role, counts.get(group, 0))
        for role, groups in by_role.items()
        for group in groups
    ]
    return MemberList(tuple(rows), tuple(members))


class Members:
    """Reads who belongs to a team. Nobody is stored as a member: groups decide, at each sign-in."""

    def __init__(
        self,
        *,
        database: Database,
        sessions: SessionStore,
        teams: Teams,
        clock: Callable[[], datetime],
        refresh_s: float = REFRESH_S,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._teams = teams
        self._clock = clock
        self._refresh_s = refresh_s
        self._seen: list[SeenIdentity] = []
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def of(self, name: str, *, actor: Actor) -> MemberList:
        """Who belongs to a team.

        Raises:
            NotFoundError: there is no such team, or it is not the actor's.
        """
        ensure_may(actor, Permission.TEAM_READ, TeamName(name), kind="team", name=name)
        return members_among(await self._teams.require(TeamName(name)), await self._who_was_seen())

    async def _who_was_seen(self) -> list[SeenIdentity]:
        async with self._reading:
            if time.monotonic() - self._read_at > self._refresh_s:
                async with self._database.reading() as connection:
                    self._seen = await self._sessions.seen(connection, now=self._clock())
                self._read_at = time.monotonic()
        return self._seen
