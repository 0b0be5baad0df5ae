"""What people keep for themselves: drafts of requests and saved views, by person and key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import PersonalRow

__all__ = ["PersonalItem", "PersonalStore"]

_ITEM = PersonalRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class PersonalItem:
    """One thing that somebody kept."""

    key: str
    title: str
    document: dict[str, Any]
    updated_at: datetime


def _all_of(subject: str, kind: str) -> Select[Any]:
    return (
        select(_ITEM)
        .where(_ITEM.c.subject == subject, _ITEM.c.kind == kind)
        .order_by(_ITEM.c.updated_at.desc(), _ITEM.c.key)
    )


async def _items(connection: AsyncConnection, query: Select[Any]) -> list[PersonalItem]:
    rows = (await connection.execute(query)).mappings()
    return [
        PersonalItem(row["key"], row["title"], row["document"], row["updated_at"]) for row in rows
    ]


class PersonalStore:
    """Reads and writes within the caller's transaction; nobody reads another's."""

    async def all(
        self, connection: AsyncConnection, *, subject: str, kind: str
    ) -> list[PersonalItem]:
        """All of a kind that somebody kept, the newest first."""
        return await _items(connection, _all_of(subject, kind))

    async def locked(
        self, connection: AsyncConnection, *, subject: str, kind: str
    ) -> list[PersonalItem]:
        """The same, and nobody else changes them until this transaction ends."""
        return await _items(connection, _all_of(subject, kind).with_for_update())

    async def put(
        self, connection: AsyncConnection, item: PersonalItem, *, subject: str, kind: str
    ) -> None:
        """Keep it, in place of what bore the key before."""
        values = {
            "title": item.title, "document": item.document, "updated_at": item.updated_at,
        }  # fmt: skip
        known = (
            update(_ITEM)
            .where(_ITEM.c.subject == subject, _ITEM.c.kind == kind, _ITEM.c.key == item.key)
            .values(**values)
        )
        if (await connection.execute(known)).rowcount == 0:
            await connection.execute(
                insert(_ITEM).values(subject=subject, kind=kind, key=item.key, **values)
            )

    async def remove(
        self, connection: AsyncConnection, key: str, *, subject: str, kind: str
    ) -> bool:
        """Forget it; False when there was nothing."""
        gone = delete(_ITEM).where(
            _ITEM.c.subject == subject, _ITEM.c.kind == kind, _ITEM.c.key == key
        )
        return (await connection.execute(gone)).rowcount == 1
