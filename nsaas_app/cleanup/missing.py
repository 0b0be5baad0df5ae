"""Records whose namespace is gone: made anew, marked as known or forgotten; never silently."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError
from ..cluster.objects import Namespace
from ..directory.directory import Directory
from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import (
    Fault,
    FieldIssue,
    InvalidFieldsError,
    NotFoundError,
    PortalError,
    UnavailableError,
)
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.requests import STEPS, Phase, ProvisioningRequest, RequestKind, Step
from ..domain.sweeps import Keep
from ..identity.permissions import Permission, ensure_may_anywhere
from ..provisioning.identifiers import new_request_id
from ..provisioning.intake import InFlightError, Intake, Planned, Submission, body_hash
from ..provisioning.stores import Stores
from ..store.database import StoreConnection
from .candidates import Candidates

__all__ = ["MissingNamespaces", "NotMissingError"]

_LASTING = (Intent.ACTIVE, Intent.CHANGING, Intent.RELEASED)


class NotMissingError(PortalError):
    """The namespace is there, or its name is taken by another one."""

    code = "POLICY_DENY"
    fault = Fault.CONFLICT


class MissingNamespaces:
    """Repairs records without a namespace. Looks at the cluster itself before it does."""

    def __init__(
        self,
        *,
        stores: Stores,
        intake: Intake,
        directory: Directory,
        candidates: Candidates,
        cluster: Cluster | None,
        cluster_name: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._intake = intake
        self._directory = directory
        self._candidates = candidates
        self._cluster = cluster
        self._cluster_name = cluster_name
        self._clock = clock

    async def recreate(self, name: str, submission: Submission) -> ProvisioningRequest:
        """Accept that a missing namespace is made anew, by its record; what ran in it is lost.

        Raises:
            ForbiddenError: platform admins do. NotFoundError: there is no such record.
            NotMissingError, InFlightError: it is there, or something runs.
            UnavailableError: the cluster does not answer.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)

        async def make() -> Planned:
            record = await self._missing(name)
            now = self._clock()
            request = ProvisioningRequest(
                request_id=new_request_id(now),
                kind=RequestKind.PROVISION,
                namespace=record.name,
                team=record.team,
                phase=Phase.QUEUED,
                spec=record.spec,
                requested_by=submission.actor.subject,
                correlation_id=submission.correlation_id,
                created_at=now,
                steps=tuple(Step(step) for step in STEPS[RequestKind.PROVISION]),
                justification=submission.justification,
            )
            return request, lambda connection: self._reserve(connection, request, record)

        return await self._intake.once(body_hash("recreate", name), submission, make, about=name)

    async def forget(self, name: str, confirm: str, submission: Submission) -> None:
        """Give up the record of a missing namespace: its name and its budget are free.

        Raises:
            ForbiddenError: platform admins do. NotFoundError: there is no such record.
            InvalidFieldsError: the typed name is another one.
            NotMissingError, InFlightError: it is there, or something runs.
            UnavailableError: the cluster does not answer.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        if confirm != name:
            raise InvalidFieldsError([FieldIssue("confirm", f"Type {name} to confirm.")])
        record = await self._missing(name)
        now = self._clock()
        async with self._stores.database.transaction() as connection:
            await self._stores.ledger.lock(connection, str(record.team))
            await self._ensure_unchanged(connection, record)
            await self._stores.namespaces.change(
                connection, cluster=record.cluster, name=name, intent=Intent.DELETED,
                deleted_at=now,
            )  # fmt: skip
            await self._stores.ledger.free(connection, cluster=record.cluster, namespace=name)
            event = AuditEvent(
                actor=submission.actor.subject,
                action="cleanup.forget",
                object=f"namespace/{name}",
                outcome=Outcome.COMPLETED,
                team=str(record.team),
                namespace=name,
                request_id=record.request_id,
                correlation_id=submission.correlation_id,
                source=submission.audit_source,
                before={"uid": record.uid, "intent": record.intent.value},
            )
            await self._stores.audit.append(connection, event, at=now)
        self._directory.put_record(replace(record, intent=Intent.DELETED))
        self._candidates.forget()

    async def mark(self, name: str, *, reason: str, days: int, submission: Submission) -> Keep:
        """Take the word that a namespace is known to be missing: nobody is bothered with it.

        Its record, its name and its budget stay as they are.

        Raises:
            ForbiddenError: platform admins do. NotFoundError: there is no such record.
            InvalidFieldsError: no reason to read, or too long a time.
            NotMissingError, InFlightError: it is there, or something runs.
            UnavailableError: the cluster does not answer.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        await self._missing(name)
        return await self._candidates.keep(name, reason=reason, days=days, submission=submission)

    async def _missing(self, name: str) -> ManagedNamespace:
        """The record, after a look at the cluster itself: the watch may be late."""
        async with self._stores.database.reading() as connection:
            record = await self._stores.namespaces.get(
                connection, cluster=self._cluster_name, name=name
            )
        if record is None or record.intent is Intent.DELETED:
            raise NotFoundError("namespace", name[:63])
        if record.intent not in _LASTING:
            raise NotMissingError(f"{name} is {record.intent}.")
        if self._cluster is None:
            raise UnavailableError("No cluster is configured.")
        try:
            seen = await self._cluster.get("Namespace", name, model=Namespace)
        except ClusterError as error:
            message = "The cluster does not say whether it is there."
            raise UnavailableError(message, raw=error.message) from error
        if seen is not None:
            is_it = seen.metadata.uid == record.uid
            words = "is there" if is_it else "is another one now: remove or adopt that one first"
            raise NotMissingError(f"Namespace {name} {words}.")
        return record

    async def _reserve(
        self, connection: StoreConnection, request: ProvisioningRequest, record: ManagedNamespace
    ) -> ManagedNamespace:
        """The same place in the budget, a new request, no uid yet."""
        await self._ensure_unchanged(connection, record)
        await self._stores.ledger.free(
            connection, cluster=record.cluster, namespace=str(record.name)
        )
        await self._stores.ledger.book(connection, record.spec, request_id=request.request_id)
        return replace(
            record,
            intent=Intent.PROVISIONING,
            request_id=request.request_id,
            created_at=request.created_at,
            uid="",
            ready_at=None,
            restorable_until=None,
        )

    async def _ensure_unchanged(
        self, connection: StoreConnection, record: ManagedNamespace
    ) -> None:
        name = str(record.name)
        now = await self._stores.namespaces.get(connection, cluster=record.cluster, name=name)
        if now != record:
            raise NotMissingError(f"{name} was changed at this moment: look again.")
        running = await self._stores.requests.open_for(
            connection, cluster=record.cluster, namespace=name
        )
        if running is not None:
            raise InFlightError(name, running)
