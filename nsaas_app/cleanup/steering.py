"""Steering a plan that was confirmed: stop it, take a stage back, try a failed one again."""

from collections.abc import Callable
from dataclasses import replace

from .. import metrics
from ..domain.cleanup import Stage
from ..domain.cleanup_plans import Action, ActionState, Line, LineState, Plan, PlanState
from ..domain.cleanup_recourse import retried, retryable
from ..domain.errors import PortalError
from ..identity.permissions import Permission, ensure_may_anywhere
from ..provisioning.intake import Submission
from .book import PlanBook, PlanStateError, find_action
from .candidates import Candidates
from .returns import Returns, gone_with

__all__ = ["Steering"]


class Steering:
    """What platform admins do about a plan under way."""

    def __init__(
        self, *, book: PlanBook, candidates: Candidates, returns: Returns, wake: Callable[[], None]
    ) -> None:
        self._book = book
        self._candidates = candidates
        self._returns = returns
        self._wake = wake

    async def stop(self, plan_id: str, submission: Submission) -> Plan:
        """Let what runs come to its end, and nothing new begin.

        Raises:
            ForbiddenError: platform admins do. NotFoundError: there is no such plan.
            PlanStateError: it has ended, or somebody changed it at the same moment.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        plan = await self._book.require(plan_id)
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
            stopped = replace(stopped, ended_at=self._book.clock())
        await self._book.change(stopped, submission, "cleanup.stop")
        return replace(stopped, version=stopped.version + 1)

    async def undo(self, action_id: str, submission: Submission) -> Plan:
        """Take a stage back, or call off one that has not begun; the line goes no further.

        Raises:
            ForbiddenError: platform admins do. NotFoundError: there is no such action.
            PlanStateError: it runs, a later stage must be taken back first, or it was deleted.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        plan = await self._book.require(action_id.partition(".")[0])
        line, action = find_action(plan, action_id)
        _ensure_newest(line, action)
        if action.state is ActionState.DONE:
            action = await self._returns.take_back(line, action, submission)
        else:
            action = replace(action, state=ActionState.SKIPPED, message="Called off.")
        undone = _with_undone(line, action, by=submission.actor.subject)
        lines = tuple(undone if one is line else one for one in plan.lines)
        changed = replace(plan, lines=lines)
        if plan.state is PlanState.RUNNING and not any(one.is_open for one in lines):
            changed = replace(changed, state=PlanState.DONE, ended_at=self._book.clock())
        await self._book.change(changed, submission, "cleanup.undo", about=line, stage=action.stage)
        metrics.CLEANUP_ACTIONS.labels(action.stage, action.state).inc()
        self._candidates.forget()
        return replace(changed, version=changed.version + 1)

    async def retry(self, action_id: str, submission: Submission) -> Plan:
        """Begin a stage that failed once more; the line is held against that moment again.

        Raises:
            ForbiddenError: platform admins do. NotFoundError: there is no such action.
            PlanStateError: it did not fail, the plan was stopped, or another one is at it.
        """
        ensure_may_anywhere(submission.actor, Permission.CLEANUP_RUN)
        plan = await self._book.require(action_id.partition(".")[0])
        line, action = find_action(plan, action_id)
        failed = retryable(line, plan)
        if failed is None or failed.action_id != action_id:
            raise PlanStateError(f"There is nothing to try again: it is {action.state}.")
        other = (await self._book.busy()).get(line.uid)
        if other is not None and other != plan.plan_id:
            raise PlanStateError(f"Another plan is at it: {other}.")
        anew = retried(line, failed, now=self._book.clock())
        lines = tuple(anew if one is line else one for one in plan.lines)
        changed = replace(plan, lines=lines, state=PlanState.RUNNING, ended_at=None)
        await self._book.change(
            changed, submission, "cleanup.retry", about=line, stage=action.stage,
            attempt=failed.attempt + 1,
        )  # fmt: skip
        self._candidates.forget()
        self._wake()
        return replace(changed, version=changed.version + 1)

    async def _stopped(self, plan: Plan, line: Line, who: str) -> Line:
        """A line that waits ends here, and people get in again; one whose stage runs ends so."""
        if not line.is_open or any(one.state is ActionState.RUNNING for one in line.actions):
            return line
        stopped = replace(line, state=LineState.STOPPED, reason=f"Stopped by {who}.")
        try:
            return await self._returns.give_back(plan, stopped)
        except PortalError as error:
            words = f"{stopped.reason} Access was not given back: {error.message}"
            return replace(stopped, reason=words)


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
