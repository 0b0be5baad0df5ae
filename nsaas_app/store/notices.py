"""Notices, who has read them, and their deliveries to the outside."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import RowMapping, Table, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.budget_asks import answer_key
from ..domain.names import TeamName
from ..domain.notices import Channel, Delivery, Notice, NoticeKind
from .tables import DeliveryRow, NoticeReadRow, NoticeRow

__all__ = ["NoticeStore"]

_NOTICE: Table = NoticeRow.__table__  # type: ignore[attr-defined]
_READ: Table = NoticeReadRow.__table__  # type: ignore[attr-defined]
_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_IS_KNOWN: Final = _NOTICE.c.kind.in_([kind.value for kind in NoticeKind])
"""While one process is newer than another, each passes over what it cannot read."""


def _notice(row: RowMapping) -> Notice:
    return Notice(
        notice_id=row["notice_id"],
        key=row["key"],
        kind=NoticeKind(row["kind"]),
        cluster=row["cluster"],
        namespace=row["namespace"],
        team=TeamName(row["team"]),
        owner=row["owner"],
        title=row["title"],
        text=row["text"],
        created_at=row["created_at"],
    )


async def _insert_new(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row unless a unique key of it is taken."""
    is_sqlite = connection.dialect.name == "sqlite"
    insert = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    made = insert.values(**values).on_conflict_do_nothing().returning(*table.primary_key)
    return (await connection.execute(made)).first() is not None


