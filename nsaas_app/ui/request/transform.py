"""A request's page, computed from the request. Pure."""

from dataclasses import replace
from typing import Final

from ...domain.actors import Actor
from ...domain.requests import (
    Phase,
    ProvisioningRequest,
    RequestKind,
    RequestStatus,
    StepName,
    StepStatus,
)
from ..connect import commands_for
from ..decisions.transform import ApprovalView, Steering
from ..figures import duration, iso
from ..problems import Problem
from ..request_views import RequestLine, StepView, span_text
from ..spec_diff import differences
from ..spec_views import facts_of
from ..words import KIND_WORDS, STEP_WORDS

__all__ = ["announcement_of", "outcome_of", "request_vars"]

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
_WITHOUT_ACCESS: Final = (RequestKind.RELEASE, RequestKind.DELETE)
"""After these nobody gets in."""
_ENDED: Final = (StepStatus.DONE, StepStatus.SKIPPED)


def request_vars(
    request: ProvisioningRequest, *, actor: Actor, usual_ms: float | None, is_local: bool
) -> dict[str, object]:
    """Compute all that the page shows."""
    correlation_id = request.correlation_id
    failure = request.failure
    is_new = request.kind is RequestKind.PROVISION
    return {
        "line": RequestLine.from_request(request),
        "title": f"{KIND_WORDS[request.kind]} {request.namespace}",
        "steps": _steps(request),
        # A failed step tells the failure itself; here stands only what no step has told.
        "failure": Problem.from_failure(failure, correlation_id=correlation_id)
        if failure and not any(step.error for step in request.steps)
        else Problem(),
        "facts": facts_of(request.spec),
        "correlation_id": correlation_id,
        "finished_at": iso(request.finished_at),
        "justification": request.justification,
        "usual": "" if usual_ms is None else duration(usual_ms),
        "outcome": outcome_of(request),
        "approval": ApprovalView.from_request(request, actor),
        "steering": Steering.from_request(request, actor),
        "changed": differences(request.previous, request.spec) if request.previous else [],
        "is_provision": is_new,
        "is_completed": request.phase is Phase.DONE,
        "export_href": f"/api/v1/exports/{request.request_id}" if _has_export(request) else "",
        "is_there": request.kind is not RequestKind.DELETE,
        "commands": commands_for(str(request.namespace), actor, is_local=is_local)
        if request.phase is Phase.DONE and request.kind not in _WITHOUT_ACCESS
        else [],
        "announcement": announcement_of(request),
    }


def _has_export(request: ProvisioningRequest) -> bool:
    """Whether its manifests were kept before it was deleted."""
    return any(
        step.name is StepName.EXPORT and step.status is StepStatus.DONE for step in request.steps
    )


def _steps(request: ProvisioningRequest) -> list[StepView]:
    """Describe the steps; what stands behind the end of a failed request was not reached."""
    end = _end_of(request)
    steps = [
        replace(step, status=StepStatus.PENDING)
        if position >= end and step.status is StepStatus.SKIPPED
        else step
        for position, step in enumerate(request.steps)
    ]
    return [StepView.from_step(step, is_over=request.is_terminal) for step in steps]


def _end_of(request: ProvisioningRequest) -> int:
    """Count the steps that a request came to."""
    failed = [at for at, step in enumerate(request.steps) if step.status is StepStatus.FAILED]
    if failed:
        return failed[0] + 1
    never_begun = request.status is RequestStatus.FAILED and request.started_at is None
    return 0 if never_begun else len(request.steps)


def outcome_of(request: ProvisioningRequest) -> str:
    """Say in one sentence how it ended; empty while it runs."""
    took = span_text(request.duration)
    if request.phase is Phase.DONE:
        return f"{request.namespace} is {_DONE[request.kind]}. It took {took}."
    return _ENDINGS.get(request.phase, "")


def announcement_of(request: ProvisioningRequest) -> str:
    """Say the last step that ended, or how it all ended; nothing before the first."""
    if outcome := outcome_of(request):
        return outcome
    ended = [step for step in request.steps if step.status in _ENDED]
    if not ended:
        return ""
    name = STEP_WORDS[ended[-1].name].lower()
    return f"Step {len(ended)} of {len(request.steps)}, {name}, done"
