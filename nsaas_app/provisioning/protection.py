"""The use case of protection: while it stands nobody releases or deletes the namespace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ..directory.directory import Directory
from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import NotFoundError
from ..domain.namespaces import Intent, ManagedNamespace
from ..identity.permissions import Permission, ensure_may
from ..store.database import StoreConnection
from .intake import InFlightError, Submission
from .stores import Stores

__all__ = ["Protections"]


class Protections:
    """Puts protection on and lifts it. Nothing in the cluster changes by it."""

    def __init__(
        self,
        *,
        stores: Stores,
        directory: Directory,
        cluster_name: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._directory = directory
        self._cluster_name = cluster_name
        self._clock = clock

    async def protect(
        self, name: str, submission: Submission, *, is_protected: bool
    ) -> ManagedNamespace:
        """Put protection on or lift it; nothing is written where it stands like that already.

        Args:
            name: of the namespace.
            submission: who asks.
            is_protected: whether it shall be from now on.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or leads only.
            InFlightError: a request for it runs: that one began under other rules.
        """
        async with self._stores.database.transaction() as connection:
            team = str((await self._record(connection, name)).team)
            # Who accepts a request holds the same lock, reads the record and writes it whole:
            # what was read before the lock may be over by now.
            await self._stores.ledger.lock(connection, team)
            record = await self._record(connection, name)
            ensure_may(
                submission.actor,
                Permission.NAMESPACE_PROTECT,
                record.team,
                kind="namespace",
                name=name,
            )
            if record.is_protected is is_protected:
                return record
            running = await self._stores.requests.open_for(
                connection, cluster=self._cluster_name, namespace=name
            )
            if running is not None:
                raise InFlightError(name, running)
            await self._stores.namespaces.change(
                connection, cluster=self._cluster_name, name=name, is_protected=is_protected
            )
            event = self._event(record, submission, is_protected=is_protected)
            await self._stores.audit.append(connection, event, at=self._clock())
        changed = replace(record, is_protected=is_protected)
        self._directory.put_record(changed)
        return changed

    async def _record(self, connection: StoreConnection, name: str) -> ManagedNamespace:
        record = await self._stores.namespaces.get(
            connection, cluster=self._cluster_name, name=name
        )
        if record is None or record.intent is Intent.DELETED:
            raise NotFoundError("namespace", name)
        return record

    def _event(
        self, record: ManagedNamespace, submission: Submission, *, is_protected: bool
    ) -> AuditEvent:
        name = str(record.name)
        return AuditEvent(
            actor=submission.actor.subject,
            action="namespace.protect" if is_protected else "namespace.unprotect",
            object=f"namespace/{name}",
            outcome=Outcome.COMPLETED,
            team=str(record.team),
            namespace=name,
            request_id=record.request_id,
            correlation_id=submission.correlation_id,
            source=submission.audit_source,
            before={"protected": record.is_protected},
            after={"protected": is_protected},
        )
