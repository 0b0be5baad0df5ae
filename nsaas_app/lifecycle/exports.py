"""Exports as people ask for them: one of what runs now, and those kept of what is gone."""

from collections.abc import Callable
from datetime import datetime

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError
from ..domain.actors import Actor
from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import NotFoundError, UnavailableError
from ..domain.exports import Archive, Export
from ..identity.permissions import Permission, ensure_may
from ..provisioning.exporting import export_of
from ..provisioning.plans import Plans
from ..provisioning.stores import Stores

__all__ = ["Exports"]


class Exports:
    """Makes and hands out archives of namespaces. Secrets are in none of them."""

    def __init__(
        self,
        *,
        stores: Stores,
        plans: Plans,
        cluster: Cluster | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._plans = plans
        self._cluster = cluster
        self._clock = clock

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
            archive = await export_of(self._cluster, record, sleepers=sleepers)
        except ClusterError as error:
            raise UnavailableError(f"The cluster did not answer: {error.message}") from error
        await self._record(name, str(record.team), actor, source, f"namespace/{name}")
        return archive

    async def kept(self, *, actor: Actor, namespace: str = "") -> list[Export]:
        """Those kept of the actor's teams, the newest first."""
        teams = None if actor.sees_all_teams else frozenset(str(team) for team in actor.teams)
        async with self._stores.database.reading() as connection:
            return await self._stores.exports.newest(connection, teams=teams, namespace=namespace)

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
