"""What a request about an existing namespace takes hold of, inside the transaction that queues it.

At its submit and once more at its retry: in between somebody else may have been at the namespace.
"""

from dataclasses import replace
from typing import Final

from ..domain.errors import Fault, NotFoundError, PortalError
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.requests import ProvisioningRequest, RequestKind
from ..domain.teams import Resources
from ..store.database import StoreConnection
from ..teams.teams import BudgetUse, Teams
from .budget import ensure_fits
from .stores import Stores

__all__ = ["WrongStateError", "ensure_state", "ensure_unprotected", "reserve_existing"]


class WrongStateError(PortalError):
    """The namespace does not stand where this could be done."""

    code = "POLICY_DENY"
    fault = Fault.CONFLICT


_MOVES: Final[dict[RequestKind, tuple[tuple[Intent, ...], Intent]]] = {
    RequestKind.CHANGE: ((Intent.ACTIVE,), Intent.CHANGING),
    RequestKind.SLEEP: ((Intent.ACTIVE,), Intent.CHANGING),
    RequestKind.WAKE: ((Intent.ACTIVE,), Intent.WAKING),
    RequestKind.RELEASE: ((Intent.ACTIVE,), Intent.CHANGING),
    RequestKind.RESTORE: ((Intent.RELEASED,), Intent.CHANGING),
    RequestKind.DELETE: ((Intent.RELEASED, Intent.ACTIVE, Intent.FAILED), Intent.DELETING),
}
"""By kind: what the record must intend, and what it intends while the request runs."""
_ENDINGS: Final = (RequestKind.RELEASE, RequestKind.DELETE)


async def reserve_existing(
    connection: StoreConnection, request: ProvisioningRequest, *, stores: Stores, teams: Teams
) -> ManagedNamespace:
    """Take hold of the record, and of the budget where a change needs more; give the record.

    Raises:
        NotFoundError: there is no record.
        WrongStateError: the record does not stand where this could be done.
        PortalError: `PROTECTED`: this would end what somebody protected meanwhile.
        BudgetExceededError: the team's budget has too little left.
    """
    name = str(request.namespace)
    record = await stores.namespaces.get(connection, cluster=request.spec.cluster, name=name)
    if record is None:
        raise NotFoundError("namespace", name)
    in_flight = await stores.requests.open_for(
        connection, cluster=request.spec.cluster, namespace=name
    )
    if in_flight is None:
        ensure_state(record, request.kind)
        if record.spec != request.previous:
            raise WrongStateError(f"{name} was changed meanwhile: look again.")
        if request.kind in _ENDINGS:
            ensure_unprotected(record)
    if request.kind is RequestKind.CHANGE:
        await _hold_the_larger_size(connection, request, stores=stores, teams=teams)
    return replace(record, intent=_MOVES[request.kind][1])


def ensure_state(record: ManagedNamespace, kind: RequestKind) -> None:
    """Refuse what cannot begin from where the namespace stands.

    Raises:
        WrongStateError: it stands elsewhere.
    """
    allowed, _ = _MOVES[kind]
    if record.intent not in allowed:
        states = " or ".join(state.value for state in allowed)
        message = f"{record.name} is {record.intent}; this takes one that is {states}."
        raise WrongStateError(message)


def ensure_unprotected(record: ManagedNamespace) -> None:
    """Refuse what would end a protected namespace.

    Raises:
        PortalError: `PROTECTED`.
    """
    if record.is_protected:
        raise PortalError(f"{record.name} is protected.", code="PROTECTED")


async def _hold_the_larger_size(
    connection: StoreConnection, request: ProvisioningRequest, *, stores: Stores, teams: Teams
) -> None:
    if request.previous is None or request.spec.size == request.previous.size:
        return
    others = await stores.ledger.shares(
        connection, str(request.team), without=str(request.namespace)
    )
    team = await teams.require(request.team)
    ensure_fits(request.spec, team=team, use=BudgetUse.of(others))
    held = Resources.of(request.previous.size).at_least(Resources.of(request.spec.size))
    await stores.ledger.rebook(connection, request.spec, amount=held)
