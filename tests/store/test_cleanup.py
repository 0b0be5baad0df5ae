"""What cleanup stores: turns of one process at a time, observations, keeps, plans, on both."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from nsaas_app.domain.cleanup import Stage
from nsaas_app.domain.cleanup_plans import Plan, PlanState, line_of
from nsaas_app.domain.cleanup_rules import candidate_of
from nsaas_app.domain.errors import DuplicateError
from nsaas_app.domain.sweeps import Keep, Sweep
from nsaas_app.store.cleanup import CleanupStore
from nsaas_app.store.database import Database
from nsaas_app.store.turns import TurnStore
from tests.support.cleanup import observed, sighting
from tests.support.specs import NOW

STORE, TURNS = CleanupStore(), TurnStore()


def a_plan() -> Plan:
    found = candidate_of(sighting(expires_at=NOW), now=NOW)
    line = line_of("frontend-shop-dev", found, plan_id="p-1", position=0, target=Stage.DELETE)
    return Plan("p-1", "local", Stage.DELETE, PlanState.PLANNED, "admin", NOW, "c-1", (line,))


async def take(database: Database, owner: str) -> bool:
    try:
        async with database.transaction() as connection:
            return await TURNS.take(connection, name="sweep", owner=owner, lease_ms=60_000)
    except DuplicateError:
        return False


async def test_one_of_many_gets_the_turn_and_gives_it_back(database: Database) -> None:
    owners = [f"process-{number}" for number in range(5)]
    taken = await asyncio.gather(*(take(database, owner) for owner in owners))
    assert sum(taken) == 1
    winner = owners[taken.index(True)]
    assert await take(database, winner), "who has the turn may hold on to it"
    assert not await take(database, "another")
    async with database.transaction() as connection:
        await TURNS.give_back(connection, name="sweep", owner=winner)
    assert await take(database, "another")


async def test_what_is_known_comes_back_as_it_was(database: Database) -> None:
    seen = {
        "a": observed(full_since={"pods": NOW}, pods_gone_since=NOW),
        "b": observed("u-2", owner_gone_since=NOW),
    }
    async with database.transaction() as connection:
        await STORE.put_observations(connection, seen, cluster="local")
        await STORE.put_observations(connection, {"a": seen["a"]}, cluster="local", gone=["b"])
        assert await STORE.observations(connection, cluster="local") == {"a": seen["a"]}
        assert await STORE.observations(connection, cluster="another") == {}


async def test_the_latest_sweeps_are_remembered(database: Database) -> None:
    async with database.transaction() as connection:
        for number in range(4):
            at = NOW + timedelta(minutes=number)
            sweep = Sweep(f"s-{number}", at, 12, 3, {"idle": 1}, 1)
            await STORE.add_sweep(connection, sweep, cluster="local", remember=2)
        found = await STORE.sweeps(connection, cluster="local")
    assert [one.sweep_id for one in found] == ["s-3", "s-2"]
    assert found[0] == sweep


async def test_a_later_word_replaces_the_earlier_one(database: Database) -> None:
    first = Keep("a", "u-1", "a demo", "ada", NOW)
    second = replace(first, by="bob")
    async with database.transaction() as connection:
        await STORE.put_keep(connection, first, cluster="local")
        await STORE.put_keep(connection, second, cluster="local")
        assert await STORE.keeps(connection, cluster="local") == {"a": second}
        assert await STORE.drop_keep(connection, "a", cluster="local")
        assert not await STORE.drop_keep(connection, "a", cluster="local")


async def test_a_plan_comes_back_whole_and_a_stale_write_misses(database: Database) -> None:
    plan = a_plan()
    async with database.transaction() as connection:
        await STORE.add_plan(connection, plan)
    async with database.transaction() as connection:
        read = await STORE.plan(connection, plan.plan_id)
        assert read == plan
        assert await STORE.change_plan(connection, replace(read, state=PlanState.RUNNING))
        assert not await STORE.change_plan(connection, replace(read, state=PlanState.STOPPED))
        (running,) = await STORE.plans(connection, cluster="local")
        assert (running.state, running.version) == (PlanState.RUNNING, plan.version + 1)
        assert await STORE.open_plans(connection, cluster="local") == [], "nobody confirmed it"
        assert await STORE.change_plan(connection, replace(running, confirmed_at=NOW))
        assert len(await STORE.open_plans(connection, cluster="local")) == 1
        assert await STORE.plan(connection, "p-2") is None


async def test_the_same_plan_is_stored_once(database: Database) -> None:
    async def add() -> None:
        async with database.transaction() as connection:
            await STORE.add_plan(connection, a_plan())

    await add()
    with pytest.raises(DuplicateError):
        await add()
