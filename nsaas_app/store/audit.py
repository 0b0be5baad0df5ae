"""The audit log: append-only rows in an HMAC chain. Triggers refuse every change to them."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, func, insert, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.audit import AuditEvent, AuditFilter, BrokenLink, Outcome
from .tables import AuditRow

__all__ = ["AuditStore"]

_AUDIT = AuditRow.__table__  # type: ignore[attr-defined]
_AUDIT_LOCK: Final = 4711
"""Key of PostgreSQL's advisory lock: two appends must not chain to the same row."""

_TOLD_EVERY: Final = 500
"""So many rows of a check lie between two words on how far it is."""

# Built once: building a statement takes ten times as long as running it.
_APPEND = insert(_AUDIT)
_HEAD = select(_AUDIT.c.seq, _AUDIT.c.hash).order_by(_AUDIT.c.seq.desc()).limit(1)
_LOCK = text(f"SELECT pg_advisory_xact_lock({_AUDIT_LOCK})")

_SIGNED: Final = (
    "seq", "at", "actor", "team", "action", "namespace", "object", "outcome",
    "correlation_id", "request_id", "source", "before", "after", "previous_hash",
)  # fmt: skip


_TEXTS: Final = (
    "actor", "team", "action", "namespace", "object", "correlation_id", "request_id", "source",
)  # fmt: skip


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _storable(text: str) -> str:
    """Replace what a database cannot hold: a refused call is recorded whatever it was named."""
    return text.encode(errors="replace").decode().replace("\0", "?")


def _digest(key: bytes, row: Mapping[str, Any]) -> str:
    signed = {name: row[name] for name in _SIGNED}
    signed["at"] = row["at"].astimezone(UTC).isoformat()
    return hmac.new(key, _canonical(signed).encode(), hashlib.sha256).hexdigest()


