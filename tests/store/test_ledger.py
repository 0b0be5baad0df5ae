"""The ledger: what is booked is counted until it is given back, and nobody counts beside it."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import DuplicateError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.teams import Resources
from nsaas_app.domain.tiers import TIERS, Tier
from nsaas_app.store.database import Database
from nsaas_app.store.ledger import LedgerEntry, LedgerStore
from nsaas_app.store.teams import TeamStore
from tests.support.specs import FRONTEND, spec_of

LEDGER = LedgerStore()
TEAM = str(FRONTEND.name)


async def book(database: Database, *specs: NamespaceSpec) -> None:
    for spec in specs:
        async with database.transaction() as connection:
            await LEDGER.book(connection, spec, request_id="r1")


async def entries(database: Database, team: str = TEAM) -> list[LedgerEntry]:
    async with database.reading() as connection:
        found = await LEDGER.entries(connection, team)
    return sorted(found, key=lambda entry: entry.namespace)


async def test_a_booking_is_the_size_of_its_tier_to_the_byte(database: Database) -> None:
    specs = [spec_of(f"shop-{tier}", tier=tier) for tier in Tier]
    await book(database, *specs)
    for entry in await entries(database):
        tier = Tier(entry.namespace.removeprefix("shop-"))
        assert entry.amount == Resources.of(TIERS[tier])
        assert entry.is_reserved
        assert entry.environment is Environment.DEVELOPMENT
    total = sum((entry.amount for entry in await entries(database)), Resources())
    assert total.to_quantities() == {
        "requests.cpu": "7500m",
        "requests.memory": "15Gi",
        "requests.storage": "180Gi",
    }


async def test_shares_add_up_what_entries_list(database: Database) -> None:
    specs = [spec_of(f"shop-{tier}", tier=tier) for tier in Tier]
    staging = spec_of("shop-stg", environment=Environment.STAGING, tier=Tier.SMALL)
    await book(database, *specs, staging)
    async with database.transaction() as connection:
        await LEDGER.confirm(connection, cluster=staging.cluster, namespace="shop-stg")
        shares = await LEDGER.shares(connection, TEAM)
        others = await LEDGER.shares(connection, TEAM, without="shop-micro")
    listed = await entries(database)
    for share in shares:
        alike = [
            entry
            for entry in listed
            if (entry.environment, entry.is_reserved) == (share.environment, share.is_reserved)
        ]
        assert share.namespaces == len(alike)
        assert share.amount == sum((entry.amount for entry in alike), Resources())
    assert sum(share.namespaces for share in shares) == len(listed) == 5
    assert sum(share.namespaces for share in others) == 4


async def test_a_team_pays_for_its_own(database: Database) -> None:
    await book(database, spec_of("a-dev"), spec_of("b-dev", team=TeamName("payments")))
    assert [entry.namespace for entry in await entries(database)] == ["a-dev"]
    assert [entry.namespace for entry in await entries(database, "payments")] == ["b-dev"]


async def test_a_name_is_booked_once(database: Database) -> None:
    await book(database, spec_of("a-dev"))
    with pytest.raises(DuplicateError):
        await book(database, spec_of("a-dev", team=TeamName("payments")))
    assert len(await entries(database)) == 1


async def test_a_reservation_is_confirmed_resized_and_given_back(database: Database) -> None:
    spec = spec_of("a-dev", tier=Tier.SMALL)
    place = {"cluster": spec.cluster, "namespace": str(spec.name)}
    await book(database, spec, spec_of("b-dev"))
    async with database.transaction() as connection:
        await LEDGER.confirm(connection, **place)
        await LEDGER.rebook(connection, spec, amount=Resources.of(TIERS[Tier.MEDIUM]))
    changed, other = await entries(database)
    assert (changed.is_reserved, other.is_reserved) == (False, True)
    assert changed.amount == Resources.of(TIERS[Tier.MEDIUM])
    assert other.amount == Resources.of(TIERS[Tier.SMALL])
    async with database.transaction() as connection:
        assert await LEDGER.size(connection) == 2
        await LEDGER.free(connection, **place)
        assert await LEDGER.size(connection) == 1
    assert [entry.namespace for entry in await entries(database)] == ["b-dev"]


async def count_and_book(database: Database, name: str, limit: int) -> bool:
    """Book when fewer than the limit are booked: what accepting a request does."""
    async with database.transaction() as connection:
        await LEDGER.lock(connection, TEAM)
        booked = len(await LEDGER.entries(connection, TEAM))
        await asyncio.sleep(0.002)
        if booked < limit:
            await LEDGER.book(connection, spec_of(name), request_id="r1")
        return booked < limit


async def test_a_budget_is_never_overshot_by_many_at_once(database: Database) -> None:
    async with database.transaction() as connection:
        await TeamStore().put(connection, FRONTEND)
    asks = [count_and_book(database, f"n{n}", 5) for n in range(15)]
    assert Counter(await asyncio.gather(*asks)) == {True: 5, False: 10}
    assert len(await entries(database)) == 5


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_who_waited_while_the_team_was_changed_really_has_the_lock(
    database: Database,
) -> None:
    async with database.transaction() as connection:
        await TeamStore().put(connection, FRONTEND)
    inside = most = 0
    waits = asyncio.Event()

    async def count() -> None:
        nonlocal inside, most
        async with database.transaction() as connection:
            waits.set()
            await LEDGER.lock(connection, TEAM)
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.1)
            inside -= 1

    async with database.transaction() as connection:
        await TeamStore().put(connection, replace(FRONTEND, display_name="New"))
        first = asyncio.create_task(count())
        await waits.wait()
        await asyncio.sleep(0.1)
    await asyncio.gather(first, count(), count())
    assert most == 1
