"""Requests in flight: how far each is, in words and as a part of the way. Pure."""

from dataclasses import dataclass
from typing import Self

from ...domain.requests import Phase, ProvisioningRequest, StepStatus
from ..figures import iso
from ..request_views import RequestLine

__all__ = ["Flight"]

_ENDED = frozenset({StepStatus.DONE, StepStatus.SKIPPED})


@dataclass(frozen=True)
class Flight:
    """One request that waits or runs."""

    line: RequestLine
    words: str
    """Its current step, or what it waits for."""
    way: str
    """The steps behind it, of how many."""
    share: int
    """The same in percent."""
    since: str
    """When the current step or the waiting began; empty for what stays, ended, while held."""

    @classmethod
    def of(cls, request: ProvisioningRequest) -> Self:
        """Describe one."""
        done, total = sum(step.status in _ENDED for step in request.steps), len(request.steps)
        running = next((s for s in request.steps if s.status is StepStatus.RUNNING), None)
        began = running.started_at if running is not None else request.created_at
        line = RequestLine.from_request(request)
        return cls(
            line=line,
            words=_words(request, line),
            way=f"{done} of {total} steps done",
            share=round(100 * done / total) if total else 0,
            since="" if request.is_terminal else iso(began or request.created_at),
        )


def _words(request: ProvisioningRequest, line: RequestLine) -> str:
    if request.phase is Phase.AWAITING_APPROVAL:
        return "Waits for approval"
    return line.phase.capitalize() if request.is_terminal else line.progress or "Waits to start"
