"""Requests: one asked-for change to one namespace, its steps and its four statuses."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .approval import Approval
from .failure_fixes import fix_of
from .failures import FAILURES, Failure
from .names import NamespaceName, TeamName
from .sleep import Asleep
from .spec import NamespaceSpec

__all__ = [
    "STEPS",
    "TERMINAL_PHASES",
    "Phase",
    "ProvisioningRequest",
    "RequestFailure",
    "RequestKind",
    "RequestStatus",
    "Step",
    "StepName",
    "StepStatus",
    "time_taken",
]


class RequestKind(StrEnum):
    """What is asked for."""

    PROVISION = "provision"
    CHANGE = "change"
    SLEEP = "sleep"
    WAKE = "wake"
    RELEASE = "release"
    RESTORE = "restore"
    DELETE = "delete"
    ADOPT = "adopt"


class RequestStatus(StrEnum):
    """The public word."""

    PENDING = "pending"
    PROVISIONING = "provisioning"
    COMPLETED = "completed"
    FAILED = "failed"


class Phase(StrEnum):
    """The finer word beside the status; it says why."""

    QUEUED = "queued"
    AWAITING_APPROVAL = "awaiting-approval"
    RUNNING = "running"
    VERIFYING = "verifying"
    RETRYING = "retrying"
    ROLLING_BACK = "rolling-back"
    DONE = "done"
    ROLLED_BACK = "rolled-back"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"

    @property
    def status(self) -> RequestStatus:
        """The public status this phase belongs to."""
        return _STATUS_OF[self]


_STATUS_OF: Final[dict[Phase, RequestStatus]] = {
    Phase.QUEUED: RequestStatus.PENDING,
    Phase.AWAITING_APPROVAL: RequestStatus.PENDING,
    Phase.RUNNING: RequestStatus.PROVISIONING,
    Phase.VERIFYING: RequestStatus.PROVISIONING,
    Phase.RETRYING: RequestStatus.PROVISIONING,
    Phase.ROLLING_BACK: RequestStatus.PROVISIONING,
    Phase.DONE: RequestStatus.COMPLETED,
    Phase.ROLLED_BACK: RequestStatus.FAILED,
    Phase.CANCELLED: RequestStatus.FAILED,
    Phase.REJECTED: RequestStatus.FAILED,
    Phase.EXPIRED: RequestStatus.FAILED,
}

TERMINAL_PHASES: Final = frozenset(
    {Phase.DONE, Phase.ROLLED_BACK, Phase.CANCELLED, Phase.REJECTED, Phase.EXPIRED}
)


class StepName(StrEnum):
    """Steps in their order. Access comes last among the objects: limits stand before anybody."""

    CHECKS = "checks"
    APPROVAL = "approval"
    EXPORT = "export"
    """Manifests are kept before the namespace goes."""
    NAMESPACE = "namespace"
    QUOTA = "quota"
    LIMITS = "limits"
    NETWORK = "network"
    FEATURES = "features"
    ACCESS = "access"
    WORKLOADS = "workloads"
    """What the team runs is put to sleep or woken."""
    VERIFY = "verify"


_WHOLE: Final = (
    StepName.CHECKS,
    StepName.APPROVAL,
    StepName.NAMESPACE,
    StepName.QUOTA,
    StepName.LIMITS,
    StepName.NETWORK,
    StepName.FEATURES,
    StepName.ACCESS,
    StepName.VERIFY,
)

STEPS: Final[dict[RequestKind, tuple[StepName, ...]]] = {
    RequestKind.PROVISION: _WHOLE,
    RequestKind.CHANGE: _WHOLE,
    RequestKind.ADOPT: _WHOLE,
    RequestKind.SLEEP: (StepName.CHECKS, StepName.WORKLOADS, StepName.VERIFY),
    RequestKind.WAKE: (StepName.CHECKS, StepName.WORKLOADS, StepName.VERIFY),
    RequestKind.RESTORE: (
        StepName.CHECKS, StepName.ACCESS, StepName.WORKLOADS, StepName.VERIFY,
    ),
    RequestKind.RELEASE: (
        StepName.CHECKS, StepName.APPROVAL, StepName.ACCESS, StepName.WORKLOADS, StepName.VERIFY,
    ),
    RequestKind.DELETE: (
        StepName.CHECKS, StepName.EXPORT, StepName.NAMESPACE, StepName.VERIFY,
    ),
}  # fmt: skip
"""The steps of each kind, in their order."""


class StepStatus(StrEnum):
    """Where a step stands."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class RequestFailure:
    """Why a request or step failed, in the catalogue's terms plus the cluster's own words."""

    code: str
    message: str
    raw: str = ""
    field: str = ""
    retry_at: datetime | None = None
    """When it is tried again by itself; None where it is not."""

    @property
    def catalogued(self) -> Failure:
        """The catalogue's row: cause, fix, who can fix."""
        return FAILURES.get(self.code, FAILURES["INTERNAL"])

    @property
    def fix(self) -> str:
        """What to do, as exactly as the cluster's words allow."""
        return fix_of(self.code, self.raw)


@dataclass(frozen=True, slots=True)
class Step:
    """One resumable part of a request."""

    name: StepName
    status: StepStatus = StepStatus.PENDING
    attempts: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    objects: tuple[str, ...] = ()
    """What it wrote, as `Kind/name`."""
    error: RequestFailure | None = None

    @property
    def duration(self) -> timedelta | None:
        """How long it took, once finished."""
        if self.started_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.started_at


@dataclass(frozen=True, slots=True)
class ProvisioningRequest:
    """One request with its steps."""

    request_id: str
    kind: RequestKind
    namespace: NamespaceName
    team: TeamName
    phase: Phase
    spec: NamespaceSpec
    requested_by: str
    correlation_id: str
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    steps: tuple[Step, ...] = field(default_factory=tuple)
    failure: RequestFailure | None = None
    justification: str = ""
    previous: NamespaceSpec | None = None
    """How the namespace was before a change: what a rollback goes back to."""
    approval: Approval | None = None
    sleep: Asleep | None = None
    """What a sleep is asked for: why, and until when."""
    queued_at: datetime | None = None
    """Since when only the queue holds it up: its submit, the last word it needed, or its retry. By
    the database's clock, in whole milliseconds: workers take the oldest first."""

    @property
    def status(self) -> RequestStatus:
        """The public word for the phase."""
        return self.phase.status

    @property
    def is_terminal(self) -> bool:
        """Whether nothing will happen to it any more by itself."""
        return self.phase in TERMINAL_PHASES

    @property
    def trouble(self) -> RequestFailure | None:
        """Why it failed or waits for its next try; while that runs, why it waited."""
        return self.failure or next((step.error for step in self.steps if step.error), None)

    @property
    def duration(self) -> timedelta | None:
        """From submit to the end without the wait for approval; None while it runs."""
        return time_taken(self.created_at, self.finished_at, self.approval, self.queued_at)


def time_taken(
    created_at: datetime,
    finished_at: datetime | None,
    approval: Approval | None,
    queued_at: datetime | None,
) -> timedelta | None:
    """From submit to the end without the wait for approval; None while it runs.

    What failed and was retried counts from the retry: until then it waited for a person.
    """
    if finished_at is None:
        return None
    begun = created_at
    if approval is not None and approval.is_granted:
        begun = max(decision.at for decision in approval.decisions)
    # The queue goes by the database's clock: where that is ahead, ours alone counts.
    if queued_at is not None and begun < queued_at <= finished_at:
        begun = queued_at
    return finished_at - begun
