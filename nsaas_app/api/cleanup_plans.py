"""Cleanup plans, stuck deletions and missing namespaces: what platform admins do about them."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from ..cleanup.stuck import StuckReport
from ..domain.cleanup import Reason, Stage
from ..domain.cleanup_document import line_to_document
from ..domain.cleanup_plans import Line, Plan
from ..domain.cleanup_recourse import advice, retryable, undoable
from ..domain.cleanup_schedule import CleanupRule
from ..identity.permissions import Permission
from .access import CurrentActor, CurrentRuntime, needs
from .cleanup_models import KeepBody
from .models import Body, RequestOut
from .submission import CurrentSubmission, accepted

__all__ = ["PlanOut", "router"]

router = APIRouter(prefix="/cleanup", tags=["cleanup"])

Word = Annotated[str, Field(max_length=63)]


class PlanBody(Body):
    """Which namespaces, and how far."""

    namespaces: Annotated[list[Word], Field(max_length=1000)]
    stage: Stage


class ConfirmBody(Body):
    """The words that were typed."""

    confirm: Annotated[str, Field(max_length=200)] = ""


class PlanOut(BaseModel):
    """A plan with its lines."""

    plan_id: str
    stage: str
    state: str
    created_by: str
    created_at: datetime
    confirm: str
    confirmed_by: str
    confirmed_at: datetime | None
    ended_at: datetime | None
    lines: list[dict[str, Any]]

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Show a plan."""
        return cls(
            plan_id=plan.plan_id,
            stage=plan.stage.value,
            state=plan.state.value,
            created_by=plan.created_by,
            created_at=plan.created_at,
            confirm=plan.confirm,
            confirmed_by=plan.confirmed_by,
            confirmed_at=plan.confirmed_at,
            ended_at=plan.ended_at,
            lines=[_line(line, plan) for line in plan.lines],
        )


def _line(line: Line, plan: Plan) -> dict[str, Any]:
    """A line with what can still be done about it: ids of the stages, empty for none."""
    undo, retry = undoable(line, plan), retryable(line, plan)
    return line_to_document(line) | {
        "advice": advice(line, plan),
        "undo": undo.action_id if undo else "",
        "retry": retry.action_id if retry else "",
    }


class PlanPage(BaseModel):
    """The latest plans, newest first."""

    items: list[PlanOut]
    total: int
    next_cursor: str | None = None


class RuleBody(Body):
    """Whether, and how often."""

    is_on: bool
    every_days: int = 7


class RuleOut(BaseModel):
    """A rule."""

    reason: str
    is_on: bool
    every_days: int
    changed_by: str
    changed_at: datetime | None
    last_run_at: datetime | None

    @classmethod
    def of(cls, rule: CleanupRule) -> Self:
        """Show a rule."""
        return cls(
            reason=rule.reason.value,
            is_on=rule.is_on,
            every_days=rule.every_days,
            changed_by=rule.changed_by,
            changed_at=rule.changed_at,
            last_run_at=rule.last_run_at,
        )


class RulePage(BaseModel):
    """Every rule."""

    items: list[RuleOut]
    total: int
    next_cursor: str | None = None


class StuckOut(BaseModel):
    """A deletion and what is in its way."""

    namespace: str
    uid: str
    since: datetime
    confirm: str
    blockers: list[dict[str, Any]]
    as_of: datetime | None

    @classmethod
    def of(cls, report: StuckReport) -> Self:
        """Show a report."""
        return cls(
            namespace=report.namespace,
            uid=report.uid,
            since=report.since,
            confirm=report.confirm,
            blockers=[asdict(one) for one in report.blockers],
            as_of=report.as_of,
        )


@router.get("/plans", summary="The latest plans")
@needs(Permission.CLEANUP_READ)
async def plans(actor: CurrentActor, rt: CurrentRuntime) -> PlanPage:
    found = await rt.cleanup.plans.latest(actor=actor)
    return PlanPage(items=[PlanOut.of(plan) for plan in found], total=len(found))


@router.post("/plans", summary="Plan a cleanup; nothing happens yet", status_code=201)
@needs(Permission.CLEANUP_RUN)
async def create(
    body: PlanBody, rt: CurrentRuntime, submission: CurrentSubmission, response: Response
) -> PlanOut:
    plan = await rt.cleanup.plans.create(body.namespaces, body.stage, submission)
    response.headers["Location"] = f"/api/v1/cleanup/plans/{plan.plan_id}"
    return PlanOut.of(plan)


@router.get("/plans/{plan_id}", summary="One plan with its lines")
@needs(Permission.CLEANUP_READ)
async def plan(plan_id: str, actor: CurrentActor, rt: CurrentRuntime) -> PlanOut:
    return PlanOut.of(await rt.cleanup.plans.get(plan_id, actor=actor))


