"""The approvals page: its list and the one request that is open, computed. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Self

from ...domain.actors import Actor
from ...domain.requests import Phase, ProvisioningRequest
from ...domain.teams import Team
from ...teams.teams import BudgetUse
from ..budget_views import effect_lines
from ..costs import CostView
from ..decisions.transform import ApprovalView, count_decidable, decide_reason
from ..request_views import RequestLine
from ..routes import Pill, address
from ..spec_diff import default_spec, differences, unchanged_note
from ..spec_views import facts_of
from .risks import risk_notes

__all__ = ["PATH", "CaseLine", "detail_vars", "in_order", "state_pills"]

PATH: Final = "/approvals"
_LABELS: Final = {"waiting": "Waiting", "decided": "Decided"}


@dataclass(frozen=True)
class CaseLine:
    """One request in the list."""

    line: RequestLine
    href: str
    note: str
    is_open: bool

    @classmethod
    def from_request(
        cls, request: ProvisioningRequest, actor: Actor, *, state: str, opened: str
    ) -> Self:
        """Describe a request that needs or needed approval."""
        query = {"state": "" if state == "waiting" else state, "id": request.request_id}
        return cls(
            line=RequestLine.from_request(request),
            href=address(PATH, query),
            note="" if state == "decided" else _note(request, actor),
            is_open=request.request_id == opened,
        )


def _note(request: ProvisioningRequest, actor: Actor) -> str:
    if reason := decide_reason(request, actor):
        return reason
    is_asked = request.approval is not None and request.approval.open_question is not None
    return f"Waits for the answer of {request.requested_by}" if is_asked else "Waits for you"


def in_order(requests: Iterable[ProvisioningRequest], actor: Actor) -> list[ProvisioningRequest]:
    """Put what waits for this very person first, then the oldest first."""
    return sorted(
        requests, key=lambda one: (decide_reason(one, actor) != "", one.created_at, one.request_id)
    )


def state_pills(state: str, waiting: Collection[ProvisioningRequest], actor: Actor) -> list[Pill]:
    """Offer what waits, how much of it for this very person, and what is decided."""
    mine = count_decidable(waiting, actor)
    others = f", {mine} for you" if mine != len(waiting) else ""
    labels = _LABELS | {"waiting": f"Waiting {len(waiting)}{others}"}
    return [
        Pill(key, label, address(PATH, {"state": "" if key == "waiting" else key}), key == state)
        for key, label in labels.items()
    ]


def detail_vars(
    request: ProvisioningRequest, actor: Actor, *, team: Team, use: BudgetUse
) -> dict[str, object]:
    """Compute all that is shown of the open request."""
    before = request.previous or default_spec(request.spec, team, asked_at=request.created_at)
    against = "the namespace as it is" if request.previous else "the defaults of its environment"
    found = differences(before, request.spec)
    is_waiting = request.phase is Phase.AWAITING_APPROVAL
    return {
        "line": RequestLine.from_request(request),
        "approval": ApprovalView.from_request(request, actor),
        "justification": request.justification,
        "facts": facts_of(request.spec),
        "found": found,
        "found_note": unchanged_note(found, request.spec, against=against),
        # What a decided request took is part of what the budget holds by now.
        "budget": effect_lines(request, team, use) if is_waiting else [],
        "cost": CostView.of(request.spec, request.previous),
        "risks": risk_notes(request, team, use) if is_waiting else [],
        "is_waiting": is_waiting,
    }
