"""Anchors of the audit chain: its newest entry, told to the log every hour.

The chain shows what was changed, removed or put in between. What it cannot show by itself is that
its newest entries are gone: what is left is whole. An anchor lies outside the database, and the
entry it names must still be there, with the same hash.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog

from ..domain.audit_anchors import ANCHOR_EVENT, MAX_ANCHORS, Anchor
from ..store.audit import AuditStore
from ..store.database import Database

__all__ = ["ANCHOR_EVERY", "AuditAnchors"]

ANCHOR_EVERY: Final = timedelta(hours=1)

log = structlog.get_logger()


class AuditAnchors:
    """Writes anchors when their time has come, and remembers those of this process."""

    def __init__(
        self, *, database: Database, audit: AuditStore, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._due_at: datetime | None = None
        self._known: list[Anchor] = []

    @property
    def known(self) -> tuple[Anchor, ...]:
        """The anchors this process wrote, oldest first."""
        return tuple(self._known)

    async def look(self) -> Anchor | None:
        """Write an anchor if one is due: at the first look, then every hour.

        Raises:
            PortalError: the database does not answer; the next look tries again.
        """
        now = self._clock()
        if self._due_at is not None and now < self._due_at:
            return None
        async with self._database.reading() as connection:
            head = await self._audit.head(connection)
        if head is None:
            return None
        self._due_at = now + ANCHOR_EVERY
        anchor = Anchor(*head)
        if anchor not in self._known[-1:]:
            self._known = [*self._known, anchor][-MAX_ANCHORS:]
        log.info(ANCHOR_EVENT, anchor=str(anchor))
        return anchor

    def with_known(self, others: Iterable[Anchor]) -> list[Anchor]:
        """All that must hold: these, and what this process wrote itself."""
        return list(dict.fromkeys([*others, *self._known]))
