"""Access reviews: a lead confirms who belongs to the team. What is kept of it is the audit log."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ..domain.access_review import AccessReview
from ..domain.actors import Actor
from ..domain.audit import AuditEvent, AuditFilter, Outcome
from ..domain.errors import ForbiddenError, NotFoundError
from ..domain.names import TeamName
from ..domain.team_document import team_to_document
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
        self._known: dict[str, tuple[float, AccessReview]] = {}

    async def of(self, name: str, *, actor: Actor) -> AccessReview:
        """When the access of a team was reviewed.

        Raises:
            NotFoundError: there is no such team, or it is not the actor's.
        """
        ensure_may(actor, Permission.TEAM_READ, TeamName(name), kind="team", name=name)
        await self._teams.require(TeamName(name))
        known = self._known.get(name)
        if known is not None and time.monotonic() - known[0] < self._refresh_s:
            return known[1]
        found = await self._read(name)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[name] = (time.monotonic(), found)
        return found

    async def confirm(self, name: str, change: TeamChange) -> AccessReview:
        """Write down that a lead looked at the groups as they are and found them right.

        Raises:
            NotFoundError, ForbiddenError: the actor does not lead the team.
        """
        try:
            ensure_may(
                change.actor, Permission.TEAM_MEMBERS, TeamName(name), kind="team", name=name
            )
        except (NotFoundError, ForbiddenError) as error:
            await self._record(name, change, Outcome.DENIED, {"code": error.code})
            raise
        team = await self._teams.require(TeamName(name))
        groups = team_to_document(team)["groups"]
        await self._record(name, change, Outcome.COMPLETED, {"groups": groups})
        self._known.pop(name, None)
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

    async def _read(self, name: str) -> AccessReview:
        done = AuditFilter(team=name, action=ACTION, outcome=Outcome.COMPLETED.value)
        async with self._database.reading() as connection:
            newest = await self._audit.find(connection, done, teams=None, limit=1)
            first = await self._audit.first(connection, AuditFilter(team=name))
        last = newest[0] if newest else None
        return AccessReview(
            reviewed_at=last.at if last else None,
            reviewed_by=last.actor if last else "",
            known_since=first.at if first else None,
        )
