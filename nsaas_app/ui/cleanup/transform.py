"""The cleanup page: candidates, plans and stuck deletions as they are shown. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Self

from ...cleanup.stuck import StuckReport
from ...domain.cleanup import Candidate, Evidence, Impact, Reason, Stage
from ...domain.cleanup_plans import Action, ActionState, Line, LineState, Plan, PlanState
from ...domain.cleanup_schedule import CleanupRule
from ...domain.quantities import binary, cores
from ..figures import count, iso
from ..routes import Pill, address
from ..words import Tone

__all__ = [
    "PATH",
    "REASON_WORDS",
    "CandidateRow",
    "PlanHead",
    "PlanLine",
    "PlanLink",
    "RuleLine",
    "StuckLine",
    "impact_words",
    "pills_of",
    "reclaimable",
    "stuck_lines",
]

PATH: Final = "/cleanup"
REASON_WORDS: Final = {
    Reason.EXPIRED: "Expired",
    Reason.IDLE: "Idle",
    Reason.ORPHAN: "Orphan",
    Reason.MISSING: "Missing",
    Reason.FAILED: "Failed",
    Reason.STUCK: "Stuck",
    Reason.OWNER_GONE: "Owner gone",
    Reason.OVER_QUOTA: "Over quota",
}
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
class Chip:
    """One piece of evidence."""

    key: str
    text: str
    about: str
    """Threshold, source and time, for who points at it."""

    @classmethod
    def of(cls, one: Evidence) -> Self:
        """Show one piece of evidence."""
        since = f" · since {one.since:%d %b %Y, %H:%M} UTC" if one.since else ""
        about = f"limit {one.threshold} · {one.source} · seen {one.seen_at:%H:%M:%S} UTC{since}"
        return cls(f"{one.reason}-{one.signal}-{one.value}", one.value, about)


@dataclass(frozen=True)
class CandidateRow:
    """One candidate as a row."""

    name: str
    href: str
    team: str
    environment: str
    reasons: str
    confidence: str
    chips: list[Chip]
    impact: str
    frees: str
    cost: str
    excluded: str
    """Why a plan would leave it alone; empty when it would not."""
    is_missing: bool
    is_orphan: bool
    is_stuck: bool
    is_selectable: bool
    is_selected: bool

    @classmethod
    def of(cls, one: Candidate, *, selected: Sequence[str]) -> Self:
        """Show a candidate."""
        has_row = one.state != "orphan"
        return cls(
            name=one.namespace,
            href=f"/namespaces/{one.namespace}" if has_row else "",
            team=one.team,
            environment=one.environment,
            reasons=", ".join(REASON_WORDS[reason] for reason in one.reasons),
            confidence=one.confidence.value,
            chips=[Chip.of(piece) for piece in one.evidence],
            impact=impact_words(one.impact),
            frees=_frees(one),
            cost=f"${one.reclaim.cost.monthly:,} a month, list price" if one.reclaim.cost else "",
            excluded=" ".join(each.message for each in one.exclusions),
            is_missing=Reason.MISSING in one.reasons,
            is_orphan=Reason.ORPHAN in one.reasons,
            is_stuck=Reason.STUCK in one.reasons,
            is_selectable=not {Reason.MISSING, Reason.STUCK} & set(one.reasons),
            is_selected=one.namespace in selected,
        )


def impact_words(impact: Impact) -> str:
    """What would be lost, in a few words."""
    bound = [volume for volume in impact.volumes if volume.is_bound]
    sizes = ", ".join(volume.size for volume in bound)
    parts = [
        _counted(impact.pods, "pod"),
        _counted(len(impact.volumes), "volume") + (f" with data ({sizes})" if bound else ""),
        _counted(impact.load_balancers, "load balancer"),
        _counted(len(impact.ingress_hosts), "host"),
        _counted(len(impact.cloud_resources), "cloud resource"),
    ]
    return ", ".join(part for part in parts if part) or "Nothing runs in it"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""


def _frees(one: Candidate) -> str:
    amount = one.reclaim.amount
    if one.reclaim.cost is None:
        return "Its size is not known"
    return f"{cores(amount.cpu)} CPU, {binary(amount.memory)}"


def reclaimable(candidates: Iterable[Candidate]) -> str:
    """What all of them together would free; what is excluded does not count."""
    amounts = [one.reclaim.amount for one in candidates if one.grounds]
    cpu = sum((one.cpu for one in amounts), Decimal())
    memory = sum((one.memory for one in amounts), Decimal())
    return f"{cores(cpu)} CPU, {binary(memory)} in {count(len(amounts))}" if amounts else "Nothing"


def pills_of(counts: Mapping[str, int], *, total: int, opened: str) -> list[Pill]:
    """One list a reason, with its number."""
    lists = {"": f"All {total}"}
    lists |= {
        reason.value: f"{word} {counts.get(reason.value, 0)}"
        for reason, word in REASON_WORDS.items()
    }
    return [
        Pill(key or "all", label, address(PATH, {"list": key}), key == opened)
        for key, label in lists.items()
    ]


@dataclass(frozen=True)
class PlanLine:
    """One namespace of a plan."""

    name: str
    word: str
    tone: str
    stages: str
    due_at: str
    reason: str
    impact: str
    would: str
    """What a dry run says of it."""
    undo_id: str
    undo_word: str
    notes: list[str] = field(default_factory=list)
    """What each stage said."""
    export_href: str = ""
    """The newest archive that was kept of it."""

    @classmethod
    def of(cls, line: Line, plan: Plan, *, would: str) -> Self:
        """Show a line; `would` is why a dry run would skip it."""
        due = next((one.due_at for one in line.actions if one.is_open and one.due_at), None)
        undo = _undoable(line, plan)
        return cls(
            name=line.namespace,
            word=line.state.value,
            tone=_LINE_TONES[line.state].value,
            stages=" → ".join(_stage_words(one) for one in line.actions) or "No stage",
            due_at=iso(due),
            reason=line.reason,
            impact=impact_words(line.impact),
            would=would,
            undo_id=undo.action_id if undo else "",
            undo_word=f"Undo {undo.stage}" if undo else "",
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


def _undoable(line: Line, plan: Plan) -> Action | None:
    """The newest stage that can be taken back, if any."""
    done = [
        one
        for one in line.actions
        if one.state is ActionState.DONE and one.stage is not Stage.EXPORT
    ]
    is_reversible = done and done[-1].stage in (Stage.NOTIFY, Stage.SLEEP, Stage.REVOKE)
    is_running = any(one.state is ActionState.RUNNING for one in line.actions)
    return done[-1] if is_reversible and plan.confirmed_at and not is_running else None


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
            word=plan.state.value,
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
        """Show a plan as one line."""
        return cls(
            plan.plan_id,
            address(PATH, {"plan": plan.plan_id}),
            plan.confirm.capitalize(),
            plan.state.value,
            _PLAN_TONES[plan.state].value,
            iso(plan.created_at),
        )


@dataclass(frozen=True)
class RuleLine:
    """One rule."""

    reason: str
    title: str
    pace: str
    is_on: bool
    switch: str
    last_run_at: str

    @classmethod
    def of(cls, rule: CleanupRule) -> Self:
        """Show a rule."""
        title = REASON_WORDS[rule.reason]
        pace = f"Owners and leads are told every {rule.every_days} days"
        who = f", says {rule.changed_by}." if rule.changed_by else "."
        return cls(
            reason=rule.reason.value,
            title=title,
            pace=f"{pace if rule.is_on else 'Nobody is told by itself'}{who}",
            is_on=rule.is_on,
            switch=f"Turn off: {title.lower()}" if rule.is_on else f"Turn on: {title.lower()}",
            last_run_at=iso(rule.last_run_at),
        )


@dataclass(frozen=True)
class StuckLine:
    """One thing in the way of a deletion."""

    key: str
    namespace: str
    title: str
    objects: str
    steps: list[str] = field(default_factory=list)
    look: str = ""
    force: str = ""
    """Empty until it was asked for by its words."""
    raw: str = ""


def stuck_lines(report: StuckReport) -> list[StuckLine]:
    """What is in the way of one deletion, the API services first."""
    words = {
        "api-service": "An API does not answer",
        "finalizer": "Held by a finalizer",
        "content": "Still going away",
        "other": "Refused",
    }
    return [
        StuckLine(
            key=f"{report.namespace}-{position}",
            namespace=report.namespace,
            title=f"{words[one.kind]}: {one.what} ({one.count})",
            objects=", ".join(one.objects),
            steps=list(one.way_out),
            look=one.look,
            force=one.force,
            raw=one.raw,
        )
        for position, one in enumerate(report.blockers)
    ]
