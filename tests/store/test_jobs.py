"""Jobs: taken once, held by a lease under a fence, taken over, given back, set aside."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from nsaas_app.domain.errors import DuplicateError
from nsaas_app.store.database import Database, database_now_ms
from nsaas_app.store.jobs import MAX_CRASHES, Job, JobStore, LeaseLostError
from nsaas_app.store.teams import TeamStore
from tests.support.specs import FRONTEND

T = TypeVar("T")
JOBS = JobStore()
LONG_MS, OVER_MS = 60_000, -1
"""A lease that holds, and one that is over at once."""


async def enqueue(database: Database, *keys: str) -> None:
    for key in keys:
        async with database.transaction() as connection:
            await JOBS.enqueue(connection, key=key, kind="provision", correlation_id=f"c-{key}")
        # The queue is ordered by the millisecond.
        await asyncio.sleep(0.003)


async def take(
    database: Database, *, owner: str = "a", limit: int = 10, lease_ms: int = LONG_MS
) -> list[Job]:
    async with database.transaction() as connection:
        return await JOBS.take(connection, owner=owner, limit=limit, lease_ms=lease_ms)


async def take_one(database: Database, **how: Any) -> Job:
    (job,) = await take(database, **how)
    return job


async def within(
    database: Database, call: Callable[..., Awaitable[T]], *args: Any, **how: Any
) -> T:
    async with database.transaction() as connection:
        return await call(connection, *args, **how)


async def test_a_job_is_taken_as_it_was_handed_in(database: Database) -> None:
    await enqueue(database, "r1")
    job = await take_one(database)
    assert (job.key, job.kind, job.correlation_id) == ("r1", "provision", "c-r1")
    assert (job.fence, job.attempts, job.crashes) == (1, 1, 0)
    assert not job.is_cancelled
    assert await take(database, owner="b") == []


async def test_the_same_key_twice_is_one_job(database: Database) -> None:
    await enqueue(database, "r1")
    with pytest.raises(DuplicateError):
        await enqueue(database, "r1")
    assert len(await take(database)) == 1


async def test_the_oldest_are_taken_first_and_no_more_than_asked_for(database: Database) -> None:
    await enqueue(database, "r1", "r2", "r3", "r4", "r5")
    assert {job.key for job in await take(database, limit=2)} == {"r1", "r2"}
    assert {job.key for job in await take(database, limit=2)} == {"r3", "r4"}
    assert [job.key for job in await take(database, limit=2)] == ["r5"]


async def test_takers_at_the_same_time_never_get_the_same_job(database: Database) -> None:
    keys = [f"r{n}" for n in range(12)]
    await enqueue(database, *keys)
    other = Database(database.url.render_as_string(hide_password=False))
    takes = [take(each, owner=f"w{n}", limit=2) for n in range(6) for each in (database, other)]
    taken = [job.key for jobs in await asyncio.gather(*takes) for job in jobs]
    taken += [job.key for job in await take(database)]
    assert sorted(taken) == sorted(keys)
    await other.close()


async def test_a_job_whose_lease_is_over_is_taken_over_and_one_that_is_held_is_not(
    database: Database,
) -> None:
    await enqueue(database, "r1", "r2")
    first = {job.key: job for job in await take(database, owner="a", lease_ms=OVER_MS)}
    await within(database, JOBS.hold, first["r2"], lease_ms=LONG_MS)
    (again,) = await take(database, owner="b")
    assert again.key == "r1"
    assert (again.fence, again.attempts, again.crashes) == (2, 2, 1)


async def test_a_lease_ends_by_itself(database: Database) -> None:
    await enqueue(database, "r1")
    await take(database, lease_ms=2_000)
    assert await take(database, owner="b") == []
    taken: list[Job] = []

    async def until_taken() -> None:
        while not taken:
            taken.extend(await take(database, owner="b"))
            await asyncio.sleep(0.02)

    await asyncio.wait_for(until_taken(), 60)
    assert taken[0].crashes == 1


@pytest.mark.parametrize("write", ["hold", "finish", "put_back"])
async def test_a_holder_that_lost_its_job_writes_nothing_at_all(
    database: Database, write: str
) -> None:
    await enqueue(database, "r1")
    stale = await take_one(database, owner="a", lease_ms=OVER_MS)
    living = await take_one(database, owner="b")
    how = {"hold": {"lease_ms": LONG_MS}, "finish": {}, "put_back": {"delay_ms": 0}}[write]

    async def write_as_the_old_holder() -> None:
        async with database.transaction() as connection:
            await TeamStore().put(connection, FRONTEND)
            await getattr(JOBS, write)(connection, stale, **how)

    with pytest.raises(LeaseLostError, match="r1"):
        await write_as_the_old_holder()
    assert await within(database, TeamStore().all) == []
    assert await within(database, JOBS.count_by_state) == {"running": 1}
    await within(database, JOBS.finish, living)


async def test_even_a_job_that_ended_cannot_be_written_by_its_last_holder(
    database: Database,
) -> None:
    await enqueue(database, "r1")
    job = await take_one(database)
    await within(database, JOBS.finish, job)
    for call, how in ((JOBS.finish, {}), (JOBS.hold, {"lease_ms": LONG_MS})):
        with pytest.raises(LeaseLostError):
            await within(database, call, job, **how)


async def test_five_lost_holders_make_a_poisoned_job_a_retry_does_not(database: Database) -> None:
    await enqueue(database, "r1")
    for crashes in range(MAX_CRASHES):
        job = await take_one(database, lease_ms=OVER_MS)
        assert (job.crashes, job.is_poisoned) == (crashes, False)
    job = await take_one(database)
    assert (job.crashes, job.is_poisoned) == (MAX_CRASHES, True)
    await within(database, JOBS.put_back, job, delay_ms=0)
    job = await take_one(database)
    assert (job.crashes, job.attempts) == (MAX_CRASHES, MAX_CRASHES + 2)


async def test_a_job_given_back_waits_for_its_delay(database: Database) -> None:
    await enqueue(database, "r1", "r2")
    jobs = {job.key: job for job in await take(database)}
    await within(database, JOBS.put_back, jobs["r1"], delay_ms=LONG_MS)
    await within(database, JOBS.put_back, jobs["r2"], delay_ms=0)
    (again,) = await take(database)
    assert (again.key, again.attempts, again.crashes) == ("r2", 2, 0)


async def test_an_ended_job_is_revived_as_if_new_under_a_higher_fence(database: Database) -> None:
    await enqueue(database, "r1")
    assert not await within(database, JOBS.revive, "r1")
    await take(database, lease_ms=OVER_MS)
    job = await take_one(database)
    assert not await within(database, JOBS.revive, "r1")
    await within(database, JOBS.cancel, "r1")
    await within(database, JOBS.finish, job)
    assert await within(database, JOBS.revive, "r1")
    again = await take_one(database)
    assert (again.attempts, again.crashes, again.is_cancelled) == (1, 0, False)
    assert again.fence > job.fence
    assert not await within(database, JOBS.revive, "nobody")


async def test_a_waiting_job_can_be_made_due_and_no_other(database: Database) -> None:
    await enqueue(database, "r1")
    job = await take_one(database)
    assert not await within(database, JOBS.hasten, "r1")
    await within(database, JOBS.put_back, job, delay_ms=LONG_MS)
    assert await take(database) == []

    assert await within(database, JOBS.hasten, "r1")

    again = await take_one(database)
    await within(database, JOBS.finish, again)
    assert not await within(database, JOBS.hasten, "r1")
    assert not await within(database, JOBS.hasten, "nobody")


async def test_a_waiting_job_is_cancelled_at_once_a_running_one_by_its_holder(
    database: Database,
) -> None:
    await enqueue(database, "r1", "r2")
    waiting, running = await take(database)
    await within(database, JOBS.put_back, waiting, delay_ms=LONG_MS)
    assert await within(database, JOBS.cancel, waiting.key)
    assert await within(database, JOBS.cancel, running.key)
    due = await take_one(database)
    assert (due.key, due.is_cancelled) == (waiting.key, True)
    assert await within(database, JOBS.hold, running, lease_ms=LONG_MS) is True
    await within(database, JOBS.finish, running)
    assert not await within(database, JOBS.cancel, running.key)


async def test_a_job_nobody_cancelled_goes_on(database: Database) -> None:
    await enqueue(database, "r1")
    job = await take_one(database)
    assert await within(database, JOBS.hold, job, lease_ms=LONG_MS) is False


async def test_jobs_are_counted_by_state(database: Database) -> None:
    await enqueue(database, "r1", "r2", "r3")
    first, _second = await take(database, limit=2)
    await within(database, JOBS.finish, first)
    assert await within(database, JOBS.count_by_state) == {"queued": 1, "running": 1, "done": 1}


async def test_jobs_are_taken_in_the_order_of_the_moments_that_were_given(
    database: Database,
) -> None:
    queued = {}
    for key in ("r3", "r1", "r2"):
        queued[key] = await within(
            database, JOBS.enqueue, key=key, kind="provision", correlation_id=""
        )
    first = await take_one(database, limit=1)
    await within(database, JOBS.finish, first)
    again = await within(database, JOBS.revive, first.key)
    assert again is not None
    assert again >= max(queued.values())
    queued[first.key] = again
    # Whoever asks to stop one that is due does not lose its place for that.
    (front,) = sorted(queued, key=lambda key: (queued[key], key))[:1]
    await within(database, JOBS.cancel, front)

    taken = [(await take_one(database, limit=1)).key for _ in queued]

    assert taken == sorted(queued, key=lambda key: (queued[key], key))
    async with database.reading() as connection:
        now_ms = (await connection.execute(select(database_now_ms()))).scalar_one()
    assert all(0 <= now_ms / 1000 - at.timestamp() < 60 for at in queued.values())
