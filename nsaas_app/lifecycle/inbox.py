"""The inbox: notices of the last ninety days in memory, each person's own, read or not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ..directory.hub import Hub
from ..domain.actors import Actor
from ..domain.names import TeamName
from ..domain.notices import Notice, concerns
from ..provisioning.stores import Stores

__all__ = ["INBOX", "Inbox", "InboxItem"]

INBOX: Final = "inbox"
"""Topic that wakes the pages which show notices."""
KEPT: Final = timedelta(days=90)
_MOST: Final = 4096
"""Numbers of unread notices that are known without counting."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A notice as one person has it."""

    notice: Notice
    is_read: bool


class Inbox:
    """Answers from memory; the database is read when a notice was told, and now and then."""

    def __init__(self, *, stores: Stores, hub: Hub, clock: Callable[[], datetime]) -> None:
        self._stores = stores
        self._hub = hub
        self._clock = clock
        self._notices: tuple[Notice, ...] = ()
        self._reads: frozenset[tuple[str, str]] = frozenset()
        self._unread: dict[str, tuple[Actor, int]] = {}

    async def refresh(self) -> None:
        """Read what is stored; pages learn of it if it differs.

        Raises:
            UnavailableError: the database does not answer.
        """
        since = self._clock() - KEPT
        async with self._stores.database.reading() as connection:
            notices = tuple(await self._stores.notices.since(connection, since))
            reads = frozenset(await self._stores.notices.reads_since(connection, since))
        if (notices, reads) != (self._notices, self._reads):
            self._notices, self._reads = notices, reads
            self._unread.clear()
            self._hub.publish(INBOX)

    def of(self, actor: Actor, *, limit: int = 200) -> tuple[InboxItem, ...]:
        """What is for this person, the newest first."""
        own = (notice for notice in self._notices if concerns(notice, actor))
        items = (
            InboxItem(notice, (notice.notice_id, actor.subject) in self._reads) for notice in own
        )
        return tuple(item for item, _ in zip(items, range(limit), strict=False))

    def of_team(self, team: TeamName) -> tuple[Notice, ...]:
        """Every notice about a team, the newest first; for the portal itself, read or not."""
        return tuple(notice for notice in self._notices if notice.team == team)

    def unread(self, actor: Actor) -> int:
        """How many of them were not read."""
        # Every page asks at every turn; an actor is the same object until its rights change.
        asked_by = actor.session or actor.subject
        known = self._unread.get(asked_by)
        if known is None or known[0] is not actor:
            if len(self._unread) >= _MOST:
                self._unread.clear()
            count = sum(not item.is_read for item in self.of(actor))
            known = self._unread[asked_by] = (actor, count)
        return known[1]

    async def mark_read(self, notice_ids: Iterable[str], *, actor: Actor) -> int:
        """Remember that this person has read them; give how many of theirs those are.

        Ids of other people's notices are passed over, as if there were none.
        """
        wanted = set(notice_ids)
        own = [i.notice.notice_id for i in self.of(actor) if i.notice.notice_id in wanted]
        async with self._stores.database.transaction() as connection:
            await self._stores.notices.mark_read(
                connection, own, subject=actor.subject, at=self._clock()
            )
        await self.refresh()
        return len(own)
