"""Anchors of the audit chain: its newest entry, told to the log every hour.

The chain shows what was changed, removed or put in between. What it cannot show by itself is that
its newest entries are gone: what is left is whole. An anchor lies outside the database, and the
entry it names must still be there, with the same hash.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

import structlog

from ..domain.errors import FieldIssue, InvalidFieldsError
from ..store.audit import AuditStore
from ..store.database import Database

__all__ = ["ANCHOR_EVENT", "ANCHOR_EVERY", "MAX_ANCHORS", "Anchor", "AuditAnchors"]

ANCHOR_EVERY: Final = timedelta(hours=1)
ANCHOR_EVENT: Final = "audit anchor"
"""What the log line is called; `nsaas audit verify --log` looks for it."""
MAX_ANCHORS: Final = 200
"""So many of the newest are kept, and taken from others: more than a week of one process."""

_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry that must be in the log: its number and hash."""

    seq: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote.

        Raises:
            InvalidFieldsError: the text is no anchor.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            message = "An anchor is <number>:<64 hexadecimal digits>."
            raise InvalidFieldsError([FieldIssue("anchors", message)])
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


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
