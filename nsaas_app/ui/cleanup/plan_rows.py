"""Plans and their lines as they are shown. Pure."""

from dataclasses import dataclass, field
from typing import Final, Self

from ...domain.cleanup import Stage
from ...domain.cleanup_plans import Action, ActionState, Line, LineState, Plan, PlanState
from ...domain.cleanup_recourse import advice, retryable, undoable
from ..figures import iso
from ..routes import address
from ..words import Tone, word_of
from .transform import PATH, impact_words

__all__ = ["PlanHead", "PlanLine", "PlanLink"]

_LINE_TONES: Final = {
    LineState.PLANNED: Tone.WAITING,
    LineState.RUNNING: Tone.PROGRESS,
    LineState.DONE: Tone.OK,
    LineState.SKIPPED: Tone.NONE,
    LineState.FAILED: Tone.BAD,
    LineState.STOPPED: Tone.NONE,
    LineState.UNDONE: Tone.WARN,
}
_PLAN_TONES: Final = {
    PlanState.PLANNED: Tone.WAITING,
    PlanState.RUNNING: Tone.PROGRESS,
    PlanState.STOPPED: Tone.WARN,
    PlanState.DONE: Tone.OK,
}


@dataclass(frozen=True)
class PlanLine:
    """One namespace of a plan."""

    name: str
    word: str
    state: str
    tone: str
    stages: str
    due_at: str
    reason: str
    impact: str
    would: str
    """What a dry run says of it."""
    undo_id: str
    undo_word: str
    undo_until: str
    """When the next stage begins and it is too late; empty as long as it stands."""
    retry_id: str
    retry_word: str
    advice: str
    """What must be known of a line that went no further."""
    notes: list[str] = field(default_factory=list)
    """What each stage said."""
    export_href: str = ""
    """The newest archive that was kept of it."""

    @classmethod
    def of(cls, line: Line, plan: Plan, *, would: str) -> Self:
        """Show a line; `would` is why a dry run would skip it."""
        due = next((one.due_at for one in line.actions if one.is_open and one.due_at), None)
        undo, retry = undoable(line, plan), retryable(line, plan)
        return cls(
            name=line.namespace,
            word=word_of(line.state.value),
            state=line.state.value,
            tone=_LINE_TONES[line.state].value,
            stages=" → ".join(_stage_words(one) for one in line.actions) or "No stage",
            due_at=iso(due),
            reason=line.reason,
            impact=impact_words(line.impact),
            would=would,
            undo_id=undo.action_id if undo else "",
            undo_word=f"Undo {undo.stage}" if undo else "",
            undo_until=iso(undo.undo_until) if undo else "",
            retry_id=retry.action_id if retry else "",
            retry_word=f"Retry {retry.stage}" if retry else "",
            advice=advice(line, plan),
            notes=[
                f"{one.stage.value.capitalize()}: {one.message}"
                for one in line.actions
                if one.message and one.message != line.reason
            ],
            export_href=next(
                (
                    f"/api/v1/exports/{one.export_id}"
                    for one in reversed(line.actions)
                    if one.export_id
                ),
                "",
            ),
        )


def _stage_words(action: Action) -> str:
    return action.stage if action.state is ActionState.PENDING else f"{action.stage} {action.state}"


_STORY: Final = {
    Stage.NOTIFY: "Owner and leads are told in their inbox, by webhook and by mail, and may "
    "answer with Keep.",
    Stage.SLEEP: "What runs is scaled to zero; undo wakes it exactly as it was.",
    Stage.REVOKE: "Access is taken away and everything kept; undo gives it back and wakes it.",
    Stage.EXPORT: "The manifests are kept as an archive to download. Secrets are not in it.",
    Stage.DELETE: "Exported once more as it is then, and deleted. This cannot be undone.",
}


@dataclass(frozen=True)
class PlanHead:
    """A plan above its lines."""

    plan_id: str = ""
    title: str = ""
    word: str = ""
    state: str = ""
    tone: str = "none"
    confirm: str = ""
    created_by: str = ""
    created_at: str = ""
    confirmed_by: str = ""
    confirmed_at: str = ""
    story: list[str] = field(default_factory=list)
    """What carrying it out does, stage by stage."""
    is_planned: bool = False
    is_running: bool = False
    acts: int = 0
    """Lines with something to do."""

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Show a plan."""
        stages = {action.stage for line in plan.lines for action in line.actions}
        return cls(
            plan_id=plan.plan_id,
            title=plan.confirm.capitalize(),
            word=word_of(plan.state.value),
            state=plan.state.value,
            tone=_PLAN_TONES[plan.state].value,
            confirm=plan.confirm,
            created_by=plan.created_by,
            created_at=iso(plan.created_at),
            confirmed_by=plan.confirmed_by,
            confirmed_at=iso(plan.confirmed_at),
            story=[_STORY[stage] for stage in Stage if stage in stages],
            is_planned=plan.state is PlanState.PLANNED,
            is_running=plan.state is PlanState.RUNNING,
            acts=sum(bool(line.actions) for line in plan.lines),
        )


@dataclass(frozen=True)
class PlanLink:
    """A plan in the list of plans."""

    plan_id: str
    href: str
    title: str
    word: str
    tone: str
    created_at: str

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Show a plan as one line; what failed in it waits for somebody."""
        failed = sum(line.state is LineState.FAILED for line in plan.lines)
        return cls(
            plan.plan_id,
            address(PATH, {"plan": plan.plan_id}),
            plan.confirm.capitalize(),
            f"{word_of(plan.state.value)}, {failed} failed"
            if failed
            else word_of(plan.state.value),
            (Tone.BAD if failed else _PLAN_TONES[plan.state]).value,
            iso(plan.created_at),
        )
