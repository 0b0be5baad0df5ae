"""The use cases of plans: make one, look at it, try it out, confirm it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from ..domain.actors import Actor
from ..domain.cleanup import Stage
from ..domain.cleanup_plans import Line, Plan, PlanState, line_of, objection, started
from ..domain.errors import FieldIssue, IdempotencyMismatchError, InvalidFieldsError
from ..identity.permissions import Permission, ensure_may_anywhere
from ..provisioning.intake import Submission
from .book import PlanBook, PlanStateError
from .candidates import Candidates

__all__ = ["CleanupPlans"]

MAX_LINES: Final = 500


class CleanupPlans:
    """Plans of platform admins. Nothing here touches the cluster; `Progress` carries plans out."""

    def __init__(self, *, book: PlanBook, candidates: Candidates, wake: Callable[[], None]) -> None:
        self._book = book
        self._candidates = candidates
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
        if (known := await self._book.find(plan_id)) is not None:
            if (known.stage, tuple(line.namespace for line in known.lines)) == (stage, wanted):
                return known
            raise IdempotencyMismatchError(submission.idempotency_key)
        plan = Plan(
            plan_id=plan_id,
            cluster=self._book.cluster,
            stage=stage,
            state=PlanState.PLANNED,
            created_by=submission.actor.subject,
            created_at=self._book.clock(),
            correlation_id=submission.correlation_id,
            lines=await self._lines(wanted, stage, plan_id),
        )
        await self._book.add(plan, submission, "cleanup.plan", namespaces=list(wanted))
        return plan

    async def get(self, plan_id: str, *, actor: Actor) -> Plan:
        """One plan.

        Raises:
            ForbiddenError: cleanup is no matter of the actor's. NotFoundError: there is none.
        """
        ensure_may_anywhere(actor, Permission.CLEANUP_READ)
        return await self._book.require(plan_id)

    async def latest(self, *, actor: Actor, limit: int = 50) -> list[Plan]:
        """The latest plans, newest first.

        Raises:
            ForbiddenError: cleanup is no matter of the actor's.
        """
        ensure_may_anywhere(actor, Permission.CLEANUP_READ)
        return await self._book.latest(limit=limit)

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
        plan = await self._book.require(plan_id)
        if confirm != plan.confirm:
            message = f"Type {plan.confirm} to confirm."
            raise InvalidFieldsError([FieldIssue("confirm", message)])
        if plan.state is PlanState.RUNNING:
            return plan
        if plan.state is not PlanState.PLANNED or not any(line.actions for line in plan.lines):
            raise PlanStateError(f"Plan {plan_id} is {plan.state}, or has nothing to do.")
        now = self._book.clock()
        busy = await self._book.busy()
        begun = replace(
            plan,
            state=PlanState.RUNNING,
            confirmed_by=submission.actor.subject,
            confirmed_at=now,
            lines=tuple(started(line, now, busy) for line in plan.lines),
        )
        await self._book.change(begun, submission, "cleanup.execute", confirm=confirm)
        self._wake()
        return replace(begun, version=begun.version + 1)

    async def _lines(self, wanted: Sequence[str], stage: Stage, plan_id: str) -> tuple[Line, ...]:
        found = await self._candidates.now(tuple(wanted))
        return tuple(
            line_of(name, found[name], plan_id=plan_id, position=position, target=stage)
            for position, name in enumerate(wanted)
        )


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
