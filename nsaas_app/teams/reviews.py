"""Access reviews: a lead confirms who belongs to the team. What is kept of it is the audit log."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from ..domain.access_review import AccessReview, groups_version
from ..domain.actors import Actor
from ..domain.audit import AuditEvent, AuditFilter, Outcome
from ..domain.errors import ChangedMeanwhileError, ForbiddenError, NotFoundError
from ..domain.names import TeamName
from ..domain.team_document import GROUP_ROLES, team_to_document
from ..domain.teams import TeamGroups
from ..identity.permissions import Permission, ensure_may
from ..store.audit import AuditStore
from ..store.database import Database
from .change import TeamChange
from .teams import Teams

__all__ = ["AccessReviews"]

ACTION: Final = "team.review"
REFRESH_S: Final = 5.0
"""Another process may have taken a review; nobody sees an older picture than this."""
_MOST: Final = 1024


class AccessReviews:
    """Tells when access was reviewed, and takes reviews."""

    def __init__(
        self,
        *,
        database: Database,
        audit: AuditStore,
        teams: Teams,
        clock: Callable[[], datetime],
        changed: Callable[[], None],
        refresh_s: float = REFRESH_S,
    ) -> None:
        """Take the parts.

        Args:
            database: where the log is.
            audit: reads and writes it.
            teams: whose access it is.
            clock: tells the time.
            changed: wakes the pages that show it.
            refresh_s: how long an answer is kept.
        """
        self._database = database
        self._audit = audit
        self._teams = teams
        self._clock = clock
        self._changed = changed
        self._refresh_s = refresh_s
        self._known: dict[str, _Known] = {}

    async def of(self, name: str, *, actor: Actor) -> AccessReview:
        """When the access of a team was reviewed.

        Raises:
            NotFoundError: there is no such team, or it is not the actor's.
        """
        ensure_may(actor, Permission.TEAM_READ, TeamName(name), kind="team", name=name)
        await self._teams.require(TeamName(name))
        known = self._known.get(name)
        if known is not None and time.monotonic() - known.read_at < self._refresh_s:
            return known.review
        found = await self._read(name, known)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[name] = found
        return found.review

    async def version(self, name: str) -> str:
        """Name the groups of a team as they are, for who looks at them; see `confirm`."""
        return _version_of((await self._teams.require(TeamName(name))).groups)

    async def confirm(self, name: str, change: TeamChange) -> AccessReview:
        """Write down that a lead looked at the groups as they are and found them right.

        Args:
            name: of the team.
            change: who confirms; its version names the groups that were seen, see `version`.

        Raises:
            NotFoundError, ForbiddenError: the actor does not lead the team.
            ChangedMeanwhileError: the groups are no longer those that were seen.
        """
        try:
            ensure_may(
                change.actor, Permission.TEAM_MEMBERS, TeamName(name), kind="team", name=name
            )
        except (NotFoundError, ForbiddenError) as error:
            await self._record(name, change, Outcome.DENIED, {"code": error.code})
            raise
        team = (await self._teams.fresh()).get(TeamName(name))
        if team is None:
            raise NotFoundError("team", name)
        if change.version and change.version != _version_of(team.groups):
            raise ChangedMeanwhileError("team", name)
        groups = team_to_document(team)["groups"]
        await self._record(name, change, Outcome.COMPLETED, {"groups": groups})
        if known := self._known.get(name):
            self._known[name] = replace(known, read_at=float("-inf"))
        self._changed()
        return await self.of(name, actor=change.actor)

    async def _record(
        self,
        name: str,
        change: TeamChange,
        outcome: Outcome,
        after: dict[str, object],
    ) -> None:
        event = AuditEvent(
            actor=change.actor.subject,
            action=ACTION,
            object=f"team/{name[:63]}",
            outcome=outcome,
            team=name if outcome is Outcome.COMPLETED else "",
            correlation_id=change.correlation_id,
            source=change.audit_source,
            after=after,
        )
        async with self._database.transaction() as connection:
            await self._audit.append(connection, event, at=self._clock())

    async def _read(self, name: str, known: "_Known | None") -> "_Known":
        """Look for reviews in what the log has got since the last look; at first in all of it."""
        before = known.review if known else AccessReview(None, "", None)
        async with self._database.reading() as connection:
            end = await self._audit.newest(connection, limit=1)
            done = AuditFilter(
                team=name,
                action=ACTION,
                outcome=Outcome.COMPLETED.value,
                after_seq=known.seq if known else 0,
            )
            newest = await self._audit.find(connection, done, teams=None, limit=1)
            first = before.known_since
            if first is None:
                event = await self._audit.first(connection, AuditFilter(team=name))
                first = event.at if event else None
        at, by = before.reviewed_at, before.reviewed_by
        if newest:
            at, by = newest[0].at, newest[0].actor
        seq = end[0].seq if end else 0
        return _Known(time.monotonic(), AccessReview(at, by, first), seq)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of one team."""

    read_at: float
    review: AccessReview
    seq: int
    """Up to where the log was looked through."""


def _version_of(groups: TeamGroups) -> str:
    return groups_version((group, role) for role in GROUP_ROLES for group in getattr(groups, role))
