"""Kept archives of namespaces; they outlive the namespaces."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.exports import Export
from ..domain.names import TeamName
from .tables import ExportRow

__all__ = ["ExportStore"]

_EXPORT = ExportRow.__table__  # type: ignore[attr-defined]
_KNOWN = [column for column in _EXPORT.c if column.name != "archive"]


def _export(row: RowMapping) -> Export:
    return Export(
        export_id=row["export_id"],
        cluster=row["cluster"],
        namespace=row["namespace"],
        team=TeamName(row["team"]),
        requested_by=row["requested_by"],
        reason=row["reason"],
        created_at=row["created_at"],
        objects=row["objects"],
        left_out=tuple(row["left_out"]),
        size=row["size"],
        sha256=row["sha256"],
    )


class ExportStore:
    """Reads and writes within the caller's transaction."""

    async def add(self, connection: AsyncConnection, export: Export, archive: bytes) -> None:
        """Keep an archive; one that is kept under this id already stays."""
        if await self.get(connection, export.export_id) is not None:
            return
        values: dict[str, Any] = {column.name: getattr(export, column.name) for column in _KNOWN}
        values |= {"team": str(export.team), "left_out": list(export.left_out)}
        await connection.execute(insert(_EXPORT).values(**values, archive=archive))

    async def get(self, connection: AsyncConnection, export_id: str) -> Export | None:
        """What is known of one."""
        query = select(*_KNOWN).where(_EXPORT.c.export_id == export_id)
        row = (await connection.execute(query)).mappings().first()
        return None if row is None else _export(row)

    async def archive(self, connection: AsyncConnection, export_id: str) -> bytes:
        """The bytes of one that is known."""
        query = select(_EXPORT.c.archive).where(_EXPORT.c.export_id == export_id)
        content: bytes = (await connection.execute(query)).scalar_one()
        return content

    async def forget_before(self, connection: AsyncConnection, moment: datetime) -> list[Export]:
        """Drop those made before a moment; give what is known of them."""
        query = select(*_KNOWN).where(_EXPORT.c.created_at < moment)
        old = [_export(row) for row in (await connection.execute(query)).mappings()]
        ids = [export.export_id for export in old]
        if ids:
            await connection.execute(delete(_EXPORT).where(_EXPORT.c.export_id.in_(ids)))
        return old

    async def newest(
        self,
        connection: AsyncConnection,
        *,
        teams: frozenset[str] | None,
        namespace: str = "",
        limit: int = 200,
    ) -> list[Export]:
        """The newest ones, of some teams or of all, perhaps of one namespace."""
        query = select(*_KNOWN).order_by(_EXPORT.c.created_at.desc(), _EXPORT.c.export_id)
        if teams is not None:
            query = query.where(_EXPORT.c.team.in_(teams))
        if namespace:
            query = query.where(_EXPORT.c.namespace == namespace)
        return [_export(row) for row in (await connection.execute(query.limit(limit))).mappings()]