class NoticeStore:
    """Reads and writes within the caller's transaction."""

    async def add(
        self,
        connection: AsyncConnection,
        notice: Notice,
        receivers: Iterable[tuple[Channel, str]] = (),
    ) -> bool:
        """Store a notice with its deliveries; False when it was told before."""
        values = {
            "notice_id": notice.notice_id,
            "key": notice.key,
            "kind": notice.kind.value,
            "cluster": notice.cluster,
            "namespace": notice.namespace,
            "team": str(notice.team),
            "owner": notice.owner,
            "title": notice.title,
            "text": notice.text,
            "created_at": notice.created_at,
        }
        if not await _insert_new(connection, _NOTICE, values):
            return False
        for channel, receiver in receivers:
            delivery = {
                "delivery_id": uuid.uuid4().hex,
                "notice_id": notice.notice_id,
                "channel": channel.value,
                "receiver": receiver,
                "state": "pending",
                "attempts": 0,
                "due_at": notice.created_at,
                "error": "",
            }
            await _insert_new(connection, _DELIVERY, delivery)
        return True

    async def is_told(self, connection: AsyncConnection, key: str) -> bool:
        """Whether a notice of this key is stored."""
        query = select(_NOTICE.c.notice_id).where(_NOTICE.c.key == key)
        return (await connection.execute(query)).first() is not None

    async def since(self, connection: AsyncConnection, moment: datetime) -> list[Notice]:
        """Notices since a moment, the newest first; kinds that a newer version tells are not."""
        query = select(_NOTICE).where(_NOTICE.c.created_at >= moment, _IS_KNOWN)
        query = query.order_by(_NOTICE.c.created_at.desc(), _NOTICE.c.notice_id).limit(5000)
        return [_notice(row) for row in (await connection.execute(query)).mappings()]

    async def unanswered_wishes(self, connection: AsyncConnection) -> list[Notice]:
        """Every wish for budget that nobody declined, however old, the newest first."""
        answer = _NOTICE.alias()
        is_answered = (
            select(answer.c.notice_id)
            .where(answer.c.key == answer_key("") + _NOTICE.c.notice_id)
            .exists()
        )
        query = (
            select(_NOTICE)
            .where(_NOTICE.c.kind == NoticeKind.BUDGET.value, ~is_answered)
            .order_by(_NOTICE.c.created_at.desc(), _NOTICE.c.notice_id)
        )
        return [_notice(row) for row in (await connection.execute(query)).mappings()]

    async def reads_of(
        self, connection: AsyncConnection, notice_ids: Iterable[str]
    ) -> set[tuple[str, str]]:
        """Notice and reader, of these notices."""
        query = select(_READ.c.notice_id, _READ.c.subject).where(
            _READ.c.notice_id.in_(list(notice_ids))
        )
        return {(row[0], row[1]) for row in await connection.execute(query)}

    async def reads_since(
        self, connection: AsyncConnection, moment: datetime
    ) -> set[tuple[str, str]]:
        """Notice and reader, of notices since a moment."""
        query = (
            select(_READ.c.notice_id, _READ.c.subject)
            .join(_NOTICE, _NOTICE.c.notice_id == _READ.c.notice_id)
            .where(_NOTICE.c.created_at >= moment)
        )
        return {(row[0], row[1]) for row in await connection.execute(query)}

    async def mark_read(
        self, connection: AsyncConnection, notice_ids: Iterable[str], *, subject: str, at: datetime
    ) -> None:
        """Remember that somebody has read these."""
        for notice_id in notice_ids:
            values = {"notice_id": notice_id, "subject": subject, "read_at": at}
            await _insert_new(connection, _READ, values)

    async def take_due(
        self, connection: AsyncConnection, *, now: datetime, lease: timedelta, limit: int = 20
    ) -> list[Delivery]:
        """Take deliveries that are due: for the time of the lease nobody else gets them."""
        query = (
            select(_DELIVERY.c.delivery_id)
            .join(_NOTICE, _NOTICE.c.notice_id == _DELIVERY.c.notice_id)
            .where(_DELIVERY.c.state == "pending", _DELIVERY.c.due_at <= now, _IS_KNOWN)
            .order_by(_DELIVERY.c.due_at)
            .limit(limit)
        )
        taken = []
        for delivery_id in (await connection.execute(query)).scalars().all():
            mine = await connection.execute(
                update(_DELIVERY)
                .where(
                    _DELIVERY.c.delivery_id == delivery_id,
                    _DELIVERY.c.state == "pending",
                    _DELIVERY.c.due_at <= now,
                )
                .values(attempts=_DELIVERY.c.attempts + 1, due_at=now + lease)
            )
            if mine.rowcount == 1:
                taken.append(delivery_id)
        query_taken = (
            select(_NOTICE, _DELIVERY)
            .join(_DELIVERY, _NOTICE.c.notice_id == _DELIVERY.c.notice_id)
            .where(_DELIVERY.c.delivery_id.in_(taken))
        )
        return [
            Delivery(
                delivery_id=row[_DELIVERY.c.delivery_id],
                notice=_notice(row),
                channel=Channel(row[_DELIVERY.c.channel]),
                receiver=row[_DELIVERY.c.receiver],
                attempts=row[_DELIVERY.c.attempts],
            )
            for row in (await connection.execute(query_taken)).mappings()
        ]

    async def delivered(
        self, connection: AsyncConnection, delivery: Delivery, *, at: datetime
    ) -> None:
        """Store that it arrived."""
        await self._end(connection, delivery, state="delivered", delivered_at=at, error="")

    async def failed(
        self,
        connection: AsyncConnection,
        delivery: Delivery,
        *,
        error: str,
        again_at: datetime | None,
    ) -> None:
        """Store why it did not arrive, and when it is tried again; never when that is None."""
        if again_at is None:
            await self._end(connection, delivery, state="failed", error=error[:500])
        else:
            await self._end(connection, delivery, due_at=again_at, error=error[:500])

    async def _end(self, connection: AsyncConnection, delivery: Delivery, **values: Any) -> None:
        await connection.execute(
            update(_DELIVERY)
            .where(_DELIVERY.c.delivery_id == delivery.delivery_id)
            .values(**values)
        )

    async def count_by_state(self, connection: AsyncConnection) -> dict[str, int]:
        """How many deliveries stand where."""
        query = select(_DELIVERY.c.state, func.count()).group_by(_DELIVERY.c.state)
        return {row[0]: row[1] for row in await connection.execute(query)}
