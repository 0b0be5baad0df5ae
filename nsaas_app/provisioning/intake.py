"""The intake: one transaction that accepts a request, and the same answer for the same key."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..directory.directory import Directory
from ..directory.requests import RequestBoard
from ..domain.actors import Actor
from ..domain.approval import justification_issues
from ..domain.audit import AuditEvent, Outcome
from ..domain.errors import (
    Fault,
    ForbiddenError,
    IdempotencyMismatchError,
    InvalidFieldsError,
    NotFoundError,
    PortalError,
)
from ..domain.namespaces import ManagedNamespace
from ..domain.requests import Phase, ProvisioningRequest
from ..domain.spec_document import spec_to_document
from ..domain.texts import control_issues
from ..store.database import StoreConnection
from .request_events import request_event
from .stores import Stores

__all__ = ["InFlightError", "Intake", "Planned", "Reserve", "Submission", "body_hash"]


@dataclass(frozen=True, slots=True)
class Submission:
    """What surrounds a body when it is handed in."""

    actor: Actor
    idempotency_key: str
    correlation_id: str
    source: str
    """The edge: `rest`, `ui` or `cli`."""
    justification: str = ""

    @property
    def audit_source(self) -> str:
        """Edge and way of authentication, as the audit shows them."""
        return f"{self.source}/{self.actor.auth.value}"


class InFlightError(PortalError):
    """Another request for the namespace has not ended."""

    code = "REQUEST_IN_FLIGHT"
    fault = Fault.CONFLICT

    def __init__(self, name: str, request_id: str) -> None:
        super().__init__(f"Request {request_id} for {name} has not ended yet.")


Reserve = Callable[[StoreConnection], Awaitable[ManagedNamespace]]
"""Checks and books inside the accepting transaction; gives the record as it is from now on."""


Planned = tuple[ProvisioningRequest, Reserve]
"""A request as it would be stored, and its reservation."""


def _member_key(submission: Submission, position: int) -> str:
    """The key of one of several requests: the first has the key itself, so nothing else may."""
    key = submission.idempotency_key
    return key if position == 0 else f"{key}#{position}"


def body_hash(*parts: Any) -> str:
    """Fingerprint of what was asked, to tell a repeat from a misuse of its key."""
    canonical = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


class Intake:
    """Accepts requests: from the reply on, they are never lost."""

    def __init__(
        self,
        *,
        stores: Stores,
        directory: Directory,
        board: RequestBoard,
        clock: Callable[[], datetime],
        wake_worker: Callable[[], None],
    ) -> None:
        self._stores = stores
        self._directory = directory
        self._board = board
        self._clock = clock
        self._wake_worker = wake_worker

    async def once(
        self,
        fingerprint: str,
        submission: Submission,
        make: Callable[[], Awaitable[Planned]],
        *,
        about: str,
    ) -> ProvisioningRequest:
        """Accept the one request that `make` plans, unless the key was used before.

        Raises:
            PortalError: as for `once_all`.
        """

        async def make_all() -> list[Planned]:
            return [await make()]

        (request,) = await self.once_all(fingerprint, submission, make_all, count=1, about=about)
        return request

    async def once_all(
        self,
        fingerprint: str,
        submission: Submission,
        make: Callable[[], Awaitable[list[Planned]]],
        *,
        count: int,
        about: str,
    ) -> tuple[ProvisioningRequest, ...]:
        """Accept all that `make` plans or nothing, in one transaction under one key.

        Args:
            fingerprint: of the body.
            submission: who, under which key.
            make: plans the requests; each with its own reservation.
            count: how many there are.
            about: the namespace that a refusal is recorded for.

        Raises:
            PortalError: whatever `make` or the transaction refuses; refusals of permission are
                audited.
            InvalidFieldsError: somebody must approve it, and there is no reason to read.
            IdempotencyMismatchError: the key was used for another body.
        """
        known = await self._known(fingerprint, submission, count)
        if known:
            return known
        try:
            planned = await make()
            for request, _ in planned:
                _ensure_justified(request)
            return await self._accept(planned, fingerprint, submission)
        except PortalError as error:
            # A twin of this call may have been accepted in between; then it was us.
            if twin := await self._known(fingerprint, submission, count):
                return twin
            await self._record_refusal(about, submission, error)
            raise

    async def _known(
        self, fingerprint: str, submission: Submission, count: int
    ) -> tuple[ProvisioningRequest, ...]:
        """What was accepted under the key before, if anything was."""
        found = []
        async with self._stores.database.reading() as connection:
            for position in range(count):
                member = await self._stores.requests.by_idempotency_key(
                    connection,
                    requested_by=submission.actor.subject,
                    key=_member_key(submission, position),
                )
                if member is None:
                    return ()
                if member.body_hash != fingerprint:
                    raise IdempotencyMismatchError(submission.idempotency_key)
                found.append(await self._stores.requests.get(connection, member.request_id))
        return tuple(request for request in found if request is not None)

    async def _accept(
        self, planned: list[Planned], fingerprint: str, submission: Submission
    ) -> tuple[ProvisioningRequest, ...]:
        records, accepted = [], []
        async with self._stores.database.transaction() as connection:
            for team in sorted({str(request.team) for request, _ in planned}):
                await self._stores.ledger.lock(connection, team)
            for position, (request, reserve) in enumerate(planned):
                records.append(await self._reserved(connection, request, reserve))
                accepted.append(request := await self._put_to_work(connection, request))
                await self._stores.requests.add(
                    connection,
                    request,
                    idempotency_key=_member_key(submission, position),
                    body_hash=fingerprint,
                    source=submission.source,
                )
                event = _submitted(request, submission)
                await self._stores.audit.append(connection, event, at=request.created_at)
        for request, record in zip(accepted, records, strict=True):
            self._board.put(request)
            self._directory.put_record(record)
        self._wake_worker()
        return tuple(accepted)

    async def _reserved(
        self, connection: StoreConnection, request: ProvisioningRequest, reserve: Reserve
    ) -> ManagedNamespace:
        name = str(request.namespace)
        in_flight = await self._stores.requests.open_for(
            connection, cluster=request.spec.cluster, namespace=name
        )
        record = await reserve(connection)
        if in_flight is not None:
            raise InFlightError(name, in_flight)
        await self._stores.namespaces.put(connection, record)
        return record

    async def _put_to_work(
        self, connection: StoreConnection, request: ProvisioningRequest
    ) -> ProvisioningRequest:
        """Queue its work, unless people come first; give the request with its place."""
        if request.phase is not Phase.QUEUED:
            return request
        queued_at = await self._stores.jobs.enqueue(
            connection,
            key=request.request_id,
            kind=request.kind.value,
            correlation_id=request.correlation_id,
        )
        return replace(request, queued_at=queued_at)

    async def _record_refusal(self, about: str, submission: Submission, error: PortalError) -> None:
        """Refusals of permission are audited; a mistyped field is no event of interest."""
        if not isinstance(error, ForbiddenError | NotFoundError):
            return
        event = AuditEvent(
            actor=submission.actor.subject,
            action="request.submit",
            object=f"namespace/{about[:63]}",
            outcome=Outcome.DENIED,
            namespace=about[:63],
            correlation_id=submission.correlation_id,
            source=submission.audit_source,
            after={"code": error.code},
        )
        async with self._stores.database.transaction() as connection:
            await self._stores.audit.append(connection, event, at=self._clock())


def _ensure_justified(request: ProvisioningRequest) -> None:
    issues = control_issues("justification", request.justification)
    if request.approval is not None:
        issues += justification_issues(request.justification)
    if issues:
        raise InvalidFieldsError(issues)


def _submitted(request: ProvisioningRequest, submission: Submission) -> AuditEvent:
    return request_event(
        request,
        actor=submission.actor.subject,
        action=f"request.submit.{request.kind.value}",
        outcome=Outcome.ALLOWED,
        source=submission.audit_source,
        before=spec_to_document(request.previous) if request.previous else None,
        after=spec_to_document(request.spec),
    )
