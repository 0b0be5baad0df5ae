"""The use cases of plans: make one, look at it, confirm it, stop it, take a stage back."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ..directory.hub import CLEANUP, Hub
from ..domain.actors import Actor
from ..domain.audit import AuditEvent, Outcome
from ..domain.cleanup import Stage
from ..domain.cleanup_plans import (
    Action,
    ActionState,
    Line,
    LineState,
    Plan,
    PlanState,
    line_of,
    objection,
    started,
)
from ..domain.errors import (
    Fault,
    FieldIssue,
    IdempotencyMismatchError,
    InvalidFieldsError,
    NotFoundError,
    PortalError,
)
from ..identity.permissions import Permission, ensure_may_anywhere
from ..provisioning.intake import Submission
from ..provisioning.stores import Stores
from ..store.cleanup import CleanupStore
from .candidates import Candidates
from .moves import Moves, gone_with

__all__ = ["CleanupPlans", "PlanStateError"]

MAX_LINES: Final = 500


class PlanStateError(PortalError):
    """The plan does not stand where this could be done."""

    code = "POLICY_DENY"
    fault = Fault.CONFLICT


class CleanupPlans:
    """Plans of platform admins. Nothing here touches the cluster; `Progress` carries plans out."""

    def __init__(
        self,
        *,
        candidates: Candidates,
        moves: Moves,
        stores: Stores,
        cleanup: CleanupStore,
        hub: Hub,
        cluster_name: str,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        self._candidates = candidates
        self._moves = moves
        self._stores = stores
        self._cleanup = cleanup
        self._hub = hub
        self._cluster = cluster_name
        self._clock = clock
        self._wake = wake

    async def create(self, names: Sequence[str], stage: Stage, submission: Submission) -> Plan:
        """Make a plan; nothing happens yet. The same key gives the same plan.

        Raises:
            ForbiddenError: platform admins plan.
            InvalidFieldsError: no namespace, or too many.
            IdempotencyMismatchError: the key was used for another plan.
            UnavailableError: the picture of the cluster is not whole.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        wanted = tuple(dict.fromkeys(names))
        if not 1 <= len(wanted) <= MAX_LINES:
            message = f"Name 1 to {MAX_LINES} namespaces."
            raise InvalidFieldsError([FieldIssue("namespaces", message)])
        plan_id = _plan_id(submission)
        if (known := await self._find(plan_id)) is not None:
            if (known.stage, tuple(line.namespace for line in known.lines)) == (stage, wanted):
                return known
            raise IdempotencyMismatchError(submission.idempotency_key)
        plan = Plan(
            plan_id=plan_id,
            cluster=self._cluster,
            stage=stage,
            state=PlanState.PLANNED,
            created_by=submission.actor.subject,
            created_at=self._clock(),
            correlation_id=submission.correlation_id,
            lines=await self._lines(wanted, stage, plan_id),
        )
        async with self._stores.database.transaction() as connection:
            await self._cleanup.add_plan(connection, plan)
            event = _event(plan, submission, "cleanup.plan", namespaces=list(wanted))
            await self._stores.audit.append(connection, event, at=plan.created_at)
        self._hub.publish(CLEANUP)
        return plan

    async def get(self, plan_id: str, *, actor: Actor) -> Plan:
        """One plan.

        Raises:
            ForbiddenError: cleanup is no matter of the actor's. NotFoundError: there is none.
        """
        ensure_may_anywhere(actor, Permission.CLEANUP_READ)
        return await self._require(plan_id)

    async def latest(self, *, actor: Actor, limit: int = 50) -> list[Plan]:
        """The latest plans, newest first.

        Raises:
            ForbiddenError: cleanup is no matter of the actor's.
        """
        ensure_may_anywhere(actor, Permission.CLEANUP_READ)
        async with self._stores.database.reading() as connection:
            return await self._cleanup.plans(connection, cluster=self._cluster, limit=limit)

    async def try_out(self, plan_id: str, *, actor: Actor) -> dict[str, str]:
        """Hold every line against this moment: why it would be skipped, empty where it would not.

        Raises:
            ForbiddenError: cleanup is no matter of the actor's. NotFoundError: there is none.
            UnavailableError: the picture of the cluster is not whole.
        """
        plan = await self.get(plan_id, actor=actor)
        found = await self._candidates.now(tuple(line.namespace for line in plan.lines))
        return {line.namespace: _why_not(line, found[line.namespace]) for line in plan.lines}

    async def execute(self, plan_id: str, confirm: str, submission: Submission) -> Plan:
        """Confirm a plan by its own words; from the reply on it is carried out.

        Raises:
            ForbiddenError: platform admins do. NotFoundError: there is no such plan.
            InvalidFieldsError: other words were typed.
            PlanStateError: it was stopped, has ended, or would do nothing.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        plan = await self._require(plan_id)
        if confirm != plan.confirm:
            message = f"Type {plan.confirm} to confirm."
            raise InvalidFieldsError([FieldIssue("confirm", message)])
        if plan.state is PlanState.RUNNING:
            return plan
        if plan.state is not PlanState.PLANNED or not any(line.actions for line in plan.lines):
            raise PlanStateError(f"Plan {plan_id} is {plan.state}, or has nothing to do.")
        now = self._clock()
        busy = await self._busy()
        begun = replace(
            plan,
            state=PlanState.RUNNING,
            confirmed_by=submission.actor.subject,
            confirmed_at=now,
            lines=tuple(started(line, now, busy) for line in plan.lines),
        )
        await self._store(begun, submission, "cleanup.execute", confirm=confirm)
        self._wake()
        return replace(begun, version=begun.version + 1)

    async def stop(self, plan_id: str, submission: Submission) -> Plan:
        """Let what runs come to its end, and nothing new begin.

        Raises:
            ForbiddenError: platform admins do. NotFoundError: there is no such plan.
            PlanStateError: it has ended, or somebody changed it at the same moment.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        plan = await self._require(plan_id)
        if plan.state is PlanState.STOPPED:
            return plan
        if plan.state is PlanState.DONE:
            raise PlanStateError(f"Plan {plan_id} has ended.")
        who = submission.actor.subject
        stopped = replace(
            plan,
            state=PlanState.STOPPED,
            lines=tuple([await self._stopped(plan, line, who) for line in plan.lines]),
        )
        if not any(line.is_open for line in stopped.lines):
            stopped = replace(stopped, ended_at=self._clock())
        await self._store(stopped, submission, "cleanup.stop")
        return replace(stopped, version=stopped.version + 1)

    async def undo(self, action_id: str, submission: Submission) -> Plan:
        """Take a stage back, or call off one that has not begun; the line goes no further.

        Raises:
            ForbiddenError: platform admins do. NotFoundError: there is no such action.
            PlanStateError: it runs, a later stage must be taken back first, or it was deleted.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        plan = await self._require(action_id.partition(".")[0])
        line, action = _find_action(plan, action_id)
        _ensure_newest(line, action)
        if action.state is ActionState.DONE:
            action = await self._moves.take_back(line, action, submission)
        else:
            action = replace(action, state=ActionState.SKIPPED, message="Called off.")
        undone = _with_undone(line, action, by=submission.actor.subject)
        lines = tuple(undone if one is line else one for one in plan.lines)
        changed = replace(plan, lines=lines)
        if plan.state is PlanState.RUNNING and not any(one.is_open for one in lines):
            changed = replace(changed, state=PlanState.DONE, ended_at=self._clock())
        await self._store(changed, submission, "cleanup.undo", about=line, stage=action.stage)
        self._candidates.forget()
        return replace(changed, version=changed.version + 1)

    async def _stopped(self, plan: Plan, line: Line, who: str) -> Line:
        """A line that waits ends here, and people get in again; one whose stage runs ends so."""
        if not line.is_open or any(one.state is ActionState.RUNNING for one in line.actions):
            return line
        stopped = replace(line, state=LineState.STOPPED, reason=f"Stopped by {who}.")
        try:
            return await self._moves.give_back(plan, stopped)
        except PortalError as error:
            words = f"{stopped.reason} Access was not given back: {error.message}"
            return replace(stopped, reason=words)

    async def _lines(self, wanted: Sequence[str], stage: Stage, plan_id: str) -> tuple[Line, ...]:
        found = await self._candidates.now(tuple(wanted))
        return tuple(
            line_of(name, found[name], plan_id=plan_id, position=position, target=stage)
            for position, name in enumerate(wanted)
        )

    async def _busy(self) -> dict[str, str]:
        """Namespaces that another plan is at: by uid, which one."""
        async with self._stores.database.reading() as connection:
            running = await self._cleanup.open_plans(connection, cluster=self._cluster)
        return {line.uid: plan.plan_id for plan in running for line in plan.lines if line.is_open}

    async def _find(self, plan_id: str) -> Plan | None:
        async with self._stores.database.reading() as connection:
            return await self._cleanup.plan(connection, plan_id)

    async def _require(self, plan_id: str) -> Plan:
        if (plan := await self._find(plan_id)) is None:
            raise NotFoundError("cleanup plan", plan_id[:63])
        return plan

    async def _store(
        self, plan: Plan, submission: Submission, action: str, *, about: Line | None = None,
        **after: Any,
    ) -> None:  # fmt: skip
        async with self._stores.database.transaction() as connection:
            if not await self._cleanup.change_plan(connection, plan):
                raise PlanStateError(f"Plan {plan.plan_id} moved at this moment: look again.")
            event = _event(plan, submission, action, about=about, **after)
            await self._stores.audit.append(connection, event, at=self._clock())
        self._hub.publish(CLEANUP)


def _plan_id(submission: Submission) -> str:
    words = f"{submission.actor.subject}\n{submission.idempotency_key}"
    return f"plan-{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _why_not(line: Line, found: Any) -> str:
    if not line.actions or not line.is_open:
        return line.reason
    if found is not None and found.in_flight:
        return f"It would wait for request {found.in_flight}."
    stage = next((action.stage for action in line.actions if action.is_open), None)
    return objection(line, found, stage) if stage is not None else line.reason


def _find_action(plan: Plan, action_id: str) -> tuple[Line, Action]:
    for line in plan.lines:
        for action in line.actions:
            if action.action_id == action_id:
                return line, action
    raise NotFoundError("cleanup action", action_id[:80])


def _ensure_newest(line: Line, action: Action) -> None:
    if action.state is ActionState.RUNNING:
        raise PlanStateError("It runs now: wait for its end.")
    if action.state not in (ActionState.DONE, ActionState.PENDING):
        raise PlanStateError(f"There is nothing to take back: it is {action.state}.")
    later = line.actions[line.actions.index(action) + 1 :]
    # An archive that is kept stands in nobody's way.
    begun = [
        one
        for one in later
        if one.state is ActionState.RUNNING
        or (one.state is ActionState.DONE and one.stage is not Stage.EXPORT)
    ]
    if begun:
        raise PlanStateError(f"Take back {begun[-1].stage} first: it came later.")


def _with_undone(line: Line, action: Action, *, by: str) -> Line:
    is_past = action.state is ActionState.UNDONE
    actions = tuple(
        action if one.action_id == action.action_id else gone_with(one, action)
        for one in line.actions
    )
    return replace(
        line,
        actions=actions,
        state=LineState.UNDONE if is_past else LineState.STOPPED,
        reason=f"{'Taken back' if is_past else 'Called off'} by {by}.",
    )


def _event(
    plan: Plan, submission: Submission, action: str, *, about: Line | None = None, **after: Any
) -> AuditEvent:
    return AuditEvent(
        actor=submission.actor.subject,
        action=action,
        object=f"cleanup-plan/{plan.plan_id}",
        outcome=Outcome.ALLOWED,
        team=about.team if about else "",
        namespace=about.namespace if about else "",
        correlation_id=submission.correlation_id,
        source=submission.audit_source,
        after={"stage": plan.stage.value, **after},
    )
