"""Samples of quotas: one row where what a quota counts has changed, none where it has not."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..breath import Breath
from ..domain.namespaces import Intent
from ..domain.trends import Amounts, Sample
from .tables import NamespaceRecord, QuotaSampleRow

__all__ = ["SampleStore"]

_SAMPLE = QuotaSampleRow.__table__  # type: ignore[attr-defined]
_NAMESPACE = NamespaceRecord.__table__  # type: ignore[attr-defined]


def _amounts(document: Mapping[str, list[str]]) -> Amounts:
    return {resource: (pair[0], pair[1]) for resource, pair in document.items()}


class SampleStore:
    """Reads and writes within the caller's transaction."""

    async def add(
        self,
        connection: AsyncConnection,
        amounts: Mapping[str, Amounts],
        *,
        cluster: str,
        at: datetime,
    ) -> None:
        """Store what changed, by namespace."""
        rows = [
            {
                "cluster": cluster,
                "namespace": name,
                "at": at,
                "amounts": {resource: list(pair) for resource, pair in each.items()},
            }
            for name, each in amounts.items()
        ]
        if rows:
            await connection.execute(insert(_SAMPLE), rows)

    async def latest(self, connection: AsyncConnection, *, cluster: str) -> dict[str, Sample]:
        """The newest sample of every namespace."""
        newest = (
            select(_SAMPLE.c.namespace, func.max(_SAMPLE.c.at).label("at"))
            .where(_SAMPLE.c.cluster == cluster)
            .group_by(_SAMPLE.c.namespace)
            .subquery()
        )
        same = and_(_SAMPLE.c.namespace == newest.c.namespace, _SAMPLE.c.at == newest.c.at)
        query = (
            select(_SAMPLE.c.namespace, _SAMPLE.c.at, _SAMPLE.c.amounts)
            .join(newest, same)
            .where(_SAMPLE.c.cluster == cluster)
        )
        found, breath = {}, Breath()
        for name, at, amounts in await connection.execute(query):
            await breath.draw()
            found[name] = Sample(at, _amounts(amounts))
        return found

    async def of(
        self, connection: AsyncConnection, name: str, *, cluster: str, since: datetime
    ) -> list[Sample]:
        """The samples of one namespace, the oldest first; one before `since` tells how it began."""
        theirs = (_SAMPLE.c.cluster == cluster) & (_SAMPLE.c.namespace == name)
        first = (
            select(func.max(_SAMPLE.c.at)).where(theirs, _SAMPLE.c.at <= since).scalar_subquery()
        )
        query = (
            select(_SAMPLE.c.at, _SAMPLE.c.amounts)
            .where(theirs, (_SAMPLE.c.at > since) | (_SAMPLE.c.at == first))
            .order_by(_SAMPLE.c.at)
        )
        rows = (await connection.execute(query)).mappings()
        return [Sample(row["at"], _amounts(row["amounts"])) for row in rows]

    async def forget(self, connection: AsyncConnection, *, before: datetime) -> None:
        """Drop what is too old, except what still holds: the newest of each namespace there is."""
        newer = _SAMPLE.alias()
        is_outdated = (
            select(newer.c.at)
            .where(
                newer.c.cluster == _SAMPLE.c.cluster,
                newer.c.namespace == _SAMPLE.c.namespace,
                newer.c.at > _SAMPLE.c.at,
                newer.c.at <= before,
            )
            .exists()
        )
        is_there = (
            select(_NAMESPACE.c.name)
            .where(
                _NAMESPACE.c.cluster == _SAMPLE.c.cluster,
                _NAMESPACE.c.name == _SAMPLE.c.namespace,
                _NAMESPACE.c.created_at <= _SAMPLE.c.at,
                _NAMESPACE.c.intent != Intent.DELETED.value,
            )
            .exists()
        )
        await connection.execute(
            delete(_SAMPLE).where(_SAMPLE.c.at < before, is_outdated | ~is_there)
        )
