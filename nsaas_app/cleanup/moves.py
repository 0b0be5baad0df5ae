"""Moves: how each stage of a plan is begun and seen to its end.

Whatever touches the cluster is a request like any other: same queue, same steps, same approvals,
same audit. People are told of every stage by the ways that all notices take.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from ..cluster.mirror import Mirror
from ..domain.cleanup import Reason, Stage
from ..domain.cleanup_notices import notice_of
from ..domain.cleanup_plans import Action, ActionState, Line, Plan
from ..domain.environments import POLICIES
from ..domain.errors import Fault, PortalError
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.notices import Notice
from ..domain.requests import Phase, ProvisioningRequest, StepName, StepStatus
from ..domain.sleep import SleepCause
from ..provisioning.changes import Changes, WrongStateError
from ..provisioning.intake import InFlightError
from ..provisioning.orphans import REMOVE_ORPHAN, orphan_key
from ..provisioning.stores import Stores
from .archiving import Archiving
from .naming import record_of, submission_of

__all__ = ["Moves", "Tell", "is_passing"]

Tell = Callable[[ManagedNamespace, Notice], Awaitable[None]]
"""Tells owner and leads of a namespace one thing, once."""


class Moves:
    """Turns stages into requests."""

    def __init__(
        self,
        *,
        changes: Changes,
        stores: Stores,
        mirror: Mirror | None,
        wake_worker: Callable[[], None],
        archiving: Archiving,
        tell: Tell,
        waits: Mapping[Stage, timedelta],
        clock: Callable[[], datetime],
    ) -> None:
        self._changes = changes
        self._stores = stores
        self._mirror = mirror
        self._wake_worker = wake_worker
        self._archiving = archiving
        self._tell = tell
        self._waits = waits
        self._clock = clock

    async def begin(self, plan: Plan, line: Line, action: Action) -> Action:
        """Begin a stage; safe to repeat, the same stage gives the same request.

        Raises:
            PortalError: whatever the request is refused for.
        """
        record = await record_of(self._stores, plan, line)
        if action.stage is Stage.DELETE:
            begun = await self._delete(plan, line, action, record)
        elif record is None:
            return replace(action, state=ActionState.SKIPPED, message="Nobody's record is left.")
        else:
            starts: dict[Stage, _Start] = {
                Stage.NOTIFY: self._notify,
                Stage.SLEEP: self._sleep,
                Stage.REVOKE: self._revoke,
                Stage.EXPORT: self._export,
            }
            begun = await starts[action.stage](plan, line, action, record)
        # Of an orphan there is nobody to tell.
        if record is not None and begun.state is not ActionState.SKIPPED:
            await self._tell_of(plan, line, action, record)
        return begun

    async def begun_before(self, plan: Plan, line: Line, action: Action) -> Action | None:
        """The stage as running, where it was begun and that was not stored; None where not."""
        if action.stage in (Stage.NOTIFY, Stage.EXPORT):
            return None
        async with self._stores.database.reading() as connection:
            known = await self._stores.requests.by_idempotency_key(
                connection, requested_by=plan.confirmed_by, key=action.key
            )
        request_id = known.request_id if known else await self._orphan_job(plan, line, action)
        if not request_id:
            return None
        begun = replace(action, state=ActionState.RUNNING, request_id=request_id)
        if (record := await record_of(self._stores, plan, line)) is not None:
            await self._tell_of(plan, line, action, record)
        return begun

    async def _orphan_job(self, plan: Plan, line: Line, action: Action) -> str:
        """Key of the job that removes, or has removed, the orphan of a line; empty for none."""
        if action.stage is not Stage.DELETE or Reason.ORPHAN not in line.grounds:
            return ""
        key = orphan_key(plan.cluster, line.namespace, line.uid)
        async with self._stores.database.reading() as connection:
            job = await self._stores.jobs.state_of(connection, key)
        seen = self._mirror.namespaces.get(line.namespace) if self._mirror is not None else None
        has_removed = job == "done" and seen is None
        return key if job in ("queued", "running") or has_removed else ""

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

    async def _tell_of(
        self, plan: Plan, line: Line, action: Action, record: ManagedNamespace
    ) -> None:
        wait = self._waits.get(action.stage, timedelta())
        notice = notice_of(
            plan, line, action, record, now=self._clock(), wait=wait, notice_id=uuid.uuid4().hex
        )
        await self._tell(record, notice)

    async def _notify(
        self, plan: Plan, line: Line, action: Action, record: ManagedNamespace
    ) -> Action:
        """Being told of is all there is to it."""
        del plan, line
        who = f"{record.spec.owner} and the leads of team {record.team}"
        return replace(action, state=ActionState.DONE, message=f"Told {who}.")

    async def _sleep(
        self, plan: Plan, line: Line, action: Action, record: ManagedNamespace
    ) -> Action:
        if why := _why_not_asleep(record):
            return replace(action, state=ActionState.SKIPPED, message=why)
        request = await self._changes.sleep(
            line.namespace, submission_of(plan, action), cause=SleepCause.CLEANUP
        )
        if request is None:
            return replace(action, state=ActionState.DONE, message="It slept already.")
        return replace(action, state=ActionState.RUNNING, request_id=request.request_id)

    async def _revoke(
        self, plan: Plan, line: Line, action: Action, record: ManagedNamespace
    ) -> Action:
        given = submission_of(plan, action)
        try:
            request = await self._changes.release(
                line.namespace, given, confirm=line.namespace, is_held=True
            )
        except WrongStateError:
            if record.intent is not Intent.RELEASED:
                raise
            message = "Nobody had access any more."
            return replace(action, state=ActionState.DONE, message=message)
        return replace(action, state=ActionState.RUNNING, request_id=request.request_id)

    async def _export(
        self, plan: Plan, line: Line, action: Action, record: ManagedNamespace
    ) -> Action:
        del line
        export = await self._archiving.keep(
            record, export_id=action.action_id, requested_by=plan.confirmed_by
        )
        count, out = export.objects, len(export.left_out)
        message = f"{count} manifests kept, {out} left out; Secrets are in no export."
        return replace(action, state=ActionState.DONE, export_id=export.export_id, message=message)

    async def _delete(
        self, plan: Plan, line: Line, action: Action, record: ManagedNamespace | None
    ) -> Action:
        if record is not None:
            # Looked at again here: whoever restored it since the look before wants it.
            _ensure_deletable(await record_of(self._stores, plan, line) or record)
            request = await self._changes.delete(
                line.namespace, submission_of(plan, action), confirm=line.namespace
            )
            return replace(action, state=ActionState.RUNNING, request_id=request.request_id)
        key = orphan_key(plan.cluster, line.namespace, line.uid)
        async with self._stores.database.transaction() as connection:
            await self._stores.jobs.enqueue_again(
                connection, key=key, kind=REMOVE_ORPHAN, correlation_id=plan.correlation_id
            )
        self._wake_worker()
        return replace(action, state=ActionState.RUNNING, request_id=key)


def _ensure_deletable(record: ManagedNamespace) -> None:
    """Refuse to delete what people have access to: taking that away comes first.

    Raises:
        WrongStateError: it is active.
        InFlightError: something runs that decides whether it will be.
    """
    if record.intent is Intent.ACTIVE:
        raise WrongStateError(f"{record.name} is active: a plan deletes what was released before.")
    if record.intent not in (Intent.RELEASED, Intent.FAILED):
        raise InFlightError(str(record.name), record.request_id)


_Start = Callable[[Plan, Line, Action, ManagedNamespace], Awaitable[Action]]


def _why_not_asleep(record: ManagedNamespace) -> str:
    """Why there is nothing to put to sleep; empty when there is."""
    environment, asleep = record.spec.environment, record.asleep
    if record.intent is Intent.RELEASED:
        return "It was released: nothing runs in it."
    if not POLICIES[environment].may_sleep:
        return f"What runs in {environment} never sleeps."
    is_for_good = asleep is not None and asleep.until is None
    if is_for_good and asleep is not None and asleep.cause is not SleepCause.CLEANUP:
        return "It sleeps already, until somebody wakes it."
    return ""


def _after(request: ProvisioningRequest | None, action: Action) -> Action:
    if request is None:
        return replace(action, state=ActionState.FAILED, message="Its request is gone.")
    if not request.is_terminal:
        waits = request.phase is Phase.AWAITING_APPROVAL
        return replace(action, message="Waits for approval." if waits else "")
    if request.phase is Phase.DONE:
        is_kept = any(
            step.name is StepName.EXPORT and step.status is StepStatus.DONE
            for step in request.steps
        )
        export_id = request.request_id if is_kept else ""
        message = "Its manifests are kept; Secrets are in no export." if is_kept else ""
        return replace(action, state=ActionState.DONE, export_id=export_id, message=message)
    message = request.failure.message if request.failure else f"Its request was {request.phase}."
    return replace(action, state=ActionState.FAILED, message=message)


def is_passing(error: PortalError) -> bool:
    """Whether a refusal may be another one in a moment."""
    return isinstance(error, InFlightError) or error.fault is Fault.UNAVAILABLE
