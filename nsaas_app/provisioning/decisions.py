"""Approving, rejecting, cancelling, retrying: what people do to a request that exists."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ..directory.directory import Directory
from ..directory.requests import RequestBoard
from ..domain.actors import Actor, Role
from ..domain.approval import Decision, Verdict
from ..domain.errors import (
    Fault,
    FieldIssue,
    ForbiddenError,
    InvalidFieldsError,
    NotFoundError,
    PortalError,
)
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.requests import (
    STEPS,
    Phase,
    ProvisioningRequest,
    RequestFailure,
    RequestKind,
    Step,
)
from ..identity.permissions import Permission, ensure_may
from ..store.database import StoreConnection
from ..teams.teams import BudgetUse, Teams
from .budget import ensure_fits
from .closing import close_without_effect
from .intake import InFlightError
from .request_events import said
from .reserving import reserve_existing
from .stores import Stores

__all__ = ["AlreadyDecidedError", "Decisions"]

_REPEATABLE: Final = (RequestKind.PROVISION, RequestKind.ADOPT)
"""Kinds that begin with a record of their own, and take name and budget anew."""
_TAKES_BUDGET: Final = (RequestKind.PROVISION, RequestKind.CHANGE, RequestKind.ADOPT)


class AlreadyDecidedError(PortalError):
    """It is too late for this: the request has moved on."""

    code = "ALREADY_DECIDED"
    fault = Fault.CONFLICT


class Decisions:
    """Moves requests on, each move in one transaction with its audit event."""

    def __init__(
        self,
        *,
        stores: Stores,
        teams: Teams,
        board: RequestBoard,
        directory: Directory,
        clock: Callable[[], datetime],
        wake_worker: Callable[[], None],
    ) -> None:
        self._stores = stores
        self._teams = teams
        self._board = board
        self._directory = directory
        self._clock = clock
        self._wake_worker = wake_worker

    async def approve(
        self, request_id: str, *, actor: Actor, comment: str, source: str
    ) -> ProvisioningRequest:
        """Say yes for one of the needed roles; the last yes queues the request.

        Everything is checked again now: policy and budget may have changed since it was asked.

        Raises:
            NotFoundError, ForbiddenError: not the actor's to decide, or the actor's own request.
            AlreadyDecidedError: it waits for nobody, or the actor spoke before.
            BudgetExceededError: the team's budget was lowered meanwhile.
        """
        async with self._stores.database.transaction() as connection:
            request = await self._decidable(connection, request_id, actor)
            await self._ensure_still_fits(connection, request)
            request = self._with_decision(request, actor, Verdict.APPROVED, comment)
            granted = request.approval is not None and request.approval.is_granted
            if granted:
                queued_at = await self._stores.jobs.enqueue(
                    connection,
                    key=request_id,
                    kind=request.kind.value,
                    correlation_id=request.correlation_id,
                )
                request = replace(request, phase=Phase.QUEUED, queued_at=queued_at)
            await self._stores.requests.move(
                connection,
                request_id,
                request.phase,
                approval=request.approval,
                queued_at=request.queued_at,
            )
            await self._record(connection, request, actor, "approve", comment, source)
        self._board.put(request)
        self._wake_worker()
        return request

    async def reject(
        self, request_id: str, *, actor: Actor, comment: str, source: str
    ) -> ProvisioningRequest:
        """Say no, with a reason; one no ends the request.

        Raises:
            InvalidFieldsError: there is no reason.
            NotFoundError, ForbiddenError, AlreadyDecidedError: as for `approve`.
        """
        if not comment.strip():
            raise InvalidFieldsError([FieldIssue("comment", "Say why you reject it.")])
        async with self._stores.database.transaction() as connection:
            request = await self._decidable(connection, request_id, actor)
            request = self._with_decision(request, actor, Verdict.REJECTED, comment)
            await self._stores.requests.move(
                connection, request_id, request.phase, approval=request.approval
            )
            failure = RequestFailure("APPROVAL_REJECTED", f"{actor.subject} rejected: {comment}")
            request = await self._close(connection, request, Phase.REJECTED, failure)
            await self._record(connection, request, actor, "reject", comment, source)
        self._board.put(request)
        return request

    async def cancel(
        self, request_id: str, *, actor: Actor, comment: str, source: str
    ) -> ProvisioningRequest:
        """Stop a request: at once while it waits, before its next step while it runs.

        Raises:
            NotFoundError, ForbiddenError: not the actor's to cancel.
            AlreadyDecidedError: it has ended.
        """
        async with self._stores.database.transaction() as connection:
            request = await self._steerable(connection, request_id, actor)
            if request.is_terminal:
                raise AlreadyDecidedError(f"Request {request_id} has ended: {request.phase}.")
            await self._record(connection, request, actor, "cancel", comment, source)
            if request.phase is Phase.AWAITING_APPROVAL:
                request = await self._close(connection, request, Phase.CANCELLED, None)
            else:
                await self._stores.jobs.cancel(connection, request_id)
        self._board.put(request)
        self._wake_worker()
        return request

    async def retry(
        self, request_id: str, *, actor: Actor, comment: str, source: str
    ) -> ProvisioningRequest:
        """Try again, under the same id.

        A request that waits for a better moment goes on now, at the step where it stands; one that
        failed and was taken back runs again from its first step.

        Raises:
            NotFoundError, ForbiddenError: not the actor's to retry.
            AlreadyDecidedError: it has not failed, or its namespace has moved on since.
            WrongStateError, BudgetExceededError, PortalError: as at its submit.
        """
        async with self._stores.database.transaction() as connection:
            request = await self._steerable(connection, request_id, actor)
            if request.kind is RequestKind.ADOPT:
                ensure_may(
                    actor,
                    Permission.NAMESPACE_ADOPT,
                    request.team,
                    kind="request",
                    name=request_id,
                )
            if request.phase is Phase.RETRYING:
                await self._stores.jobs.hasten(connection, request_id)
            elif request.phase is Phase.ROLLED_BACK:
                request = await self._begin_again(connection, request)
            else:
                raise AlreadyDecidedError(f"Request {request_id} is {request.phase}: no retry.")
            await self._record(connection, request, actor, "retry", comment, source)
        self._board.put(request)
        self._wake_worker()
        return request

    async def _begin_again(
        self, connection: StoreConnection, request: ProvisioningRequest
    ) -> ProvisioningRequest:
        record = await self._reserve_again(connection, request)
        await self._stores.namespaces.put(connection, record)
        # Behind all others: its first time in the queue is over.
        queued_at = await self._stores.jobs.revive(connection, request.request_id)
        unbegun: dict[str, Any] = {
            "started_at": None, "finished_at": None, "failure": None, "queued_at": queued_at,
        }  # fmt: skip
        tried = {step.name: step.attempts for step in request.steps}
        # How often a step was tried goes on: it tells a second run from a first one.
        steps = tuple(Step(name, attempts=tried.get(name, 0)) for name in STEPS[request.kind])
        again = replace(request, phase=Phase.QUEUED, steps=steps, **unbegun)
        await self._stores.requests.write_steps(connection, request.request_id, steps)
        await self._stores.requests.move(connection, request.request_id, again.phase, **unbegun)
        self._directory.put_record(record)
        return again

    async def expire(self) -> None:
        """End every request whose approval nobody gave in time."""
        now = self._clock()
        for request in self._board.awaiting_approval():
            if request.approval is None or request.approval.expires_at > now:
                continue
            async with self._stores.database.transaction() as connection:
                current = await self._stores.requests.lock(connection, request.request_id)
                if current is None or current.phase is not Phase.AWAITING_APPROVAL:
                    continue
                message = f"Nobody approved until {request.approval.expires_at:%d %b %Y %H:%M} UTC."
                failure = RequestFailure("APPROVAL_EXPIRED", message)
                ended = await self._close(connection, current, Phase.EXPIRED, failure)
            self._board.put(ended)

    async def _decidable(
        self, connection: StoreConnection, request_id: str, actor: Actor
    ) -> ProvisioningRequest:
        request = await self._stores.requests.lock(connection, request_id)
        if request is None:
            raise NotFoundError("request", request_id)
        ensure_may(actor, Permission.REQUEST_DECIDE, request.team, kind="request", name=request_id)
        if request.requested_by == actor.subject:
            raise ForbiddenError("Four eyes: somebody else must decide your request.")
        approval = request.approval
        if request.phase is not Phase.AWAITING_APPROVAL or approval is None:
            raise AlreadyDecidedError(f"Request {request_id} waits for nobody: {request.phase}.")
        if approval.has_decided(actor.subject):
            raise AlreadyDecidedError("You have decided already; somebody else must.")
        if approval.role_for(actor, request.team) is None:
            roles = " and ".join(role.value for role in approval.outstanding)
            raise ForbiddenError(f"This waits for {roles}.")
        return request

    def _with_decision(
        self, request: ProvisioningRequest, actor: Actor, verdict: Verdict, comment: str
    ) -> ProvisioningRequest:
        approval = request.approval
        if approval is None:
            return request
        role = approval.role_for(actor, request.team) or Role.LEAD
        decision = Decision(actor.subject, role, verdict, comment, self._clock())
        return replace(
            request, approval=replace(approval, decisions=(*approval.decisions, decision))
        )

    async def _steerable(
        self, connection: StoreConnection, request_id: str, actor: Actor
    ) -> ProvisioningRequest:
        request = await self._stores.requests.lock(connection, request_id)
        if request is None:
            raise NotFoundError("request", request_id)
        ensure_may(actor, Permission.REQUEST_STEER, request.team, kind="request", name=request_id)
        is_lead = actor.role_in(request.team) in (Role.LEAD, Role.ADMIN)
        if not is_lead and request.requested_by != actor.subject:
            raise ForbiddenError("Developers steer their own requests; ask a lead.")
        return request

    async def _ensure_still_fits(
        self, connection: StoreConnection, request: ProvisioningRequest
    ) -> None:
        """The reservation itself is already counted; the ceiling may have been lowered."""
        await self._stores.ledger.lock(connection, str(request.team))
        if request.kind not in _TAKES_BUDGET:
            return
        others = await self._stores.ledger.shares(
            connection, str(request.team), without=str(request.namespace)
        )
        team = await self._teams.require(request.team)
        ensure_fits(request.spec, team=team, use=BudgetUse.of(others))

    async def _reserve_again(
        self, connection: StoreConnection, request: ProvisioningRequest
    ) -> ManagedNamespace:
        """Take hold of name and budget as at the submit, if nobody else has been there since."""
        await self._ensure_still_fits(connection, request)
        spec, name = request.spec, str(request.namespace)
        held = await self._stores.namespaces.get(connection, cluster=spec.cluster, name=name)
        if request.kind in _REPEATABLE:
            if held is None or held.request_id != request.request_id:
                raise AlreadyDecidedError(f"The name {name} went to another request meanwhile.")
            await self._stores.ledger.book(connection, spec, request_id=request.request_id)
            # What is adopted is there already; what is created becomes another object each time.
            uid = held.uid if request.kind is RequestKind.ADOPT else ""
            return replace(held, intent=Intent.PROVISIONING, uid=uid)
        if held is None or held.spec != request.previous:
            raise AlreadyDecidedError(f"{name} has changed since: ask anew.")
        in_flight = await self._stores.requests.open_for(
            connection, cluster=spec.cluster, namespace=name
        )
        if in_flight is not None:
            raise InFlightError(name, in_flight)
        return await reserve_existing(connection, request, stores=self._stores, teams=self._teams)

    async def _close(
        self,
        connection: StoreConnection,
        request: ProvisioningRequest,
        phase: Phase,
        failure: RequestFailure | None,
    ) -> ProvisioningRequest:
        ended, record = await close_without_effect(
            connection, self._stores, request, phase=phase, failure=failure, now=self._clock()
        )
        if record is not None:
            self._directory.put_record(record)
        return ended

    async def _record(
        self,
        connection: StoreConnection,
        request: ProvisioningRequest,
        actor: Actor,
        verb: str,
        comment: str,
        source: str,
    ) -> None:
        event = said(request, actor=actor, verb=verb, comment=comment, source=source)
        await self._stores.audit.append(connection, event, at=self._clock())
