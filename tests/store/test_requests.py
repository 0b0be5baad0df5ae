"""Requests: everything about them comes back, one key stands for one, changes are found."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from nsaas_app.domain.actors import Role
from nsaas_app.domain.approval import Approval, Decision, Question, Verdict
from nsaas_app.domain.ended_requests import EndedRequest
from nsaas_app.domain.errors import DuplicateError
from nsaas_app.domain.requests import (
    Phase,
    ProvisioningRequest,
    RequestFailure,
    RequestKind,
    Step,
    StepName,
    StepStatus,
)
from nsaas_app.domain.tiers import Tier
from nsaas_app.store.database import Database
from nsaas_app.store.ended_requests import ended_requests
from nsaas_app.store.requests import RequestStore
from tests.support.specs import NOW, spec_of

REQUESTS = RequestStore()
LATER_BY = timedelta(seconds=1)
LATER = NOW + LATER_BY
FAILURE = RequestFailure(
    "QUOTA_EXCEEDED", "Short by 300m.\n\N{SNOWMAN}", raw='exceeded "quota"\0', field="tier"
)


def request(name: str = "r1", **fields: Any) -> ProvisioningRequest:
    spec = spec_of(f"shop-{name}")
    plain: dict[str, Any] = {
        "request_id": name,
        "kind": RequestKind.PROVISION,
        "namespace": spec.name,
        "team": spec.team,
        "phase": Phase.QUEUED,
        "spec": spec,
        "requested_by": "frontend-dev",
        "correlation_id": "c-1",
        "created_at": NOW,
        "steps": tuple(Step(step) for step in StepName),
    }
    return ProvisioningRequest(**plain | fields)


async def add(database: Database, item: ProvisioningRequest, *, key: str = "") -> None:
    async with database.transaction() as connection:
        await REQUESTS.add(
            connection,
            item,
            idempotency_key=key or item.request_id,
            body_hash=f"hash of {item.request_id}",
            source="test",
        )


async def get(database: Database, request_id: str) -> ProvisioningRequest | None:
    async with database.reading() as connection:
        return await REQUESTS.get(connection, request_id)


async def test_a_new_request_comes_back_the_same(database: Database) -> None:
    await add(database, request())
    assert await get(database, "r1") == request()
    assert await get(database, "r2") is None


async def test_nothing_about_a_request_is_lost(database: Database) -> None:
    decision = Decision("frontend-lead", Role.LEAD, Verdict.APPROVED, "Fine by me.", NOW)
    answered = Question("frontend-lead", "Why?", NOW, "A sale.", LATER)
    questions = (answered, Question("admin", "Until when?", LATER))
    whole = request(
        kind=RequestKind.CHANGE,
        phase=Phase.ROLLED_BACK,
        started_at=NOW,
        finished_at=LATER,
        failure=FAILURE,
        justification="We need\nmore.",
        previous=spec_of("shop-r1", tier=Tier.MICRO),
        approval=Approval(
            (Role.LEAD, Role.ADMIN), "Production.", LATER, (decision,), None, questions
        ),
        steps=(
            Step(StepName.CHECKS, StepStatus.DONE, 1, NOW, LATER, ("Namespace/shop",)),
            Step(StepName.QUOTA, StepStatus.FAILED, 3, NOW, LATER, (), FAILURE),
            Step(StepName.LIMITS),
        ),
    )
    await add(database, whole)
    assert await get(database, "r1") == whole


async def test_a_request_moves_with_its_steps(database: Database) -> None:
    await add(database, request())
    steps = [
        Step(StepName.CHECKS, StepStatus.DONE, 1, NOW, LATER, ("a", "b")),
        Step(StepName.NAMESPACE, StepStatus.FAILED, 2, NOW, LATER, (), FAILURE),
    ]
    approval = Approval((Role.LEAD,), "Because.", LATER)
    async with database.transaction() as connection:
        await REQUESTS.write_steps(connection, "r1", steps)
        await REQUESTS.move(
            connection, "r1", Phase.ROLLING_BACK, started_at=NOW, failure=FAILURE, approval=approval
        )
    moved = await get(database, "r1")
    changed = {step.name: step for step in steps}
    assert moved == replace(
        request(),
        phase=Phase.ROLLING_BACK,
        started_at=NOW,
        failure=FAILURE,
        approval=approval,
        steps=tuple(changed.get(step.name, step) for step in request().steps),
    )
    async with database.transaction() as connection:
        await REQUESTS.move(connection, "r1", Phase.RUNNING, failure=None)
    moved = await get(database, "r1")
    assert moved is not None
    assert (moved.phase, moved.failure, moved.started_at) == (Phase.RUNNING, None, NOW)


async def test_a_key_of_one_actor_stands_for_one_request(database: Database) -> None:
    await add(database, request("r1"), key="k")
    await add(database, request("r2", requested_by="payments-dev"), key="k")
    with pytest.raises(DuplicateError):
        await add(database, request("r3"), key="k")
    async with database.reading() as connection:
        mine = await REQUESTS.by_idempotency_key(connection, requested_by="frontend-dev", key="k")
        none = await REQUESTS.by_idempotency_key(connection, requested_by="admin", key="k")
    assert mine is not None
    assert (mine.request_id, mine.body_hash) == ("r1", "hash of r1")
    assert none is None
    assert await get(database, "r3") is None


async def test_of_many_with_one_key_at_once_one_is_stored(database: Database) -> None:
    ends = await asyncio.gather(
        *(add(database, request(f"r{n}"), key="k") for n in range(12)), return_exceptions=True
    )
    assert [type(end) for end in ends if end is not None] == [DuplicateError] * 11
    async with database.reading() as connection:
        assert len(await REQUESTS.since(connection, NOW - timedelta(days=1))) == 1


async def test_the_window_and_everything_open_is_read_oldest_first(database: Database) -> None:
    old = NOW - timedelta(days=40)
    await add(database, request("r3", created_at=NOW))
    await add(database, request("r2", created_at=NOW))
    await add(database, request("r1", created_at=old))
    await add(database, request("r0", created_at=old, phase=Phase.DONE, finished_at=old))
    async with database.reading() as connection:
        found = await REQUESTS.since(connection, NOW - timedelta(days=30))
    assert [item.request_id for item in found] == ["r1", "r2", "r3"]
    assert all(len(item.steps) == len(StepName) for item in found)


async def test_other_processes_find_what_changed(database: Database) -> None:
    async with database.reading() as connection:
        assert await REQUESTS.newest_revision(connection) == 0
    await add(database, request("r1"))
    await add(database, request("r2"))
    async with database.reading() as connection:
        before = await REQUESTS.newest_revision(connection)
    await asyncio.sleep(0.005)
    async with database.transaction() as connection:
        await REQUESTS.move(connection, "r1", Phase.RUNNING)
    async with database.reading() as connection:
        assert await REQUESTS.newest_revision(connection) > before
        changed = await REQUESTS.changed_since(connection, before + 1)
    assert [(item.request_id, item.phase) for item in changed] == [("r1", Phase.RUNNING)]


async def test_a_namespace_has_its_open_request(database: Database) -> None:
    await add(database, request("r1", phase=Phase.DONE, finished_at=NOW))
    place = {"cluster": "local", "namespace": "shop-r1"}
    async with database.reading() as connection:
        assert await REQUESTS.open_for(connection, **place) is None
    await add(database, replace(request("r2"), namespace=request("r1").namespace))
    async with database.reading() as connection:
        assert await REQUESTS.open_for(connection, **place) == "r2"
        assert await REQUESTS.open_for(connection, cluster="moon", namespace="shop-r1") is None


async def test_a_locked_request_is_decided_by_one_after_the_other(database: Database) -> None:
    await add(database, request("r1"))

    async def decide(who: str) -> None:
        async with database.transaction() as connection:
            found = await REQUESTS.lock(connection, "r1")
            assert found is not None
            approval = found.approval or Approval((), "", LATER)
            word = Decision(who, Role.LEAD, Verdict.APPROVED, "", NOW)
            more = replace(approval, decisions=(*approval.decisions, word))
            await asyncio.sleep(0.002)
            await REQUESTS.move(connection, "r1", Phase.QUEUED, approval=more)

    await asyncio.gather(*(decide(f"lead-{n}") for n in range(8)))
    found = await get(database, "r1")
    assert found is not None
    assert found.approval is not None
    assert len(found.approval.decisions) == 8


async def test_what_ended_in_a_time_is_read_for_numbers_as_the_whole_request_would_tell(
    database: Database,
) -> None:
    day = timedelta(days=1)
    decision = Decision("admin", Role.ADMIN, Verdict.APPROVED, "", NOW + 5 * LATER_BY)
    granted = Approval((Role.ADMIN,), "", NOW + day, decisions=(decision,))
    ended = {"phase": Phase.DONE, "finished_at": NOW + 9 * LATER_BY}
    first = request("r1", approval=granted, **ended)
    failed = request("r2", **{**ended, "phase": Phase.ROLLED_BACK})
    await add(database, first)
    await add(database, failed)
    await add(database, request("r3", **{**ended, "phase": Phase.CANCELLED}))
    await add(database, request("r4", **ended, kind=RequestKind.SLEEP))
    await add(database, request("r5"))
    await add(database, request("r6", **ended, created_at=NOW + day))
    async with database.reading() as connection:
        found = await ended_requests(connection, since=NOW, until=NOW + day)
        none = await ended_requests(connection, since=NOW + LATER_BY, until=NOW + day)
    assert {one.request_id: one for one in found} == {
        "r1": EndedRequest.of(first),
        "r2": EndedRequest.of(failed),
    }
    assert next(one for one in found if one.request_id == "r1").duration == 4 * LATER_BY
    assert none == []
