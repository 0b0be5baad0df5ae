"""Returns: how a stage of a plan that is done is taken back, and people let in again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from ..domain.cleanup import Stage
from ..domain.cleanup_plans import Action, ActionState, Line, Plan
from ..domain.errors import PortalError
from ..domain.namespaces import Intent
from ..domain.requests import ProvisioningRequest
from ..domain.sleep import SleepCause
from ..provisioning.changes import Changes
from ..provisioning.intake import Submission
from ..provisioning.stores import Stores
from .naming import record_of, submission_of

__all__ = ["Returns", "gone_with"]

_CANNOT_UNDO: Final = "What was deleted cannot be brought back."


class Returns:
    """Turns undoing into requests."""

    def __init__(self, *, changes: Changes, stores: Stores, clock: Callable[[], datetime]) -> None:
        self._changes = changes
        self._stores = stores
        self._clock = clock

    async def take_back(self, line: Line, action: Action, submission: Submission) -> Action:
        """Take back a stage that is done.

        Raises:
            PortalError: it cannot be taken back, or not now.
        """
        if action.stage is Stage.DELETE:
            raise PortalError(_CANNOT_UNDO, code="POLICY_DENY")
        undone = replace(action, state=ActionState.UNDONE, undo_until=None)
        if action.stage is Stage.EXPORT:
            return replace(undone, message=f"Export {action.export_id} stays.")
        request: ProvisioningRequest | None = None
        if action.stage is Stage.REVOKE and action.request_id:
            request = await self._changes.restore(line.namespace, submission)
        elif action.stage is Stage.SLEEP and action.request_id:
            request = await self._wake(line, submission)
        message = f"Taken back by request {request.request_id}." if request else "Taken back."
        return replace(undone, message=message)

    async def give_back(self, plan: Plan, line: Line) -> Line:
        """Let people in again, where a line that ends before its deletion had locked them out.

        Raises:
            PortalError: it cannot be restored, or not now.
        """
        revoked = next(
            (one for one in line.actions if one.stage is Stage.REVOKE and one.request_id), None
        )
        record = await record_of(self._stores, plan, line)
        is_held = (
            record is not None
            and record.intent is Intent.RELEASED
            and record.restorable_until is None
        )
        if revoked is None or revoked.state is not ActionState.DONE or not is_held:
            return line
        given = replace(
            submission_of(plan, revoked), idempotency_key=f"{revoked.action_id}.give-back"
        )
        undone = await self.take_back(line, revoked, given)
        actions = tuple(
            undone if one is revoked else gone_with(one, undone) for one in line.actions
        )
        reason = f"{line.reason} Access is given back."
        return replace(line, actions=actions, reason=reason)

    async def _wake(self, line: Line, submission: Submission) -> ProvisioningRequest | None:
        """Wake what slept for a plan; where its own schedule has it asleep now, leave it to that.

        None where somebody else woke it already.
        """
        spec = await self._changes.spec_of(line.namespace, actor=submission.actor)
        asleep, _ = await self._changes.sleep_of(line.namespace, actor=submission.actor)
        if asleep is None or asleep.cause is not SleepCause.CLEANUP:
            return None
        now = self._clock()
        if spec.sleep is not None and spec.sleep.is_night(now):
            until, cause = spec.sleep.next_edge(now).at, SleepCause.SCHEDULE
            return await self._changes.sleep(line.namespace, submission, until=until, cause=cause)
        return await self._changes.wake(line.namespace, submission)


def gone_with(one: Action, undone: Action) -> Action:
    """Who gets access back gets everything running: the sleep before it ends with it."""
    is_back = undone.stage is Stage.REVOKE and undone.state is ActionState.UNDONE
    if is_back and one.stage is Stage.SLEEP and one.state is ActionState.DONE and one.request_id:
        words = "Woken with the return of access."
        return replace(one, state=ActionState.UNDONE, undo_until=None, message=words)
    return one