class AuditStore:
    """Appends and reads audit events. The keys live outside the database."""

    def __init__(self, *, key: bytes, others: tuple[bytes, ...] = ()) -> None:
        """Take the key that signs, and those whose rows hold too: older ones, or the next one."""
        self._key = key
        self._all = (key, *others)

    async def append(self, connection: AsyncConnection, event: AuditEvent, *, at: datetime) -> None:
        """Add an event to the chain, in the transaction of the change it records."""
        if connection.dialect.name == "postgresql":
            await connection.execute(_LOCK)
        last = await self.head(connection)
        row: dict[str, Any] = {
            "seq": last[0] + 1 if last else 1,
            "at": at,
            **{name: _storable(getattr(event, name)) for name in _TEXTS},
            "outcome": event.outcome.value,
            "before": None if event.before is None else _canonical(event.before),
            "after": None if event.after is None else _canonical(event.after),
            "previous_hash": last[1] if last else "",
        }
        row["hash"] = _digest(self._key, row)
        await connection.execute(_APPEND, row)

    async def head(self, connection: AsyncConnection) -> tuple[int, str] | None:
        """Number and hash of the newest row; None where there is none."""
        found = (await connection.execute(_HEAD)).first()
        return (found[0], found[1]) if found else None

    async def verify(
        self,
        connection: AsyncConnection,
        *,
        anchors: Collection[tuple[int, str]] = (),
        on_progress: Callable[[int], None] = lambda _count: None,
    ) -> tuple[int, int | None]:
        """Check the whole chain: how many rows were read, and the first bad number if any.

        Args:
            connection: where to read.
            anchors: numbers and hashes that were told outside the database. Each must be there,
                so that newest rows that were taken away are missed.
            on_progress: told now and then how many rows were read.
        """
        expected: dict[int, set[str]] = {}
        for seq, told in anchors:
            expected.setdefault(seq, set()).add(told)
        previous, count = "", 0
        rows = await connection.stream(select(_AUDIT).order_by(_AUDIT.c.seq))
        try:
            async for mapping in rows.mappings():
                row, count = dict(mapping), count + 1
                is_right = (
                    row["seq"] == count
                    and row["previous_hash"] == previous
                    and self._is_signed(row)
                    and expected.get(count, {row["hash"]}) == {row["hash"]}
                )
                if not is_right:
                    return count, count
                previous = row["hash"]
                if count % _TOLD_EVERY == 0:
                    on_progress(count)
        finally:
            # A cursor on the server stays open after an early end otherwise.
            await rows.close()
        return count, count + 1 if any(seq > count for seq in expected) else None

    async def broken_link(self, connection: AsyncConnection, seq: int) -> BrokenLink:
        """Say what is wrong with an entry that `verify` found."""
        query = select(_AUDIT).where(_AUDIT.c.seq.in_((seq - 1, seq)))
        rows = {row["seq"]: dict(row) for row in (await connection.execute(query)).mappings()}
        row, before = rows.get(seq), rows.get(seq - 1)
        computed = ""
        if row:
            # Signed by an older key it is as it was written too.
            computed = row["hash"] if self._is_signed(row) else _digest(self._key, row)
        return BrokenLink(
            seq=seq,
            hash=row["hash"] if row else "",
            computed_hash=computed,
            previous_hash=row["previous_hash"] if row else "",
            hash_before=before["hash"] if before else "",
        )

    def _is_signed(self, row: Mapping[str, Any]) -> bool:
        return any(hmac.compare_digest(row["hash"], _digest(key, row)) for key in self._all)

    async def newest(self, connection: AsyncConnection, *, limit: int) -> list[AuditEvent]:
        """The last events, newest first."""
        return await self.find(connection, AuditFilter(), teams=None, limit=limit)

    async def find(
        self,
        connection: AsyncConnection,
        wanted: AuditFilter,
        *,
        teams: frozenset[str] | None,
        limit: int,
        offset: int = 0,
    ) -> list[AuditEvent]:
        """Events that match, newest first. `teams` are the only ones told of; None means all."""
        statement = select(_AUDIT).where(*_conditions(wanted, teams))
        ordered = statement.order_by(_AUDIT.c.seq.desc()).limit(limit).offset(offset)
        return [_event(row) for row in (await connection.execute(ordered)).mappings()]

    async def first(self, connection: AsyncConnection, wanted: AuditFilter) -> AuditEvent | None:
        """The oldest event that matches; None where there is none."""
        statement = select(_AUDIT).where(*_conditions(wanted, None)).order_by(_AUDIT.c.seq).limit(1)
        row = (await connection.execute(statement)).mappings().first()
        return _event(row) if row is not None else None

    async def count(
        self, connection: AsyncConnection, wanted: AuditFilter, *, teams: frozenset[str] | None
    ) -> int:
        """How many events match."""
        statement = select(func.count()).select_from(_AUDIT).where(*_conditions(wanted, teams))
        return int((await connection.execute(statement)).scalar_one())

    async def every(
        self, connection: AsyncConnection, wanted: AuditFilter, *, teams: frozenset[str] | None
    ) -> AsyncIterator[AuditEvent]:
        """All events that match, oldest first, however many there are."""
        statement = select(_AUDIT).where(*_conditions(wanted, teams)).order_by(_AUDIT.c.seq)
        rows = await connection.stream(statement)
        try:
            async for row in rows.mappings():
                yield _event(row)
        finally:
            await rows.close()


def _conditions(wanted: AuditFilter, teams: frozenset[str] | None) -> list[ColumnElement[bool]]:
    columns = _AUDIT.c
    found: list[ColumnElement[bool]] = [] if teams is None else [columns.team.in_(sorted(teams))]
    exact = ("actor", "team", "namespace", "outcome", "seq")
    found += [columns[name] == value for name in exact if (value := getattr(wanted, name))]
    if wanted.action:
        below = columns.action.startswith(f"{wanted.action}.", autoescape=True)
        found.append(or_(columns.action == wanted.action, below))
    if wanted.since:
        found.append(columns.at >= wanted.since)
    if wanted.until:
        found.append(columns.at < wanted.until)
    if wanted.after_seq:
        found.append(columns.seq > wanted.after_seq)
    if wanted.text:
        read = ("actor", "action", "object", "request_id", "correlation_id")
        found.append(or_(*(columns[n].icontains(wanted.text, autoescape=True) for n in read)))
    return found


def _event(row: RowMapping) -> AuditEvent:
    return AuditEvent(
        actor=row["actor"], action=row["action"], object=row["object"],
        outcome=Outcome(row["outcome"]), team=row["team"], namespace=row["namespace"],
        request_id=row["request_id"], correlation_id=row["correlation_id"],
        source=row["source"],
        before=json.loads(row["before"]) if row["before"] else None,
        after=json.loads(row["after"]) if row["after"] else None,
        seq=row["seq"], at=row["at"], hash=row["hash"], previous_hash=row["previous_hash"],
    )  # fmt: skip
