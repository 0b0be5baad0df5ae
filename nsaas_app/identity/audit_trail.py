"""Reading the audit log: who did what, for those who may know, and whether it is untouched."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..domain.actors import Actor, Role
from ..domain.audit import AuditEvent, AuditFilter, BrokenLink
from ..domain.audit_anchors import Anchor
from ..store.audit import AuditStore
from ..store.database import Database
from .audit_anchors import AuditAnchors
from .permissions import TABLE, Permission, ensure_may_anywhere

__all__ = ["AuditPage", "AuditTrail", "ChainCheck"]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A part of the events that match, newest first."""

    items: tuple[AuditEvent, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What a walk along the whole chain found."""

    checked: int
    first_bad_seq: int | None
    at: datetime
    broken: BrokenLink | None = None
    """What is wrong with the first bad entry; None while all are as they were written."""

    @property
    def is_valid(self) -> bool:
        """Whether every entry is as it was written."""
        return self.first_bad_seq is None


class AuditTrail:
    """The audit log as people may read it: leads that of their teams, the rest of us all of it."""

    def __init__(
        self,
        *,
        database: Database,
        audit: AuditStore,
        anchors: AuditAnchors,
        clock: Callable[[], datetime],
    ) -> None:
        self.anchors = anchors
        self._database = database
        self._audit = audit
        self._clock = clock
        self._latest: ChainCheck | None = None

    def latest_check(self, *, actor: Actor) -> ChainCheck | None:
        """What the last walk along the chain found in this process; None before the first.

        Raises:
            ForbiddenError: only platform admins and auditors know.
        """
        ensure_may_anywhere(actor, Permission.AUDIT_VERIFY)
        return self._latest

    async def count(self, wanted: AuditFilter, *, actor: Actor) -> int:
        """How many events match.

        Raises:
            ForbiddenError: the actor reads no team's log.
        """
        teams = _told_of(actor)
        async with self._database.reading() as connection:
            return await self._audit.count(connection, wanted, teams=teams)

    async def find(
        self, wanted: AuditFilter, *, actor: Actor, limit: int, offset: int = 0
    ) -> AuditPage:
        """Events that match, newest first.

        Raises:
            ForbiddenError: the actor reads no team's log.
        """
        teams = _told_of(actor)
        async with self._database.reading() as connection:
            found = await self._audit.find(
                connection, wanted, teams=teams, limit=limit, offset=offset
            )
            total = await self._audit.count(connection, wanted, teams=teams)
        return AuditPage(tuple(found), total)

    async def export(self, wanted: AuditFilter, *, actor: Actor) -> AsyncIterator[AuditEvent]:
        """All events that match, oldest first, as they are read.

        Raises:
            ForbiddenError: the actor reads no team's log.
        """
        teams = _told_of(actor)

        async def events() -> AsyncIterator[AuditEvent]:
            async with self._database.reading() as connection:
                async for event in self._audit.every(connection, wanted, teams=teams):
                    yield event

        return events()

    async def verify(
        self,
        *,
        actor: Actor,
        anchors: Sequence[str] = (),
        on_progress: Callable[[int], None] = lambda _count: None,
    ) -> ChainCheck:
        """Walk along the whole chain, past the anchors of this process and those given.

        Args:
            actor: who asks.
            anchors: as they stand in logs, `<number>:<hash>`.
            on_progress: told now and then how many entries were checked.

        Raises:
            ForbiddenError: only platform admins and auditors do.
            InvalidFieldsError: one of the anchors is none.
        """
        ensure_may_anywhere(actor, Permission.AUDIT_VERIFY)
        told = self.anchors.with_known(Anchor.parse(text) for text in anchors)
        async with self._database.reading() as connection:
            pairs = [(anchor.seq, anchor.hash) for anchor in told]
            checked, first_bad = await self._audit.verify(
                connection, anchors=pairs, on_progress=on_progress
            )
            broken = None
            if first_bad is not None:
                broken = await self._audit.broken_link(connection, first_bad)
        self._latest = ChainCheck(checked, first_bad, self._clock(), broken)
        return self._latest


def _told_of(actor: Actor) -> frozenset[str] | None:
    """The teams whose events the actor may read; None for all of them, and of none."""
    ensure_may_anywhere(actor, Permission.AUDIT_READ)
    if actor.is_admin or actor.is_auditor:
        return None
    readers = TABLE[Permission.AUDIT_READ] - {Role.ADMIN, Role.AUDITOR}
    return frozenset(str(team) for team, role in actor.teams.items() if role in readers)
