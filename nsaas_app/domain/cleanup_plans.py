"""Cleanup plans: what a plan holds, how far each line goes, and what stops it on its way. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from .cleanup import Candidate, Evidence, Impact, Reason, Stage

__all__ = [
    "PATHS",
    "Action",
    "ActionState",
    "Line",
    "LineState",
    "Plan",
    "PlanState",
    "line_of",
    "objection",
    "path_of",
    "started",
]


class ActionState(StrEnum):
    """Where one stage of one line stands."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNDONE = "undone"


class LineState(StrEnum):
    """Where one namespace of a plan stands."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    STOPPED = "stopped"
    UNDONE = "undone"


class PlanState(StrEnum):
    """Where a plan stands."""

    PLANNED = "planned"
    """Nothing happens until somebody types its words."""
    RUNNING = "running"
    STOPPED = "stopped"
    """What runs comes to its end; nothing new begins."""
    DONE = "done"


_GENTLE: Final = tuple(Stage)

PATHS: Final[dict[Reason, tuple[Stage, ...]]] = {
    Reason.EXPIRED: _GENTLE,
    Reason.IDLE: _GENTLE,
    Reason.OWNER_GONE: _GENTLE,
    Reason.OVER_QUOTA: (Stage.NOTIFY,),
    Reason.ORPHAN: (Stage.DELETE,),
    Reason.FAILED: (Stage.DELETE,),
    Reason.MISSING: (),
    Reason.STUCK: (),
}
"""The stages a reason can justify. Nobody uses an orphan or a leftover, so nobody is asked."""


@dataclass(frozen=True, slots=True)
class Action:
    """One stage of one line."""

    action_id: str
    stage: Stage
    state: ActionState = ActionState.PENDING
    due_at: datetime | None = None
    """When it may begin; None while the stage before it has not ended."""
    ended_at: datetime | None = None
    undo_until: datetime | None = None
    """When the next stage begins. None where there is no next one: as long as it stands."""
    request_id: str = ""
    export_id: str = ""
    """The archive it kept of the manifests, if it kept one."""
    message: str = ""
    attempt: int = 0
    """How often it was tried again after it had failed."""

    @property
    def key(self) -> str:
        """What its request is found again by: each attempt has one of its own."""
        return f"{self.action_id}.{self.attempt}" if self.attempt else self.action_id

    @property
    def is_open(self) -> bool:
        """Whether something of it is still to come."""
        return self.state in (ActionState.PENDING, ActionState.RUNNING)


@dataclass(frozen=True, slots=True)
class Line:
    """One namespace of a plan, with what spoke for it when the plan was made."""

    namespace: str
    uid: str
    team: str
    environment: str
    grounds: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]
    impact: Impact
    state: LineState
    reason: str = ""
    """Why it was skipped, failed or waits."""
    actions: tuple[Action, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.state in (LineState.PLANNED, LineState.RUNNING)


@dataclass(frozen=True, slots=True)
class Plan:
    """A stored plan."""

    plan_id: str
    cluster: str
    stage: Stage
    state: PlanState
    created_by: str
    created_at: datetime
    correlation_id: str
    lines: tuple[Line, ...] = field(default_factory=tuple)
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0
    """Of what is stored: a write that began from an older one is refused."""

    @property
    def confirm(self) -> str:
        """The words that must be typed before anything happens."""
        count = sum(bool(line.actions) for line in self.lines)
        return f"{self.stage} {count} namespace{'' if count == 1 else 's'}"


def path_of(grounds: Iterable[Reason], target: Stage) -> tuple[Stage, ...]:
    """The stages up to the target that some of the reasons justify; nothing when none does."""
    paths = (PATHS[reason] for reason in grounds)
    longest = max((path for path in paths if target in path), key=len, default=())
    return longest[: longest.index(target) + 1] if longest else ()


def line_of(
    name: str, candidate: Candidate | None, *, plan_id: str, position: int, target: Stage
) -> Line:
    """Plan one namespace; a line without actions says why nothing will happen."""
    if candidate is None:
        return Line(name, "", "", "", (), (), Impact(), LineState.SKIPPED,
                    "Nothing speaks for touching it.")  # fmt: skip
    grounds = tuple(reason for reason in candidate.reasons if reason in candidate.grounds)
    stages = path_of(grounds, target)
    return Line(
        namespace=name,
        uid=candidate.uid,
        team=candidate.team,
        environment=candidate.environment,
        grounds=grounds,
        evidence=candidate.evidence,
        impact=candidate.impact,
        state=LineState.PLANNED if stages else LineState.SKIPPED,
        reason="" if stages else _why_no_path(candidate, target),
        actions=tuple(Action(f"{plan_id}.{position}.{stage}", stage) for stage in stages),
    )


def started(line: Line, now: datetime, busy: Mapping[str, str]) -> Line:
    """A planned line as it begins; one that another plan is at (by uid, which one) is left out."""
    if line.state is not LineState.PLANNED:
        return line
    if line.uid in busy:
        reason = f"Another plan is at it: {busy[line.uid]}."
        return replace(line, state=LineState.SKIPPED, reason=reason)
    first, *rest = line.actions
    return replace(line, state=LineState.RUNNING, actions=(replace(first, due_at=now), *rest))


def objection(line: Line, candidate: Candidate | None, stage: Stage) -> str:
    """Why the next stage of a line may not begin at this moment; empty when it may."""
    if candidate is None:
        return "Nothing speaks for touching it any more."
    if candidate.uid != line.uid:
        return "Its uid changed since the plan was made: it is another namespace."
    standing = candidate.grounds & frozenset(line.grounds)
    if not standing:
        words = ", ".join(line.grounds)
        stops = [one.message for one in candidate.exclusions if one.stops & set(line.grounds)]
        return " ".join(stops) or f"What the plan rests on holds no more: {words}."
    return "" if stage in path_of(standing, stage) else _why_no_path(candidate, stage)


def _why_no_path(candidate: Candidate, target: Stage) -> str:
    if candidate.exclusions and not candidate.grounds:
        return " ".join(one.message for one in candidate.exclusions)
    reasons = ", ".join(candidate.reasons)
    return f"Being {reasons} does not justify the stage {target}."
