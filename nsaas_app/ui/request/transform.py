"""A request's page, computed from the request. Pure."""

from dataclasses import replace
from typing import Final

from ...directory.waiting import Span
from ...domain.actors import Actor
from ...domain.request_document import request_document
from ...domain.requests import (
    STEPS,
    Phase,
    ProvisioningRequest,
    RequestFailure,
    RequestKind,
    RequestStatus,
    Step,
    StepName,
    StepStatus,
)
from ...identity.permissions import Permission, may
from ...insights.texts import as_yaml
from ..connect import FIRST, commands_for
from ..decisions.transform import ApprovalView, Steering
from ..figures import duration, iso
from ..problems import Problem
from ..request_views import RequestLine, StepView, span_text
from ..spec_diff import differences
from ..spec_views import facts_of
from ..words import KIND_WORDS, STEP_WORDS, Tone
from .fixes import fix_actions, who_can_fix

__all__ = ["ENDED", "announcement_of", "outcome_of", "request_vars"]

_ENDINGS: Final = {
    Phase.ROLLED_BACK: "It failed and was rolled back: nothing of it is left.",
    Phase.CANCELLED: "It was cancelled.",
    Phase.REJECTED: "An approver said no.",
    Phase.EXPIRED: "Nobody approved in time.",
}
_DONE: Final = {
    RequestKind.PROVISION: "ready",
    RequestKind.CHANGE: "changed",
    RequestKind.SLEEP: "asleep",
    RequestKind.WAKE: "awake",
    RequestKind.RELEASE: "released",
    RequestKind.RESTORE: "restored",
    RequestKind.DELETE: "deleted",
    RequestKind.ADOPT: "adopted",
}
_NEXT: Final[dict[RequestKind, tuple[str, ...]]] = {
    RequestKind.CHANGE: ("quota", "rights"),
    RequestKind.SLEEP: (),
    RequestKind.WAKE: ("start",),
    RequestKind.RELEASE: (),
    RequestKind.RESTORE: ("rights", "pods"),
    RequestKind.DELETE: (),
}
"""What somebody runs next: nothing where nothing runs or nobody gets in any more."""
_VERDICTS: Final = {Phase.REJECTED: "rejected", Phase.EXPIRED: "nobody decided in time"}
"""How the approval ended, where it was not given."""
_WRITING: Final = frozenset(STEPS[RequestKind.PROVISION]) - {StepName.CHECKS, StepName.VERIFY}
"""Steps that name what they wrote; the others name what they looked at."""
ENDED: Final = (StepStatus.DONE, StepStatus.SKIPPED)


def request_vars(
    request: ProvisioningRequest,
    *,
    actor: Actor,
    usual: Span | None,
    is_local: bool,
    wait: str = "",
    told: int | None = None,
) -> dict[str, object]:
    """Compute all that the page shows; `told` steps were announced before."""
    failure, said = request.failure, announcement_of(request, told=told)
    is_new = request.kind is RequestKind.PROVISION
    return {
        "line": RequestLine.from_request(request, wait=wait),
        "title": f"{KIND_WORDS[request.kind]} {request.namespace}",
        "steps": [_step(_as_it_was(step, request), request, actor) for step in request.steps],
        # A failed step tells the failure itself; here stands only what no step has told.
        "failure": _problem(failure, request, actor)
        if failure and not any(step.error for step in request.steps)
        else Problem(),
        "facts": facts_of(request.spec),
        "correlation_id": request.correlation_id,
        "finished_at": iso(request.finished_at),
        "since": iso(request.queued_at or request.created_at),
        "justification": request.justification,
        "usual": _usual_of(request, usual),
        "document": as_yaml([request_document(request.spec)]),
        # The next try is part of the pause: nothing comes and goes with each.
        "is_paused": not request.is_terminal
        and request.phase is not Phase.ROLLING_BACK
        and request.trouble is not None,
        "retry_at": iso(failure.retry_at) if failure else "",
        "taken_back": _taken_back(request),
        "outcome": outcome_of(request),
        "approval": ApprovalView.from_request(request, actor),
        "steering": Steering.from_request(request, actor),
        "changed": differences(request.previous, request.spec) if request.previous else [],
        "is_provision": is_new,
        "is_completed": request.phase is Phase.DONE,
        "export_href": f"/api/v1/exports/{request.request_id}" if _has_export(request) else "",
        "is_there": request.kind is not RequestKind.DELETE,
        "commands": commands_for(
            str(request.namespace), actor, is_local=is_local, keys=_NEXT.get(request.kind, FIRST)
        )
        if request.phase is Phase.DONE
        else [],
        "may_wake": request.phase is Phase.DONE
        and request.kind is RequestKind.SLEEP
        and may(actor, Permission.NAMESPACE_SLEEP, request.team),
        **({} if said is None else {"announcement": said}),
    }


