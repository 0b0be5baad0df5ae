"""Words and tones: how states and statuses read. Colour is the third cue, after word and shape."""

from enum import StrEnum
from typing import Final

from ..domain.actors import Actor
from ..domain.cleanup import Stage
from ..domain.namespaces import NamespaceState
from ..domain.requests import Phase, RequestKind, StepName, StepStatus

__all__ = [
    "KIND_WORDS",
    "STAGE_WORDS",
    "STEP_WORDS",
    "Tone",
    "phase_word",
    "request_tone",
    "role_word",
    "state_tone",
    "step_tone",
    "word_of",
]


class Tone(StrEnum):
    """The eight status tokens; each has one icon, one colour scheme."""

    OK = "ok"
    PROGRESS = "progress"
    WAITING = "waiting"
    WARN = "warn"
    BAD = "bad"
    ASLEEP = "asleep"
    ENDING = "ending"
    NONE = "none"


STAGE_WORDS: Final = {
    Stage.NOTIFY: "notify the owner",
    Stage.SLEEP: "put to sleep",
    Stage.REVOKE: "take access away",
    Stage.EXPORT: "export",
    Stage.DELETE: "delete",
}
"""How far a cleanup plan goes."""

_STATE_TONES: Final[dict[NamespaceState, Tone]] = {
    NamespaceState.PROVISIONING: Tone.PROGRESS,
    NamespaceState.ACTIVE: Tone.OK,
    NamespaceState.CHANGING: Tone.PROGRESS,
    NamespaceState.SLEEPING: Tone.ASLEEP,
    NamespaceState.WAKING: Tone.PROGRESS,
    NamespaceState.RELEASED: Tone.ENDING,
    NamespaceState.TERMINATING: Tone.ENDING,
    NamespaceState.STUCK: Tone.BAD,
    NamespaceState.MISSING: Tone.BAD,
    NamespaceState.FAILED: Tone.BAD,
    NamespaceState.DELETED: Tone.NONE,
    NamespaceState.UNKNOWN: Tone.NONE,
}

_PHASE_TONES: Final[dict[Phase, Tone]] = {
    Phase.QUEUED: Tone.WAITING,
    Phase.AWAITING_APPROVAL: Tone.WAITING,
    Phase.RUNNING: Tone.PROGRESS,
    Phase.VERIFYING: Tone.PROGRESS,
    Phase.RETRYING: Tone.PROGRESS,
    Phase.ROLLING_BACK: Tone.WARN,
    Phase.DONE: Tone.OK,
    Phase.ROLLED_BACK: Tone.BAD,
    Phase.CANCELLED: Tone.NONE,
    Phase.REJECTED: Tone.BAD,
    Phase.EXPIRED: Tone.BAD,
}

_STEP_TONES: Final[dict[StepStatus, Tone]] = {
    StepStatus.PENDING: Tone.NONE,
    StepStatus.RUNNING: Tone.PROGRESS,
    StepStatus.DONE: Tone.OK,
    StepStatus.FAILED: Tone.BAD,
    StepStatus.SKIPPED: Tone.NONE,
}

STEP_WORDS: Final[dict[StepName, str]] = {
    StepName.CHECKS: "Checks",
    StepName.APPROVAL: "Approval",
    StepName.NAMESPACE: "Namespace",
    StepName.QUOTA: "Quota",
    StepName.LIMITS: "Container defaults",
    StepName.NETWORK: "Network policies",
    StepName.FEATURES: "Features",
    StepName.ACCESS: "Access",
    StepName.WORKLOADS: "Workloads",
    StepName.EXPORT: "Export",
    StepName.VERIFY: "Verify",
}

KIND_WORDS: Final[dict[RequestKind, str]] = {
    RequestKind.PROVISION: "Create",
    RequestKind.CHANGE: "Change",
    RequestKind.SLEEP: "Sleep",
    RequestKind.WAKE: "Wake",
    RequestKind.RELEASE: "Release",
    RequestKind.RESTORE: "Restore",
    RequestKind.DELETE: "Delete",
    RequestKind.ADOPT: "Adopt",
}


def word_of(value: str) -> str:
    """Write a stored word as a label: `awaiting-approval` reads `Awaiting approval`."""
    return value.replace("-", " ").capitalize()


def state_tone(state: NamespaceState) -> Tone:
    """Give the tone of a namespace's state."""
    return _STATE_TONES[state]


def request_tone(phase: Phase) -> Tone:
    """Give the tone of a request's phase."""
    return _PHASE_TONES[phase]


def phase_word(phase: Phase) -> str:
    """Name the phase where it says more than the status does, else nothing."""
    settled = phase is Phase.DONE or phase.value == phase.status.value
    return "" if settled else word_of(phase.value).lower()


def step_tone(status: StepStatus) -> Tone:
    """Give the tone of a step."""
    return _STEP_TONES[status]


def role_word(actor: Actor) -> str:
    """Say in one line what the actor is: a global role, or the role in each team."""
    if actor.is_admin:
        return "Platform admin"
    if actor.is_auditor:
        return "Auditor"
    if not actor.teams:
        return "No team yet"
    return ", ".join(f"{word_of(role)} in {team}" for team, role in sorted(actor.teams.items()))