@router.get("/plans/{plan_id}/dry-run", summary="What carrying it out now would skip, and why")
@needs(Permission.CLEANUP_READ)
async def dry_run(plan_id: str, actor: CurrentActor, rt: CurrentRuntime) -> dict[str, Any]:
    found = await rt.cleanup.plans.try_out(plan_id, actor=actor)
    lines = [
        {"namespace": name, "would": "skip" if why else "begin", "reason": why}
        for name, why in found.items()
    ]
    return {"plan_id": plan_id, "lines": lines}


@router.post("/plans/{plan_id}/execute", summary="Confirm a plan by its words", status_code=202)
@needs(Permission.CLEANUP_RUN)
async def execute(
    plan_id: str, body: ConfirmBody, rt: CurrentRuntime, submission: CurrentSubmission
) -> PlanOut:
    return PlanOut.of(await rt.cleanup.plans.execute(plan_id, body.confirm, submission))


@router.post("/plans/{plan_id}/stop", summary="Let what runs end, and begin nothing new")
@needs(Permission.CLEANUP_RUN)
async def stop(plan_id: str, rt: CurrentRuntime, submission: CurrentSubmission) -> PlanOut:
    return PlanOut.of(await rt.cleanup.steering.stop(plan_id, submission))


@router.post("/actions/{action_id}/undo", summary="Take a stage back, or call it off")
@needs(Permission.CLEANUP_RUN)
async def undo(action_id: str, rt: CurrentRuntime, submission: CurrentSubmission) -> PlanOut:
    return PlanOut.of(await rt.cleanup.steering.undo(action_id, submission))


@router.post(
    "/actions/{action_id}/retry", summary="Begin a stage that failed once more", status_code=202
)
@needs(Permission.CLEANUP_RUN)
async def retry(action_id: str, rt: CurrentRuntime, submission: CurrentSubmission) -> PlanOut:
    return PlanOut.of(await rt.cleanup.steering.retry(action_id, submission))


@router.get("/rules", summary="Which reasons people are told of by themselves")
@needs(Permission.CLEANUP_READ)
async def rules(actor: CurrentActor, rt: CurrentRuntime) -> RulePage:
    found = await rt.cleanup.rules.all(actor=actor)
    return RulePage(items=[RuleOut.of(rule) for rule in found], total=len(found))


@router.put("/rules/{reason}", summary="Turn a rule on or off; it tells people, nothing else")
@needs(Permission.CLEANUP_RUN)
async def change_rule(
    reason: Reason, body: RuleBody, rt: CurrentRuntime, submission: CurrentSubmission
) -> RuleOut:
    rule = await rt.cleanup.rules.change(
        reason, is_on=body.is_on, every_days=body.every_days, submission=submission
    )
    return RuleOut.of(rule)


@router.get("/stuck/{name}", summary="What is in the way of a deletion")
@needs(Permission.CLEANUP_READ)
async def stuck(name: str, actor: CurrentActor, rt: CurrentRuntime) -> StuckOut:
    return StuckOut.of(rt.cleanup.stuck.explain(name, actor=actor))


@router.post("/stuck/{name}/force", summary="The commands of the last resort; audited, not run")
@needs(Permission.CLEANUP_RUN)
async def last_resort(
    name: str, body: ConfirmBody, rt: CurrentRuntime, submission: CurrentSubmission
) -> StuckOut:
    return StuckOut.of(await rt.cleanup.stuck.last_resort(name, body.confirm, submission))


@router.post("/missing/{name}/recreate", summary="Make a missing namespace anew", status_code=202)
@needs(Permission.CLEANUP_RUN)
async def recreate(
    name: str, rt: CurrentRuntime, submission: CurrentSubmission, response: Response
) -> RequestOut:
    return accepted(await rt.cleanup.missing.recreate(name, submission), response)


@router.post("/missing/{name}/mark", summary="Say that a namespace is known to be missing")
@needs(Permission.CLEANUP_RUN)
async def mark(
    name: str, body: KeepBody, rt: CurrentRuntime, submission: CurrentSubmission
) -> dict[str, Any]:
    kept = await rt.cleanup.missing.mark(
        name, reason=body.reason, days=body.days, submission=submission
    )
    return {"namespace": name, "reason": kept.reason, "by": kept.by, "until": kept.until}


@router.post("/missing/{name}/forget", summary="Give up a missing namespace", status_code=204)
@needs(Permission.CLEANUP_RUN)
async def forget(
    name: str, body: ConfirmBody, rt: CurrentRuntime, submission: CurrentSubmission
) -> None:
    await rt.cleanup.missing.forget(name, body.confirm, submission)
