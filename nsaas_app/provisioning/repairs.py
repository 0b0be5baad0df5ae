"""The use case of a repair that a person asks for: everything back to what was asked."""

from collections.abc import Callable
from datetime import datetime

from ..directory.directory import Directory
from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import NotFoundError
from ..identity.permissions import Permission, ensure_may
from .drift import REPAIR_ALL
from .intake import Submission
from .stores import Stores

__all__ = ["Repairs"]


class Repairs:
    """Queues repairs."""

    def __init__(
        self,
        *,
        stores: Stores,
        directory: Directory,
        clock: Callable[[], datetime],
        wake_worker: Callable[[], None],
    ) -> None:
        self._stores = stores
        self._directory = directory
        self._clock = clock
        self._wake_worker = wake_worker

    async def request(self, name: str, submission: Submission) -> None:
        """Queue a repair of everything that differs; the page shows the drift go.

        Raises:
            NotFoundError, ForbiddenError: not the actor's namespace, or leads only.
        """
        record = self._directory.record(name)
        if record is None:
            raise NotFoundError("namespace", name)
        actor = submission.actor
        ensure_may(actor, Permission.NAMESPACE_REPAIR, record.team, kind="namespace", name=name)
        event = AuditEvent(
            actor=actor.subject,
            action="drift.ask-repair",
            object=f"namespace/{name}",
            outcome=Outcome.ALLOWED,
            team=str(record.team),
            namespace=name,
            request_id=record.request_id,
            correlation_id=submission.correlation_id,
            source=submission.audit_source,
            before={"drift": [item.object for item in self._directory.drift_of(name)]},
        )
        async with self._stores.database.transaction() as connection:
            await self._stores.jobs.enqueue_again(
                connection,
                key=f"repair-all:{record.cluster}/{name}",
                kind=REPAIR_ALL,
                correlation_id=submission.correlation_id,
            )
            await self._stores.audit.append(connection, event, at=self._clock())
        self._wake_worker()
