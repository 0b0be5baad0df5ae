"""Approvals: who must say yes to a request, who has said what, and until when it can be said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .actors import Actor, Role
from .errors import FieldIssue
from .names import TeamName

__all__ = [
    "APPROVAL_LIFETIME",
    "MIN_JUSTIFICATION",
    "Approval",
    "Decision",
    "Question",
    "Verdict",
    "justification_issues",
]

APPROVAL_LIFETIME: Final = timedelta(days=7)
MIN_JUSTIFICATION: Final = 20
"""Fewer characters tell an approver nothing."""


class Verdict(StrEnum):
    """What an approver said."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Decision:
    """One approver's word."""

    actor: str
    role: Role
    """The needed role that this decision answers."""
    verdict: Verdict
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What an approver asked, and what the requester answered."""

    actor: str
    text: str
    at: datetime
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """What a request needs and has of approval."""

    needed: tuple[Role, ...]
    """Each role once; every one must be answered by a different person."""
    why: str
    expires_at: datetime
    decisions: tuple[Decision, ...] = ()
    reminded_at: datetime | None = None
    """When the newest reminder that was told fell due."""
    questions: tuple[Question, ...] = ()
    """At most the last one waits for its answer."""

    @property
    def open_question(self) -> Question | None:
        """The question that waits for an answer."""
        last = self.questions[-1] if self.questions else None
        return last if last is not None and last.answered_at is None else None

    @property
    def outstanding(self) -> tuple[Role, ...]:
        """Roles that nobody has answered yet."""
        answered = [decision.role for decision in self.decisions]
        return tuple(role for role in self.needed if role not in answered)

    @property
    def is_granted(self) -> bool:
        """Whether everybody needed said yes."""
        return not self.outstanding and all(
            decision.verdict is Verdict.APPROVED for decision in self.decisions
        )

    def has_decided(self, subject: str) -> bool:
        """Whether this person spoke already."""
        return any(decision.actor == subject for decision in self.decisions)

    def role_for(self, actor: Actor, team: TeamName) -> Role | None:
        """The outstanding role this actor can answer: their own before one below it."""
        role = actor.role_in(team)
        answers = {Role.ADMIN: (Role.ADMIN, Role.LEAD), Role.LEAD: (Role.LEAD,)}
        able = answers.get(role, ()) if role is not None else ()
        return next((one for one in able if one in self.outstanding), None)


def justification_issues(text: str) -> list[FieldIssue]:
    """Check the reason that an approver will read."""
    if len(text.strip()) >= MIN_JUSTIFICATION:
        return []
    message = f"Say in at least {MIN_JUSTIFICATION} characters why: an approver will read it."
    return [FieldIssue("justification", message)]
