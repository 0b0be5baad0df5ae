"""What a request waits for, beside the request itself: its place in the queue, or people."""

from typing import Any, Literal, Self

from pydantic import BaseModel

from ..directory.requests import RequestBoard
from ..directory.waiting import Span
from ..domain.requests import Phase, ProvisioningRequest, RequestKind
from .models import RequestOut

__all__ = ["RequestDetail", "WaitOut", "history_of"]


class WaitOut(BaseModel):
    """For what it waits, and how long others waited for that in our own past."""

    waits_for: Literal["queue", "approval"]
    position: int | None
    """Place in the queue of all teams; 1 is next."""
    of: int | None
    usual_ms: float | None
    """Half of the others waited less; null without any."""
    usual_most_ms: float | None
    """95 of 100 waited less."""

    @classmethod
    def of_request(cls, request: ProvisioningRequest, board: RequestBoard) -> Self | None:
        """Say it; None for what waits for neither."""
        if request.phase is Phase.AWAITING_APPROVAL:
            return cls(
                waits_for="approval", position=None, of=None, **_span(board.usual_approval())
            )
        place = board.place_of(request)
        if place is None:
            return None
        span = _span(board.usual_wait())
        return cls(waits_for="queue", position=place.position, of=place.of, **span)


def _span(span: Span | None) -> dict[str, Any]:
    if span is None:
        return {"usual_ms": None, "usual_most_ms": None}
    return {"usual_ms": span.p50_ms, "usual_most_ms": span.p95_ms}


class RequestDetail(RequestOut):
    """One request with what it waits for; null where it waits for nothing."""

    wait: WaitOut | None = None

    @classmethod
    def of(cls, request: ProvisioningRequest, board: RequestBoard) -> Self:
        """Show it."""
        shown = RequestOut.from_request(request)
        return cls(**dict(shown), wait=WaitOut.of_request(request, board))


def history_of(kind: str, board: RequestBoard) -> dict[str, float | None]:
    """How long a request of a kind takes, and the approvals of any, by our own past."""
    span, approval = board.usual_duration(RequestKind(kind)), board.usual_approval()
    return {
        "expected_duration_p95_ms": span.p95_ms if span else None,
        "expected_approval_ms": approval.p50_ms if approval else None,
    }
