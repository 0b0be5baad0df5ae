"""Exports as people ask for them: one of what runs now, and those kept of what is gone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError
from ..domain.actors import CARETAKER, Actor
from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import NotFoundError, UnavailableError
from ..domain.exports import Archive, Export
from ..identity.permissions import Permission, ensure_may
from ..provisioning.exporting import export_of
from ..provisioning.plans import Plans
from ..provisioning.stores import Stores

__all__ = ["Exports"]

SWEEP_EVERY: Final = timedelta(hours=1)


class Exports:
    """Makes and hands out archives of namespaces. Secrets are in none of them."""

    def __init__(
        self,
        *,
        stores: Stores,
        plans: Plans,
        cluster: Cluster | None,
        kept_for: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._plans = plans
        self._cluster = cluster
        self._kept_for = kept_for
        self._clock = clock
        self._swept_at: datetime | None = None

    async def live(self, name: str, *, actor: Actor, source: str) -> Archive:
        """Pack a namespace as it is now; nothing is kept but the audit event.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or not theirs to take away.
            UnavailableError: the cluster does not answer.
        """
        permission = Permission.NAMESPACE_EXPORT
        record = await self._plans.record(name, actor=actor, permission=permission)
        if self._cluster is None:
            raise UnavailableError("No cluster is configured: nothing can be exported.")
        async with self._stores.database.reading() as connection:
            sleepers = await self._stores.sleepers.list(
                connection, cluster=record.cluster, namespace=name
            )
        try:
            archive = await export_of(self._cluster, record, sleepers=sleepers, may_lack=True)
        except ClusterError as error:
            raise UnavailableError(f"The cluster did not answer: {error.message}") from error
        await self._record(name, str(record.team), actor, source, f"namespace/{name}")
        return archive

    async def kept(self, *, actor: Actor, namespace: str = "") -> list[Export]:
        """Those kept of the actor's teams, the newest first."""
        teams = None if actor.sees_all_teams else frozenset(str(team) for team in actor.teams)
        async with self._stores.database.reading() as connection:
            return await self._stores.exports.newest(connection, teams=teams, namespace=namespace)

    def kept_until(self, export: Export) -> datetime:
        """When a kept one is dropped."""
        return export.created_at + self._kept_for

    async def forget_old(self) -> None:
        """Drop what was kept for long enough; looks once an hour.

        Raises:
            UnavailableError: the database does not answer.
        """
        now = self._clock()
        if self._swept_at is not None and now - self._swept_at < SWEEP_EVERY:
            return
        async with self._stores.database.transaction() as connection:
            old = await self._stores.exports.forget_before(connection, now - self._kept_for)
            for export in old:
                event = AuditEvent(
                    actor=CARETAKER.subject,
                    action="export.forget",
                    object=f"export/{export.export_id}",
                    outcome=Outcome.COMPLETED,
                    team=str(export.team),
                    namespace=export.namespace,
                    source="timetable",
                    before={"created_at": export.created_at.isoformat(), "sha256": export.sha256},
                )
                await self._stores.audit.append(connection, event, at=now)
        self._swept_at = now

    async def open(self, export_id: str, *, actor: Actor, source: str) -> tuple[Export, bytes]:
        """Hand out one that is kept.

        Raises:
            NotFoundError: there is none, or it is not of the actor's teams.
            ForbiddenError: the actor's role only reads.
        """
        async with self._stores.database.reading() as connection:
            export = await self._stores.exports.get(connection, export_id)
            if export is None:
                raise NotFoundError("export", export_id)
            ensure_may(
                actor, Permission.NAMESPACE_EXPORT, export.team, kind="export", name=export_id
            )
            content = await self._stores.exports.archive(connection, export_id)
        await self._record(export.namespace, str(export.team), actor, source, f"export/{export_id}")
        return export, content

    async def _record(
        self, namespace: str, team: str, actor: Actor, source: str, what: str
    ) -> None:
        event = AuditEvent(
            actor=actor.subject,
            action="namespace.export",
            object=what,
            outcome=Outcome.COMPLETED,
            team=team,
            namespace=namespace,
            source=f"{source}/{actor.auth.value}",
        )
        async with self._stores.database.transaction() as connection:
            await self._stores.audit.append(connection, event, at=self._clock())
