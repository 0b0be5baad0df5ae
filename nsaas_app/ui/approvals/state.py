"""State of the approvals page: the list, and the one request that is open."""

import reflex as rx

from ... import runtime
from ...directory.hub import REQUESTS
from ...directory.requests import RequestQuery
from ...domain.actors import Actor
from ...domain.errors import NotFoundError
from ...domain.requests import Phase, ProvisioningRequest
from ...identity.permissions import Permission
from ..budget_views import BudgetLine
from ..costs import CostView
from ..decisions.transform import ApprovalView
from ..guard import actor_of, guarded
from ..holding import HeldList
from ..live import LivePage, assign, follow
from ..request_views import RequestLine
from ..routes import Pill
from ..spec_diff import Difference
from ..spec_views import Fact
from .risks import RiskNote
from .transform import CaseLine, detail_vars, in_order, state_pills

__all__ = ["ApprovalsState"]

_SHOWN = 50
"""So many decided requests are listed; the list of requests has them all."""
_ALL = 100_000


class ApprovalsState(HeldList, LivePage, rx.State):
    """Vars of the page. The list stands still while somebody is at it."""

    state: str = "waiting"
    states: list[Pill] = []
    cases: list[CaseLine] = []
    line: RequestLine = RequestLine()
    approval: ApprovalView = ApprovalView()
    justification: str = ""
    facts: list[Fact] = []
    found: list[Difference] = []
    found_note: str = ""
    budget: list[BudgetLine] = []
    cost: CostView = CostView()
    risks: list[RiskNote] = []
    is_waiting: bool = False
    """Whether the open request still waits: then its risks are weighed."""

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Show what the address asks for and keep it current.

        The open request stays open when it is decided: nobody reads on in another one unasked.
        """
        query = self.router.url.query_parameters
        state = "decided" if query.get("state") == "decided" else "waiting"
        opened = query.get("id", "")
        async with self:
            self._let_go()
            assign(self, {"state": state})

        async def read(actor: Actor) -> dict[str, object]:
            nonlocal opened
            async with self:
                is_first = self._is_first()
                is_held = self._is_held() and not is_first
                shown = [case.line.request_id for case in self.cases] if is_held else None
            waiting = _waiting(actor)
            listed = waiting if state == "waiting" else _decided(actor)
            request = _open_one(opened, actor) or next(iter(listed), None)
            opened = request.request_id if request else ""
            return {
                "states": state_pills(state, waiting, actor),
                **_list_vars(listed, shown, actor, state=state, opened=opened),
                **(await _detail(request, actor) if request else {"line": RequestLine()}),
            }

        await follow(self, topics=(REQUESTS,), read=read)

    async def _catch_up(self) -> None:
        actor = await actor_of(self)
        listed = _waiting(actor) if self.state == "waiting" else _decided(actor)
        opened = self.line.request_id
        assign(self, _list_vars(listed, None, actor, state=self.state, opened=opened))


def _list_vars(
    listed: list[ProvisioningRequest],
    shown: list[str] | None,
    actor: Actor,
    *,
    state: str,
    opened: str,
) -> dict[str, object]:
    """Compute the list; of one that is held only the words change."""
    lines, waiting = listed, 0
    if shown is not None:
        now = [each.request_id for each in listed]
        found = (_seen(request_id, actor) for request_id in shown)
        lines = [request for request in found if request is not None]
        waiting = len(set(shown) ^ set(now)) or int(shown != now)
    cases = [CaseLine.from_request(each, actor, state=state, opened=opened) for each in lines]
    return {"cases": cases, "waiting": waiting}


def _waiting(actor: Actor) -> list[ProvisioningRequest]:
    found = runtime.current().requests.in_flight(actor=actor)
    return in_order((each for each in found if each.phase is Phase.AWAITING_APPROVAL), actor)


def _decided(actor: Actor) -> list[ProvisioningRequest]:
    found = runtime.current().requests.find(RequestQuery(limit=_ALL), actor=actor).items
    settled = [
        each for each in found if each.approval and each.phase is not Phase.AWAITING_APPROVAL
    ]
    return settled[:_SHOWN]


def _open_one(request_id: str, actor: Actor) -> ProvisioningRequest | None:
    request = _seen(request_id, actor)
    return request if request is not None and request.approval else None


def _seen(request_id: str, actor: Actor) -> ProvisioningRequest | None:
    """One request; None where there is none, or it is the actor's no more."""
    try:
        return runtime.current().requests.get(request_id, actor=actor)
    except NotFoundError:
        return None


async def _detail(request: ProvisioningRequest, actor: Actor) -> dict[str, object]:
    teams = runtime.current().teams
    team, use = await teams.require(request.team), await teams.budget_use(request.team)
    return detail_vars(request, actor, team=team, use=use)
