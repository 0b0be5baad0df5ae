"""Stuck deletions: what is in the way, and the last resort for who has typed that they mean it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ..cluster.mirror import Mirror
from ..directory.directory import Directory
from ..domain.actors import Actor
from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import FieldIssue, InvalidFieldsError, NotFoundError
from ..domain.stuck import Blocker
from ..identity.permissions import Permission, ensure_may_anywhere
from ..provisioning.blockers import blockers_in
from ..provisioning.intake import Submission
from ..provisioning.stores import Stores

__all__ = ["StuckNamespaces", "StuckReport"]


@dataclass(frozen=True, slots=True)
class StuckReport:
    """A namespace that goes away, or cannot."""

    namespace: str
    uid: str
    since: datetime
    blockers: tuple[Blocker, ...]
    """Without the last resorts, unless they were asked for."""
    as_of: datetime | None

    @property
    def confirm(self) -> str:
        """What must be typed to see the last resorts."""
        return f"force {self.namespace}"


class StuckNamespaces:
    """Explains deletions, from memory. Removes no finalizer, ever."""

    def __init__(
        self,
        *,
        mirror: Mirror | None,
        directory: Directory,
        stores: Stores,
        clock: Callable[[], datetime],
    ) -> None:
        self._mirror = mirror
        self._directory = directory
        self._stores = stores
        self._clock = clock

    def explain(self, name: str, *, actor: Actor) -> StuckReport:
        """Name what is in the way of a deletion, and the safe ways out.

        Raises:
            ForbiddenError: cleanup is no matter of the actor's.
            NotFoundError: no such namespace of ours goes away.
        """
        ensure_may_anywhere(actor, Permission.CLEANUP_READ)
        report = self._report(name)
        safe = tuple(replace(one, force="") for one in report.blockers)
        return replace(report, blockers=safe)

    async def last_resort(self, name: str, confirm: str, submission: Submission) -> StuckReport:
        """Show the commands that remove finalizers by force; that they were shown is audited.

        Raises:
            ForbiddenError: platform admins only. NotFoundError: it does not go away.
            InvalidFieldsError: other words were typed.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        report = self._report(name)
        if confirm != report.confirm:
            message = f"Type {report.confirm} to see the commands."
            raise InvalidFieldsError([FieldIssue("confirm", message)])
        event = AuditEvent(
            actor=submission.actor.subject,
            action="cleanup.show-force",
            object=f"namespace/{name}",
            outcome=Outcome.ALLOWED,
            namespace=name,
            correlation_id=submission.correlation_id,
            source=submission.audit_source,
            after={"uid": report.uid, "blockers": [one.what for one in report.blockers]},
        )
        async with self._stores.database.transaction() as connection:
            await self._stores.audit.append(connection, event, at=self._clock())
        return report

    def _report(self, name: str) -> StuckReport:
        if self._mirror is None:
            raise NotFoundError("namespace that goes away", name[:63])
        thing = self._mirror.namespaces.get(name)
        is_ours = thing is not None and (
            thing.is_managed or self._directory.find_row(name) is not None
        )
        if thing is None or not is_ours or thing.metadata.deletion_timestamp is None:
            raise NotFoundError("namespace that goes away", name[:63])
        return StuckReport(
            namespace=name,
            uid=thing.metadata.uid,
            since=datetime.fromisoformat(thing.metadata.deletion_timestamp),
            blockers=blockers_in(self._mirror, thing),
            as_of=self._directory.freshness().as_of,
        )
