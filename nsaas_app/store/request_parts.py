"""Parts of a request that are stored as JSON: its failure and its approval."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ..domain.actors import Role
from ..domain.approval import Approval, Decision, Question, Verdict
from ..domain.requests import RequestFailure

__all__ = ["approval_of", "approval_to_document", "failure_of", "failure_to_document"]


def failure_to_document(failure: RequestFailure | None) -> dict[str, str] | None:
    """Write a failure as stored JSON."""
    if failure is None:
        return None
    document = {
        "code": failure.code,
        "message": failure.message,
        "raw": failure.raw,
        "field": failure.field,
    }
    if failure.retry_at is not None:
        document["retry_at"] = failure.retry_at.isoformat()
    return document


def failure_of(document: Mapping[str, str] | None) -> RequestFailure | None:
    """Read a failure."""
    if document is None:
        return None
    texts = {name: text for name, text in document.items() if name != "retry_at"}
    again = document.get("retry_at")
    return RequestFailure(**texts, retry_at=datetime.fromisoformat(again) if again else None)


def approval_to_document(approval: Approval | None) -> dict[str, Any] | None:
    """Write an approval as stored JSON."""
    if approval is None:
        return None
    return {
        "needed": [role.value for role in approval.needed],
        "why": approval.why,
        "expires_at": approval.expires_at.isoformat(),
        "reminded_at": approval.reminded_at.isoformat() if approval.reminded_at else None,
        "decisions": [
            asdict(decision) | {"at": decision.at.isoformat()} for decision in approval.decisions
        ],
        "questions": [
            asdict(one)
            | {
                "at": one.at.isoformat(),
                "answered_at": one.answered_at.isoformat() if one.answered_at else None,
            }
            for one in approval.questions
        ],
    }


def approval_of(document: Mapping[str, Any] | None) -> Approval | None:
    """Read an approval."""
    if document is None:
        return None
    return Approval(
        needed=tuple(Role(role) for role in document["needed"]),
        why=document["why"],
        expires_at=datetime.fromisoformat(document["expires_at"]),
        reminded_at=datetime.fromisoformat(told) if (told := document.get("reminded_at")) else None,
        decisions=tuple(
            Decision(
                actor=one["actor"],
                role=Role(one["role"]),
                verdict=Verdict(one["verdict"]),
                comment=one["comment"],
                at=datetime.fromisoformat(one["at"]),
            )
            for one in document["decisions"]
        ),
        questions=tuple(
            Question(
                actor=one["actor"],
                text=one["text"],
                at=datetime.fromisoformat(one["at"]),
                answer=one["answer"],
                answered_at=datetime.fromisoformat(at) if (at := one["answered_at"]) else None,
            )
            for one in document.get("questions", ())
        ),
    )
