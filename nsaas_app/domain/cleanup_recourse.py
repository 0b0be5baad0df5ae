"""What can still be done about a line of a plan, and what must be known of it. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from .cleanup import Stage
from .cleanup_plans import Action, ActionState, Line, LineState, Plan, PlanState

__all__ = ["advice", "is_locked", "retried", "retryable", "undoable"]

_REVERSIBLE: Final = (Stage.NOTIFY, Stage.SLEEP, Stage.REVOKE)


def undoable(line: Line, plan: Plan) -> Action | None:
    """The newest stage that can be taken back; None where there is none, or one runs."""
    done = [
        one
        for one in line.actions
        if one.state is ActionState.DONE and one.stage is not Stage.EXPORT
    ]
    is_reversible = done and done[-1].stage in _REVERSIBLE
    is_running = any(one.state is ActionState.RUNNING for one in line.actions)
    return done[-1] if is_reversible and plan.confirmed_at and not is_running else None


def retryable(line: Line, plan: Plan) -> Action | None:
    """The stage that failed and can be tried again; None where there is none.

    Nothing begins anew in a plan that was stopped: that takes a plan of its own.
    """
    if line.state is not LineState.FAILED or plan.state is PlanState.STOPPED:
        return None
    return next((one for one in line.actions if one.state is ActionState.FAILED), None)


def retried(line: Line, failed: Action, *, now: datetime) -> Line:
    """The line as it goes on: the stage that failed is due, as an attempt of its own."""
    anew = replace(
        failed,
        state=ActionState.PENDING,
        attempt=failed.attempt + 1,
        due_at=now,
        ended_at=None,
        request_id="",
        message="",
    )
    actions = tuple(anew if one is failed else one for one in line.actions)
    return replace(line, actions=actions, state=LineState.RUNNING, reason="")


def is_locked(line: Line) -> bool:
    """Whether a line goes no further and nobody has access to its namespace because of it."""
    stages = {one.stage: one for one in line.actions}
    revoked, deleted = stages.get(Stage.REVOKE), stages.get(Stage.DELETE)
    has_revoked = revoked is not None and revoked.state is ActionState.DONE
    is_gone = deleted is not None and deleted.state is ActionState.DONE
    return has_revoked and not is_gone and not line.is_open


def advice(line: Line, plan: Plan) -> str:
    """What a person must know of a line that went no further; empty where there is nothing."""
    failed = retryable(line, plan)
    if is_locked(line):
        way = f"retry {failed.stage}, or undo revoke" if failed else "undo revoke"
        return f"Nobody has access to it: {way} to let people in again."
    return f"It went no further: retry {failed.stage}, or leave it." if failed else ""
