"""Moves: how each stage of a plan is begun, seen to its end, and taken back.

Each stage is a request like any other: same queue, same steps, same approvals, same audit.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from ..cluster.mirror import Mirror
from ..domain.actors import Actor, AuthMethod
from ..domain.cleanup import Stage
from ..domain.cleanup_plans import Action, ActionState, Line, Plan
from ..domain.errors import Fault, PortalError
from ..domain.namespaces import Intent
from ..domain.requests import Phase, ProvisioningRequest
from ..provisioning.changes import Changes
from ..provisioning.intake import InFlightError, Submission
from ..provisioning.orphans import REMOVE_ORPHAN, orphan_key
from ..provisioning.stores import Stores

__all__ = ["Moves", "is_passing"]

_NOT_HERE: Final = {
    Stage.SLEEP: "Left out: this portal does not put namespaces to sleep.",
    Stage.EXPORT: "Left out: this portal does not export namespaces.",
}
"""Stages without a request of their own."""
_CANNOT_UNDO: Final = "What was deleted cannot be brought back."


class Moves:
    """Turns stages into requests."""

    def __init__(
        self,
        *,
        changes: Changes,
        stores: Stores,
        mirror: Mirror | None,
        wake_worker: Callable[[], None],
    ) -> None:
        self._changes = changes
        self._stores = stores
        self._mirror = mirror
        self._wake_worker = wake_worker

    async def begin(self, plan: Plan, line: Line, action: Action) -> Action:
        """Begin a stage; safe to repeat, the same stage gives the same request.

        Raises:
            PortalError: whatever the request is refused for.
        """
        starts: dict[Stage, Callable[[Plan, Line, Action], Awaitable[Action]]] = {
            Stage.NOTIFY: self._notify,
            Stage.REVOKE: self._revoke,
            Stage.DELETE: self._delete,
        }
        if action.stage in starts:
            return await starts[action.stage](plan, line, action)
        return replace(action, state=ActionState.SKIPPED, message=_NOT_HERE[action.stage])

    async def outcome(self, line: Line, action: Action) -> Action:
        """How a stage that was begun stands now."""
        if not action.request_id.startswith("orphan:"):
            async with self._stores.database.reading() as connection:
                request = await self._stores.requests.get(connection, action.request_id)
            return _after(request, action)
        async with self._stores.database.reading() as connection:
            job = await self._stores.jobs.state_of(connection, action.request_id)
        seen = self._mirror.namespaces.get(line.namespace) if self._mirror is not None else None
        if seen is None or seen.metadata.uid != line.uid:
            return replace(action, state=ActionState.DONE, message="")
        if job in ("done", "quarantined") and seen.metadata.deletion_timestamp is None:
            message = "It was not deleted; the audit log says why."
            return replace(action, state=ActionState.FAILED, message=message)
        return replace(action, message="It is going away.")

    async def take_back(self, line: Line, action: Action, submission: Submission) -> Action:
        """Take back a stage that is done.

        Raises:
            PortalError: it cannot be taken back, or not now.
        """
        if action.stage in (Stage.DELETE, Stage.EXPORT):
            raise PortalError(_CANNOT_UNDO, code="POLICY_DENY")
        undone = replace(action, state=ActionState.UNDONE, undo_until=None)
        if action.stage is Stage.REVOKE and action.request_id:
            request = await self._changes.restore(line.namespace, submission)
            return replace(undone, message=f"Taken back by request {request.request_id}.")
        return replace(undone, message="Taken back.")

    async def _notify(self, plan: Plan, line: Line, action: Action) -> Action:  # noqa: ARG002 - one signature for all stages
        """What people are told is written to the audit log with the plan; that is all it takes."""
        return replace(action, state=ActionState.DONE)

    async def _revoke(self, plan: Plan, line: Line, action: Action) -> Action:
        async with self._stores.database.reading() as connection:
            record = await self._stores.namespaces.get(
                connection, cluster=plan.cluster, name=line.namespace
            )
        if record is not None and record.intent is Intent.RELEASED and not action.request_id:
            return replace(action, state=ActionState.DONE, message="Nobody had access any more.")
        request = await self._changes.release(
            line.namespace, _submission(plan, action), confirm=line.namespace
        )
        return replace(action, state=ActionState.RUNNING, request_id=request.request_id)

    async def _delete(self, plan: Plan, line: Line, action: Action) -> Action:
        async with self._stores.database.reading() as connection:
            record = await self._stores.namespaces.get(
                connection, cluster=plan.cluster, name=line.namespace
            )
        is_ours = record is not None and record.uid in ("", line.uid)
        if record is not None and is_ours and record.intent is not Intent.DELETED:
            request = await self._changes.delete(
                line.namespace, _submission(plan, action), confirm=line.namespace
            )
            return replace(action, state=ActionState.RUNNING, request_id=request.request_id)
        key = orphan_key(plan.cluster, line.namespace, line.uid)
        async with self._stores.database.transaction() as connection:
            await self._stores.jobs.enqueue_again(
                connection, key=key, kind=REMOVE_ORPHAN, correlation_id=plan.correlation_id
            )
        self._wake_worker()
        return replace(action, state=ActionState.RUNNING, request_id=key)


def _submission(plan: Plan, action: Action) -> Submission:
    """In the name of who confirmed the plan: their own approval of it would not count."""
    actor = Actor(subject=plan.confirmed_by, is_admin=True, auth=AuthMethod.SYSTEM)
    return Submission(
        actor=actor,
        idempotency_key=action.action_id,
        correlation_id=plan.correlation_id,
        source="cleanup",
        justification=f"Cleanup plan {plan.plan_id}, confirmed as: {plan.confirm}",
    )


def _after(request: ProvisioningRequest | None, action: Action) -> Action:
    if request is None:
        return replace(action, state=ActionState.FAILED, message="Its request is gone.")
    if not request.is_terminal:
        waits = request.phase is Phase.AWAITING_APPROVAL
        return replace(action, message="Waits for approval." if waits else "")
    if request.phase is Phase.DONE:
        return replace(action, state=ActionState.DONE, message="")
    message = request.failure.message if request.failure else f"Its request was {request.phase}."
    return replace(action, state=ActionState.FAILED, message=message)


def is_passing(error: PortalError) -> bool:
    """Whether a refusal may be another one in a moment."""
    return isinstance(error, InFlightError) or error.fault is Fault.UNAVAILABLE
