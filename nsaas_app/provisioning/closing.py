"""What the database must say after a request ended without success, by kind. One place."""

from dataclasses import replace
from datetime import datetime

from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.requests import (
    Phase,
    ProvisioningRequest,
    RequestFailure,
    RequestKind,
    StepStatus,
)
from ..domain.teams import Resources
from ..store.database import StoreConnection
from .stores import Stores

__all__ = ["close_without_effect", "restore_record"]


async def restore_record(
    connection: StoreConnection, stores: Stores, request: ProvisioningRequest
) -> ManagedNamespace | None:
    """Put record and ledger back to what they were before the request."""
    place = {"cluster": request.spec.cluster, "name": str(request.namespace)}
    ledger = {"cluster": request.spec.cluster, "namespace": str(request.namespace)}
    record = await stores.namespaces.get(connection, **place)
    match request.kind:
        case RequestKind.PROVISION | RequestKind.ADOPT:
            await stores.namespaces.change(connection, **place, intent=Intent.FAILED)
            await stores.ledger.free(connection, **ledger)
        case RequestKind.CHANGE if request.previous is not None:
            before = request.previous
            await stores.namespaces.change(connection, **place, intent=Intent.ACTIVE)
            await stores.ledger.rebook(connection, before, amount=Resources.of(before.size))
        case _ if await _was_released(connection, stores, request):
            await stores.namespaces.change(connection, **place, intent=Intent.RELEASED)
        case _ if record is not None and record.ready_at is None:
            await stores.namespaces.change(connection, **place, intent=Intent.FAILED)
        case _:
            await stores.namespaces.change(connection, **place, intent=Intent.ACTIVE)
    return await stores.namespaces.get(connection, **place)


async def _was_released(
    connection: StoreConnection, stores: Stores, request: ProvisioningRequest
) -> bool:
    """Whether its release was the last thing that came to a good end.

    The end of grace does not tell: what a cleanup plan released has none.
    """
    last = await stores.requests.last_done(
        connection, cluster=request.spec.cluster, namespace=str(request.namespace)
    )
    return last is RequestKind.RELEASE


async def close_without_effect(
    connection: StoreConnection,
    stores: Stores,
    request: ProvisioningRequest,
    *,
    phase: Phase,
    failure: RequestFailure | None,
    now: datetime,
) -> tuple[ProvisioningRequest, ManagedNamespace | None]:
    """End a request that never touched the cluster."""
    skipped = tuple(
        replace(step, status=StepStatus.SKIPPED, started_at=now, finished_at=now)
        for step in request.steps
    )
    ended = replace(request, phase=phase, finished_at=now, failure=failure, steps=skipped)
    await stores.requests.write_steps(connection, request.request_id, skipped)
    await stores.requests.move(
        connection, request.request_id, phase, finished_at=now, failure=failure
    )
    return ended, await restore_record(connection, stores, request)
