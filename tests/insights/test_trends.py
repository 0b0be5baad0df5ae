"""Samples of quotas on both databases: only what changed, by one process, forgotten in time."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from nsaas_app.directory.directory import Directory
from nsaas_app.directory.feed import Feed
from nsaas_app.directory.hub import FEED, Hub
from nsaas_app.directory.requests import RequestBoard
from nsaas_app.directory.rows import QuotaUse
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.domain.trends import Amounts
from nsaas_app.insights.trends import KEPT, Trends
from nsaas_app.store.database import Database
from nsaas_app.store.namespaces import NamespaceStore
from nsaas_app.store.samples import SampleStore
from nsaas_app.store.turns import TurnStore
from tests.support.specs import NOW, spec_of

HOUR = timedelta(hours=1)
BORN = {"shop": NOW, "pay": NOW, "new": NOW, "gone": NOW}


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def trends(
    database: Database,
    clock: Callable[[], datetime],
    process: str = "p1",
    samples: SampleStore | None = None,
) -> Trends:
    hub = Hub()
    feed = Feed(hub.publish, FEED, start=0)
    board = RequestBoard(hub=hub, feed=feed, clock=clock)
    return Trends(
        directory=Directory(hub=hub, feed=feed, mirror=None, board=board, clock=clock),
        database=database,
        samples=samples or SampleStore(),
        turns=TurnStore(),
        cluster_name="local",
        process=process,
        clock=clock,
    )


def quota(pods: str) -> dict[str, QuotaUse]:
    return {"pods": QuotaUse(pods, "10"), "secrets": QuotaUse("1", "30")}


def record(name: str) -> ManagedNamespace:
    spec = spec_of(name)
    return ManagedNamespace(
        name=spec.name, team=spec.team, cluster="local", intent=Intent.ACTIVE, spec=spec,
        request_id="r-1", created_at=NOW,
    )  # fmt: skip


async def stored(database: Database, name: str) -> list[tuple[timedelta, str]]:
    async with database.reading() as connection:
        found = await SampleStore().of(connection, name, cluster="local", since=NOW - KEPT)
    return [(one.at - NOW, one.amounts["pods"][0]) for one in found]


async def test_only_what_changed_is_stored(database: Database) -> None:
    clock = Clock()
    mine = trends(database, clock)
    assert await mine.take({"shop": quota("1"), "pay": quota("2"), "new": {}}, born=BORN) == 2
    clock.now += HOUR
    assert await mine.take({"shop": quota("1"), "pay": quota("3")}, born=BORN) == 1
    # A restart knows what was stored.
    assert (
        await trends(database, clock, "p1").take({"shop": quota("1"), "pay": quota("3")}, born=BORN)
        == 0
    )
    assert await stored(database, "shop") == [(timedelta(), "1")]
    assert await stored(database, "pay") == [(timedelta(), "2"), (HOUR, "3")]


async def test_one_process_at_a_time_samples(database: Database) -> None:
    clock = Clock()
    assert await trends(database, clock, "p1").take({"shop": quota("1")}, born=BORN) == 1
    assert await trends(database, clock, "p2").take({"shop": quota("2")}, born=BORN) == 0
    assert await stored(database, "shop") == [(timedelta(), "1")]


async def test_what_is_old_goes_but_what_still_holds_stays(database: Database) -> None:
    clock = Clock()
    mine = trends(database, clock)
    async with database.transaction() as connection:
        await NamespaceStore().put(connection, record("shop"))
    await mine.take({"shop": quota("1"), "gone": quota("1")}, born=BORN)
    clock.now += HOUR
    await mine.take({"shop": quota("2")}, born=BORN)
    clock.now += KEPT + HOUR
    await mine.take({"shop": quota("2")}, born=BORN)
    assert await stored(database, "shop") == [(HOUR, "2")]
    assert await stored(database, "gone") == [], "nobody asks what a namespace used that is gone"


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_a_namespace_made_again_under_its_name_begins_anew(
    database: Database, *, is_restarted: bool
) -> None:
    clock = Clock()
    mine = trends(database, clock)
    await mine.take({"shop": quota("0")}, born=BORN)
    clock.now += HOUR
    mine = trends(database, clock) if is_restarted else mine
    assert await mine.take({"shop": quota("0")}, born=BORN | {"shop": clock.now}) == 1
    assert await stored(database, "shop") == [(timedelta(), "0"), (HOUR, "0")]


class Tripping(SampleStore):
    """Fails when it has stored so many parts."""

    parts = 99

    async def add(
        self,
        connection: AsyncConnection,
        amounts: Mapping[str, Amounts],
        *,
        cluster: str,
        at: datetime,
    ) -> None:
        if self.parts == 0:
            raise StoreTrippedError
        self.parts -= 1
        await super().add(connection, amounts, cluster=cluster, at=at)


class StoreTrippedError(Exception):
    """As a database that goes away."""


async def test_what_was_stored_before_a_failure_is_known_at_the_next_turn(
    database: Database,
) -> None:
    clock, store = Clock(), Tripping()
    mine = trends(database, clock, samples=store)
    names = [f"shop-{number:03}" for number in range(101)]
    born = dict.fromkeys(names, NOW)
    assert await mine.take(dict.fromkeys(names, quota("1")), born=born) == 101
    clock.now += HOUR
    store.parts = 1
    with pytest.raises(StoreTrippedError):
        await mine.take(dict.fromkeys(names, quota("2")), born=born)
    clock.now += HOUR
    store.parts = 99
    assert await mine.take(dict.fromkeys(names, quota("1")), born=born) == 100
    assert [pods for _, pods in await stored(database, "shop-000")] == ["1", "2", "1"]
