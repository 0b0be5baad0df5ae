"""How far a line of a plan is, and whether its next stage may begin. Pure."""

from dataclasses import replace

from .cleanup import Candidate, Stage
from .cleanup_plans import Action, ActionState, Line, Plan, objection

__all__ = [
    "called_off",
    "may_begin",
    "next_position",
    "owners_answer",
    "with_action",
    "with_line",
]


def next_position(line: Line) -> int:
    """Position of the stage that runs or comes next; that of the end when there is none."""
    states = (n for n, one in enumerate(line.actions) if one.is_open)
    return next(states, len(line.actions))


def may_begin(line: Line, seen: Candidate | None) -> bool:
    """Whether nothing stands in the way of the next stage."""
    is_busy = seen is not None and bool(seen.in_flight)
    stage = line.actions[next_position(line)].stage
    return not is_busy and not owners_answer(line, seen) and not objection(line, seen, stage)


def called_off(line: Line) -> Line:
    """A line that begins nothing more."""
    off = ActionState.SKIPPED
    actions = tuple(
        replace(one, state=off) if one.state is ActionState.PENDING else one for one in line.actions
    )
    return replace(line, actions=actions)


def with_line(plan: Plan, position: int, line: Line) -> Plan:
    """The plan with another line at a position."""
    lines = (*plan.lines[:position], line, *plan.lines[position + 1 :])
    return replace(plan, lines=lines)


def owners_answer(line: Line, seen: Candidate | None) -> str:
    """What somebody said by waking or restoring it since; empty where nobody did."""
    done = [one for one in line.actions if one.state is ActionState.DONE]
    if seen is None:
        return ""
    # Also where nobody had access any more: it was released then, whoever had done that.
    if any(one.stage is Stage.REVOKE for one in done) and seen.state != "released":
        return "It was restored since: somebody wants it."
    has_slept = any(one.stage is Stage.SLEEP and one.request_id for one in done)
    if has_slept and seen.state not in ("sleeping", "released"):
        return "It was woken since: somebody wants it."
    return ""


def with_action(line: Line, position: int, action: Action) -> Line:
    """The line with another stage at a position."""
    actions = (*line.actions[:position], action, *line.actions[position + 1 :])
    return replace(line, actions=actions)