def _usual_of(request: ProvisioningRequest, usual: Span | None) -> str:
    text = usual_text(usual)
    is_held = request.phase is Phase.AWAITING_APPROVAL
    return f"{text} once approved" if text and is_held else text


def usual_text(usual: Span | None) -> str:
    """Write how long this kind takes by our own past; empty without any."""
    if usual is None:
        return ""
    most = f", nearly always under {duration(usual.p95_ms)}" if usual.tells_most else ""
    return f"{duration(usual.p50_ms)}{most}"


def _taken_back(request: ProvisioningRequest) -> list[str]:
    """List what a new namespace had before it failed; nothing of it is left."""
    is_gone = request.phase in (Phase.ROLLED_BACK, Phase.CANCELLED)
    is_partly = request.failure is not None and request.failure.code == "ROLLBACK_PARTIAL"
    if request.kind is not RequestKind.PROVISION or not is_gone or is_partly:
        return []
    written = (one for step in request.steps if step.name in _WRITING for one in step.objects)
    return list(dict.fromkeys(written))


def _has_export(request: ProvisioningRequest) -> bool:
    """Whether its manifests were kept before it was deleted."""
    return any(
        step.name is StepName.EXPORT and step.status is StepStatus.DONE for step in request.steps
    )


def _is_there(request: ProvisioningRequest) -> bool:
    """Whether its namespace has a page, as far as the request tells."""
    if request.kind is RequestKind.DELETE:
        return False
    return request.status is not RequestStatus.FAILED or request.kind is not RequestKind.PROVISION


def _problem(failure: RequestFailure, request: ProvisioningRequest, actor: Actor) -> Problem:
    problem = Problem.from_failure(
        failure,
        correlation_id=request.correlation_id,
        actions=fix_actions(failure, request, actor),
    )
    return replace(problem, who=who_can_fix(failure, request, actor))


def _as_it_was(step: Step, request: ProvisioningRequest) -> Step:
    """Take back what the end of a request wrote over the steps that it cut off.

    What a failure cut off is never "not needed".
    """
    is_cut_off = (
        request.status is RequestStatus.FAILED
        and step.status is StepStatus.SKIPPED
        and step.finished_at is not None
        and request.finished_at is not None
        # What had nothing to do was skipped when its turn came, not at the end.
        and step.finished_at >= request.finished_at
    )
    if not is_cut_off:
        return step
    if step.name is StepName.APPROVAL and request.approval is not None:
        is_granted = request.approval.is_granted
        if is_granted or request.phase in _VERDICTS:
            return replace(step, status=StepStatus.DONE if is_granted else StepStatus.FAILED)
    return replace(step, status=StepStatus.PENDING)


def _step(step: Step, request: ProvisioningRequest, actor: Actor) -> StepView:
    """Describe a step; the approval lasts from the asking to the last word of it."""
    view = StepView.from_step(
        _approval_timed(step, request),
        is_over=request.is_terminal,
        namespace=str(request.namespace) if _is_there(request) else "",
        problem=_problem(step.error, request, actor) if step.error else None,
    )
    if step.name is StepName.APPROVAL and step.status is StepStatus.FAILED:
        return replace(view, note=_VERDICTS.get(request.phase, ""))
    if request.phase is not Phase.AWAITING_APPROVAL:
        return view
    if step.name is not StepName.APPROVAL:
        return replace(view, note="after approval")
    since = iso(request.created_at)
    return replace(
        view,
        note="",
        aside="waits for approval",
        tone=Tone.WAITING.value,
        is_running=True,
        started_at=since,
    )


def _approval_timed(step: Step, request: ProvisioningRequest) -> Step:
    approval = request.approval
    if step.name is not StepName.APPROVAL or approval is None or not approval.is_granted:
        return step
    if step.status is StepStatus.PENDING:
        return step
    granted_at = max(decision.at for decision in approval.decisions)
    return replace(step, started_at=request.created_at, finished_at=granted_at)


def outcome_of(request: ProvisioningRequest) -> str:
    """Say in one sentence how it ended; empty while it runs."""
    took = span_text(request.duration)
    if request.phase is Phase.DONE:
        return f"{request.namespace} is {_DONE[request.kind]}. It took {took}."
    return _ENDINGS.get(request.phase, "")


def announcement_of(request: ProvisioningRequest, *, told: int | None = None) -> str | None:
    """Say the steps that ended, each once, or how it all ended.

    Args:
        request: as it stands now.
        told: how many were said before; None says the last one alone, to somebody who comes late.

    Returns:
        The words, nothing before the first step; None where all was said already.
    """
    if outcome := outcome_of(request):
        return outcome
    ended = [step for step in request.steps if step.status in ENDED]
    if told == len(ended) > 0:
        return None
    is_news = told is not None and told < len(ended)
    lines = [
        f"Step {at} of {len(request.steps)}, {STEP_WORDS[step.name].lower()}, done"
        for at, step in enumerate(ended, start=1)
    ]
    return ". ".join(lines[told:] if is_news else lines[-1:])
