"""Waiting: who stands before whom in the queue, and how long it took others so far. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from ..domain.approval import Verdict
from ..domain.requests import Phase, ProvisioningRequest
from .history import p95

__all__ = ["Place", "Span", "approval_waits", "in_line", "places_in", "queue_waits", "span_of"]


ENOUGH: Final = 5
"""Of fewer, one odd request would be taken for the rule."""


@dataclass(frozen=True, slots=True)
class Span:
    """How long something usually takes, by our own past."""

    p50_ms: float
    p95_ms: float
    n: int

    @property
    def tells_most(self) -> bool:
        """Whether there are enough to say what nearly all of them took."""
        return self.n >= ENOUGH


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request stands among those that wait to be started."""

    position: int
    """1 is next."""
    of: int


def span_of(values: list[float]) -> Span | None:
    """Sum up past times; None without any: nothing is made up."""
    most = p95(values)
    return None if most is None else Span(median(values), most, len(values))


def queue_waits(requests: Iterable[ProvisioningRequest]) -> list[float]:
    """How long each waited from the moment it could start to its start, in milliseconds."""
    return [
        max(0.0, (request.started_at - request.queued_at).total_seconds() * 1000)
        for request in requests
        if request.started_at is not None and request.queued_at is not None
    ]


def approval_waits(requests: Iterable[ProvisioningRequest]) -> list[float]:
    """How long people took to decide, in milliseconds; what nobody decided does not count."""
    waits = []
    for request in requests:
        approval = request.approval
        if approval is None or not approval.decisions:
            continue
        last = approval.decisions[-1]
        if approval.is_granted or last.verdict is Verdict.REJECTED:
            waits.append((last.at - request.created_at).total_seconds() * 1000)
    return waits


def in_line(requests: Iterable[ProvisioningRequest]) -> list[ProvisioningRequest]:
    """Those that could start and have not, the next one first, in the order of the workers."""
    waiting = [
        (request.queued_at, request.request_id, request)
        for request in requests
        if request.phase is Phase.QUEUED and request.queued_at is not None
    ]
    return [request for *_, request in sorted(waiting, key=lambda one: one[:2])]


def places_in(line: Sequence[ProvisioningRequest]) -> dict[str, Place]:
    """Number a line, by request id."""
    return {
        request.request_id: Place(position, len(line))
        for position, request in enumerate(line, start=1)
    }
