"""A request's approval as pages show it, and why somebody may not decide or steer it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from ...domain.actors import Actor, Role
from ...domain.approval import Decision, Question, Verdict
from ...domain.requests import Phase, ProvisioningRequest, RequestKind
from ...identity.permissions import Permission, may
from ..figures import iso
from ..words import Tone, word_of

__all__ = [
    "FOUR_EYES",
    "ApprovalView",
    "DecisionLine",
    "QuestionLine",
    "Steering",
    "count_decidable",
    "decide_reason",
    "steer_reason",
]

FOUR_EYES: Final = "Four eyes: somebody else must decide."

_ROLES: Final = {Role.LEAD: "a lead of team {team}", Role.ADMIN: "a platform admin"}
_TONES: Final = {Verdict.APPROVED: Tone.OK, Verdict.REJECTED: Tone.BAD}


def decide_reason(request: ProvisioningRequest, actor: Actor) -> str:
    """Say why this actor cannot decide the request; empty when they can."""
    approval = request.approval
    if request.phase is not Phase.AWAITING_APPROVAL or approval is None:
        return "It waits for nobody any more."
    if not may(actor, Permission.REQUEST_DECIDE, request.team):
        return f"Leads of team {request.team} and platform admins decide."
    if request.requested_by == actor.subject:
        return FOUR_EYES
    if approval.has_decided(actor.subject):
        return "You have decided already; somebody else must."
    if approval.role_for(actor, request.team) is None:
        return f"This waits for {_people(request)}."
    return ""


def steer_reason(request: ProvisioningRequest, actor: Actor) -> str:
    """Say why this actor cannot cancel or retry the request; empty when they can."""
    if not may(actor, Permission.REQUEST_STEER, request.team):
        return "Your role reads only."
    is_lead = actor.role_in(request.team) in (Role.LEAD, Role.ADMIN)
    if not is_lead and request.requested_by != actor.subject:
        return f"Only {request.requested_by} or a lead of team {request.team} can do this."
    return ""


def count_decidable(requests: Iterable[ProvisioningRequest], actor: Actor) -> int:
    """Count the requests that wait for this very person."""
    return sum(decide_reason(request, actor) == "" for request in requests)


def _people(request: ProvisioningRequest) -> str:
    outstanding = request.approval.outstanding if request.approval else ()
    return " and ".join(_ROLES[role].format(team=request.team) for role in outstanding)


@dataclass(frozen=True)
class DecisionLine:
    """One approver's word."""

    actor: str
    role: str
    verdict: str
    word: str
    tone: str
    comment: str
    at: str

    @classmethod
    def from_decision(cls, decision: Decision) -> Self:
        """Describe a decision."""
        return cls(
            actor=decision.actor,
            role="as platform admin" if decision.role is Role.ADMIN else "as lead",
            verdict=decision.verdict.value,
            word=word_of(decision.verdict.value),
            tone=_TONES[decision.verdict].value,
            comment=decision.comment,
            at=iso(decision.at),
        )


@dataclass(frozen=True)
class QuestionLine:
    """An approver's question with its answer."""

    key: str
    actor: str
    text: str
    at: str
    answer: str
    answered_at: str

    @classmethod
    def from_question(cls, question: Question) -> Self:
        """Describe a question."""
        at = iso(question.at)
        return cls(
            at, question.actor, question.text, at, question.answer, iso(question.answered_at)
        )


@dataclass(frozen=True)
class ApprovalView:
    """What a request needs and has of approval. Empty for one that needs none."""

    request_id: str = ""
    why: str = ""
    waits_for: str = ""
    expires_at: str = ""
    decisions: tuple[DecisionLine, ...] = ()
    questions: tuple[QuestionLine, ...] = ()
    may_answer: bool = False
    """Whether a question waits for this very reader."""
    ask_reason: str = ""
    """Why the reader cannot ask now, though they may decide."""
    is_waiting: bool = False
    reason: str = ""
    """Why the reader cannot decide; empty when they can."""
    settled: str = ""
    """How the waiting ended, in words, and when; empty while it lasts."""
    settled_at: str = ""

    @classmethod
    def from_request(cls, request: ProvisioningRequest, actor: Actor) -> Self:
        """Describe a request's approval for one reader."""
        if request.approval is None:
            return cls()
        is_waiting = request.phase is Phase.AWAITING_APPROVAL
        settled, settled_at = ("", None) if is_waiting else _settled(request, actor)
        return cls(
            request_id=request.request_id,
            settled=settled,
            settled_at=iso(settled_at),
            why=request.approval.why,
            waits_for=_people(request) if is_waiting else "",
            expires_at=iso(request.approval.expires_at),
            decisions=tuple(map(DecisionLine.from_decision, request.approval.decisions)),
            questions=tuple(map(QuestionLine.from_question, request.approval.questions)),
            may_answer=is_waiting
            and request.approval.open_question is not None
            and request.requested_by == actor.subject,
            ask_reason=decide_reason(request, actor)
            or (
                f"Waits for the answer of {request.requested_by}."
                if request.approval.open_question
                else ""
            ),
            is_waiting=is_waiting,
            reason=decide_reason(request, actor),
        )


def _settled(request: ProvisioningRequest, actor: Actor) -> tuple[str, datetime | None]:
    decisions = request.approval.decisions if request.approval else ()
    if request.phase in (Phase.CANCELLED, Phase.EXPIRED) or not decisions:
        return f"The request is {request.phase.value}", request.finished_at
    last = decisions[-1]
    who = "You" if last.actor == actor.subject else last.actor
    return f"{who} {last.verdict.value} it", last.at


@dataclass(frozen=True)
class Steering:
    """Whether a request can be cancelled or retried as it stands, and by this reader."""

    can_cancel: bool = False
    can_retry: bool = False
    reason: str = ""
    effect: str = ""
    """What a cancel would do now."""

    @classmethod
    def from_request(cls, request: ProvisioningRequest, actor: Actor) -> Self:
        """Describe it for one reader."""
        is_theirs = request.kind is not RequestKind.ADOPT or may(
            actor, Permission.NAMESPACE_ADOPT, request.team
        )
        is_waiting = request.phase is Phase.AWAITING_APPROVAL
        return cls(
            can_cancel=not request.is_terminal and request.phase is not Phase.ROLLING_BACK,
            can_retry=request.phase in (Phase.ROLLED_BACK, Phase.RETRYING) and is_theirs,
            reason=steer_reason(request, actor),
            effect="Nothing was written yet: it ends at once."
            if is_waiting
            else "It stops before its next step, and what it has done is taken back.",
        )
