"""Requests as lists and pages show them: words, tones and times of one request and its steps."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

from ..directory.waiting import Place, Span
from ..domain.requests import Phase, ProvisioningRequest, Step, StepName, StepStatus
from .figures import duration, iso
from .problems import Problem
from .words import KIND_WORDS, STEP_WORDS, phase_word, request_tone, step_tone, word_of

__all__ = [
    "RequestLine",
    "StepObject",
    "StepView",
    "approval_wait_text",
    "progress_of",
    "span_text",
    "wait_text",
]


def span_text(span: timedelta | None) -> str:
    """Write a span; empty when there is none."""
    return "" if span is None else duration(span / timedelta(milliseconds=1))


def progress_of(request: ProvisioningRequest) -> str:
    """Say where a request stands: `Network policies, step 6 of 9`."""
    running = [step for step in request.steps if step.status is StepStatus.RUNNING]
    if not running:
        return ""
    position = request.steps.index(running[0]) + 1
    return f"{STEP_WORDS[running[0].name]}, step {position} of {len(request.steps)}"


def wait_text(place: Place | None, usual: Span | None) -> str:
    """Say where a request stands in the queue, and how long others stood there."""
    if place is None:
        return ""
    where = f"{place.position} of {place.of} in the queue"
    if usual is None:
        return where
    where = f"{where}, starts usually within {duration(usual.p50_ms)}"
    if not usual.tells_most:
        return where
    return f"{where}, nearly always within {duration(usual.p95_ms)}"


def approval_wait_text(request: ProvisioningRequest, usual: Span | None) -> str:
    """Say how long approvers took so far, while a request waits for them."""
    if request.phase is not Phase.AWAITING_APPROVAL or usual is None:
        return ""
    return f"Half of the approvals so far took less than {duration(usual.p50_ms)}"


@dataclass(frozen=True)
class RequestLine:
    """One request in a list. Empty until one is known."""

    request_id: str = ""
    kind: str = ""
    namespace: str = ""
    team: str = ""
    environment: str = ""
    status: str = ""
    word: str = ""
    phase: str = ""
    tone: str = "none"
    requested_by: str = ""
    created_at: str = ""
    took: str = ""
    progress: str = ""
    is_running: bool = False

    @classmethod
    def from_request(cls, request: ProvisioningRequest, *, wait: str = "") -> Self:
        """Describe a request; `wait` stands for its progress while it has none."""
        return cls(
            request_id=request.request_id,
            kind=KIND_WORDS[request.kind],
            namespace=str(request.namespace),
            team=str(request.team),
            environment=request.spec.environment.value,
            status=request.status.value,
            word=word_of(request.status.value),
            phase=phase_word(request.phase),
            tone=request_tone(request.phase).value,
            requested_by=request.requested_by,
            created_at=iso(request.created_at),
            took=span_text(request.duration),
            progress=progress_of(request) or wait,
            is_running=not request.is_terminal,
        )


_FEW: Final = 2
"""So many objects are shown at once; more fold away."""

_SKIPPED: Final = {
    StepName.APPROVAL: "no approval needed",
    StepName.FEATURES: "no features asked for",
}
"""Why a step is skipped; all others had nothing to do."""
_TABS: Final = {
    "Namespace": "",
    "ResourceQuota": "?tab=quota",
    "LimitRange": "?tab=quota",
    "NetworkPolicy": "?tab=network",
    "RoleBinding": "?tab=access",
    "Deployment": "?tab=workloads",
    "StatefulSet": "?tab=workloads",
    "CronJob": "?tab=workloads",
}
"""By kind of object, the tab of the namespace's page that shows it."""


@dataclass(frozen=True)
class StepObject:
    """What a step wrote or looked at."""

    text: str
    href: str = ""
    """Where it is shown; empty where it is not."""

    @classmethod
    def of(cls, text: str, namespace: str) -> Self:
        """Describe it; without a namespace there is no page to lead to."""
        kind, _, name = text.partition("/")
        is_shown = bool(namespace and name) and " " not in name and kind in _TABS
        return cls(text, f"/namespaces/{namespace}{_TABS[kind]}" if is_shown else "")


@dataclass(frozen=True)
class StepView:
    """One step of a request."""

    name: str
    label: str
    status: str
    tone: str
    note: str
    """What stands in place of a time, where there is none."""
    took: str
    aside: str
    """What stands beside the name: how often it was tried, or what it waits for."""
    objects: tuple[StepObject, ...]
    objects_word: str
    started_at: str
    is_running: bool
    """Whether its time runs: it is the current step."""
    problem: Problem

    @classmethod
    def from_step(
        cls,
        step: Step,
        *,
        is_over: bool = False,
        problem: Problem | None = None,
        namespace: str = "",
    ) -> Self:
        """Describe a step.

        Args:
            step: as it stands.
            is_over: whether its request has ended.
            problem: why it failed.
            namespace: whose page shows what it wrote; empty where there is none.
        """
        return cls(
            name=step.name.value,
            label=STEP_WORDS[step.name],
            status=step.status.value,
            tone=step_tone(step.status).value,
            note=_note_of(step, is_over=is_over),
            took="" if step.status is StepStatus.SKIPPED else span_text(step.duration),
            aside=f"{step.attempts} attempts" if step.attempts > 1 else "",
            objects=tuple(StepObject.of(one, namespace) for one in step.objects),
            objects_word=_objects_word(step),
            started_at=iso(step.started_at),
            is_running=step.status is StepStatus.RUNNING,
            problem=problem or Problem(),
        )


def _note_of(step: Step, *, is_over: bool) -> str:
    if step.status is StepStatus.SKIPPED:
        return _SKIPPED.get(step.name, "nothing to do")
    if step.status is StepStatus.PENDING:
        return "not reached" if is_over else "waiting"
    return ""


def _objects_word(step: Step) -> str:
    if len(step.objects) <= _FEW:
        return ""
    return f"{len(step.objects)} {'checks' if step.name is StepName.VERIFY else 'objects'}"
