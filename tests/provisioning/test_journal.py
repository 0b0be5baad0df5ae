"""The journal of a run: of steps that run at once, only the one that fails is told of."""

from dataclasses import replace

import pytest

from nsaas_app.domain.requests import (
    Phase,
    ProvisioningRequest,
    RequestFailure,
    RequestKind,
    Step,
    StepName,
)
from nsaas_app.provisioning.journal import LEASE_MS, Journal
from nsaas_app.provisioning.stores import Stores
from nsaas_app.store.database import Database
from nsaas_app.store.jobs import JobStore
from nsaas_app.store.namespaces import NamespaceStore
from nsaas_app.store.requests import RequestStore
from tests.directory.samples import Desk, request
from tests.identity.desk import opened
from tests.support.specs import NOW

AT_ONCE = (StepName.QUOTA, StepName.LIMITS, StepName.NETWORK)
TOO_SLOW = RequestFailure("API_TIMEOUT", "The cluster did not answer.")


@pytest.fixture
async def stores(database: Database) -> Stores:
    identity = await opened(database)
    return Stores(
        database=database,
        requests=RequestStore(),
        namespaces=NamespaceStore(),
        jobs=JobStore(),
        ledger=identity.teams._ledger,
        audit=identity.audit,
    )


async def begun(stores: Stores) -> Journal:
    """Take the job of a new request whose steps run at once, and nothing before them."""
    steps = tuple(map(Step, AT_ONCE))
    asked = request("r1", phase=Phase.QUEUED, steps=steps, finished_at=None, started_at=None)
    async with stores.database.transaction() as connection:
        await stores.requests.add(
            connection, asked, idempotency_key="k", body_hash="h", source="test"
        )
        kind = RequestKind.PROVISION.value
        await stores.jobs.enqueue(connection, key="r1", kind=kind, correlation_id="c")
    return await taken(stores, asked)


async def taken(stores: Stores, asked: ProvisioningRequest) -> Journal:
    desk = Desk()
    async with stores.database.transaction() as connection:
        (job,) = await stores.jobs.take(connection, owner="w", limit=1, lease_ms=LEASE_MS)
    return Journal(
        stores=stores,
        job=job,
        request=asked,
        board=desk.board,
        directory=desk.directory,
        clock=lambda: NOW,
    )


async def told(stores: Stores) -> dict[StepName, str]:
    """Which steps say that something is wrong, by what is stored."""
    async with stores.database.reading() as connection:
        stored = await stores.requests.get(connection, "r1")
    assert stored is not None
    return {step.name: step.error.message for step in stored.steps if step.error}


@pytest.mark.parametrize("is_final", [False, True])
async def test_a_step_that_got_over_its_failure_is_not_told_of_when_another_fails(
    stores: Stores, *, is_final: bool
) -> None:
    journal = await begun(stores)
    await journal.start(AT_ONCE)
    await journal.pause(StepName.QUOTA, TOO_SLOW, delay_ms=0)
    assert list(await told(stores)) == [StepName.QUOTA]

    again = await taken(stores, journal.request)
    await again.start(AT_ONCE)
    other = replace(TOO_SLOW, message="It was slow once more.")
    if is_final:
        await again.roll_back(StepName.NETWORK, other)
    else:
        await again.pause(StepName.NETWORK, other, delay_ms=0)

    assert await told(stores) == {StepName.NETWORK: other.message}
    assert [step.name for step in again.request.steps if step.error] == [StepName.NETWORK]
