"""What REST shows of cleanup: candidates, sweeps, plans."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from ..cleanup.candidates import CandidateList
from ..cleanup.concerns import Concern
from ..cleanup.unmanaged import UnmanagedList
from ..domain.cleanup import Candidate, Reclaim
from ..domain.cleanup_document import evidence_to_document, impact_to_document
from ..domain.sweeps import Sweep
from .models import Body

__all__ = [
    "CandidateOut",
    "CandidatePage",
    "ConcernPage",
    "KeepBody",
    "SweepOut",
    "SweepPage",
    "UnmanagedPage",
]


class KeepBody(Body):
    """Why and for how long cleanup leaves a namespace alone."""

    reason: Annotated[str, Field(max_length=2000)]
    days: int = 90


def _reclaim(reclaim: Reclaim) -> dict[str, Any]:
    amounts = reclaim.amount.to_quantities()
    cost = reclaim.cost
    return {
        "cpu": amounts["requests.cpu"],
        "memory": amounts["requests.memory"],
        "storage": amounts["requests.storage"],
        "cost": None
        if cost is None
        else {
            "monthly": str(cost.monthly),
            "basis": cost.basis,
            "source": cost.source,
            "as_of": cost.as_of.isoformat(),
        },
    }


class CandidateOut(BaseModel):
    """A namespace for which something speaks."""

    namespace: str
    uid: str
    team: str
    environment: str
    state: str
    owner: str
    reasons: list[str]
    confidence: str
    evidence: list[dict[str, Any]]
    exclusions: list[dict[str, Any]]
    impact: dict[str, Any]
    reclaim: dict[str, Any]
    seen_at: datetime
    request_in_flight: str

    @classmethod
    def of(cls, one: Candidate) -> Self:
        """Show a candidate."""
        return cls(
            namespace=one.namespace,
            uid=one.uid,
            team=one.team,
            environment=one.environment,
            state=one.state,
            owner=one.owner,
            reasons=[reason.value for reason in one.reasons],
            confidence=one.confidence.value,
            evidence=[evidence_to_document(piece) for piece in one.evidence],
            exclusions=[
                {"code": each.code, "message": each.message, "stops": sorted(each.stops)}
                for each in one.exclusions
            ],
            impact=impact_to_document(one.impact),
            reclaim=_reclaim(one.reclaim),
            seen_at=one.seen_at,
            request_in_flight=one.in_flight,
        )


class CandidatePage(BaseModel):
    """Candidates that match."""

    items: list[CandidateOut]
    total: int
    next_cursor: str | None = None
    counts: dict[str, int]
    """By reason, before any filter."""
    looked_at: int
    as_of: datetime

    @classmethod
    def of(cls, found: CandidateList, *, reason: str) -> Self:
        """Show those of one reason, or all."""
        items = [one for one in found.items if not reason or reason in one.reasons]
        return cls(
            items=[CandidateOut.of(one) for one in items],
            total=len(items),
            counts=found.counts,
            looked_at=found.looked_at,
            as_of=found.as_of,
        )


class ConcernOut(BaseModel):
    """A candidate of one's own team."""

    namespace: str
    team: str
    owner: str
    reasons: list[str]
    evidence: list[dict[str, Any]]
    kept: str
    why_not_keep: str
    plan_id: str
    next_stage: str
    due_at: datetime | None

    @classmethod
    def of(cls, one: Concern) -> Self:
        """Show a concern."""
        candidate = one.candidate
        return cls(
            namespace=candidate.namespace,
            team=candidate.team,
            owner=candidate.owner,
            reasons=[reason.value for reason in candidate.reasons],
            evidence=[evidence_to_document(piece) for piece in candidate.evidence],
            kept=one.kept,
            why_not_keep=one.why_not_keep,
            plan_id=one.plan_id,
            next_stage=one.next_stage.value if one.next_stage else "",
            due_at=one.due_at,
        )


class ConcernPage(BaseModel):
    """Candidates of one's own teams, by name."""

    items: list[ConcernOut]
    total: int
    next_cursor: str | None = None

    @classmethod
    def of(cls, found: list[Concern]) -> Self:
        """Show them all."""
        return cls(items=[ConcernOut.of(one) for one in found], total=len(found))


class SweepOut(BaseModel):
    """One look at the whole fleet."""

    sweep_id: str
    started_at: datetime
    took_ms: int
    looked_at: int
    found: dict[str, int]
    excluded: int
    notes: list[str]
    """What could not be looked at."""

    @classmethod
    def of(cls, sweep: Sweep) -> Self:
        """Show a sweep."""
        return cls(
            sweep_id=sweep.sweep_id,
            started_at=sweep.started_at,
            took_ms=sweep.took_ms,
            looked_at=sweep.looked_at,
            found=dict(sweep.found),
            excluded=sweep.excluded,
            notes=list(sweep.notes),
        )


class SweepPage(BaseModel):
    """The latest sweeps, newest first."""

    items: list[SweepOut]
    total: int
    next_cursor: str | None = None


class UnmanagedOut(BaseModel):
    """A namespace of the cluster that the portal does not manage."""

    namespace: str
    created_at: datetime | None
    pods: int
    adoptable: bool
    obstacles: list[str]


class UnmanagedPage(BaseModel):
    """All of them, those that can be adopted first."""

    items: list[UnmanagedOut]
    total: int
    as_of: datetime

    @classmethod
    def of(cls, found: UnmanagedList) -> Self:
        """Show them."""
        return cls(
            items=[
                UnmanagedOut(
                    namespace=one.name,
                    created_at=one.created_at,
                    pods=one.pods,
                    adoptable=one.is_adoptable,
                    obstacles=list(one.obstacles),
                )
                for one in found.items
            ],
            total=len(found.items),
            as_of=found.as_of,
        )
