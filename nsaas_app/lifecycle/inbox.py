"""The inbox: notices in memory, each person's own, read or not.

Those of the last ninety days, and wishes for budget for as long as nobody has decided them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ..directory.hub import Hub
from ..domain.actors import Actor
from ..domain.budget_asks import answer_key, open_asks
from ..domain.names import TeamName
from ..domain.notices import Notice, NoticeKind, concerns
from ..provisioning.stores import Stores
from ..teams.teams import Teams

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

    def __init__(
        self, *, stores: Stores, teams: Teams, hub: Hub, clock: Callable[[], datetime]
    ) -> None:
        self._stores = stores
        self._teams = teams
        self._hub = hub
        self._clock = clock
        self._notices: tuple[Notice, ...] = ()
        self._reads: frozenset[tuple[str, str]] = frozenset()
        self._wishes: tuple[Notice, ...] | None = None
        """Those nobody declined; None until they were read. New ones come with the others."""
        self._unread: dict[str, tuple[Actor, int]] = {}

    async def refresh(self) -> None:
        """Read what is stored; pages learn of it if it differs.

        Raises:
            UnavailableError: the database does not answer.
        """
        since = self._clock() - KEPT
        async with self._stores.database.reading() as connection:
            store = self._stores.notices
            recent = await store.since(connection, since)
            wishes = self._wishes
            if wishes is None:
                wishes = tuple(await store.unanswered_wishes(connection))
            known = {notice.notice_id for notice in recent}
            older = [wish for wish in wishes if wish.notice_id not in known]
            read = await store.reads_since(connection, since)
            if older:
                read |= await store.reads_of(connection, [wish.notice_id for wish in older])
        older = await self._undecided(older, recent)
        notices, reads = (*recent, *older), frozenset(read)
        declined = {one.key for one in notices if one.kind is NoticeKind.BUDGET_ANSWER}
        self._wishes = tuple(
            one
            for one in notices
            if one.kind is NoticeKind.BUDGET and answer_key(one.notice_id) not in declined
        )
        if (notices, reads) != (self._notices, self._reads):
            self._notices, self._reads = notices, reads
            self._unread.clear()
            self._hub.publish(INBOX)

    async def _undecided(self, wishes: list[Notice], recent: list[Notice]) -> list[Notice]:
        """Wishes that nobody declined and no budget fulfils."""
        if not wishes:
            return []
        teams = await self._teams.all()
        told = [*recent, *wishes]
        still = {
            ask.ask_id
            for name in {wish.team for wish in wishes}
            if name in teams
            for ask in open_asks(teams[name], told)
        }
        return [wish for wish in wishes if wish.notice_id in still]

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
