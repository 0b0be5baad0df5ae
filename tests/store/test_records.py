"""Records of namespaces and of teams: stored, changed, replaced, read back the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.domain.teams import Budget, Resources, Team
from nsaas_app.domain.tiers import Tier
from nsaas_app.store.database import Database
from nsaas_app.store.namespaces import NamespaceStore
from nsaas_app.store.tables import UtcTime
from nsaas_app.store.teams import TeamStore
from tests.support.specs import FRONTEND, NOW, spec_of

NAMESPACES, TEAMS = NamespaceStore(), TeamStore()
PLACE = {"cluster": "local", "name": "frontend-shop-dev"}


def record(intent: Intent = Intent.ACTIVE) -> ManagedNamespace:
    spec = spec_of()
    return ManagedNamespace(
        name=spec.name,
        team=spec.team,
        cluster="local",
        intent=intent,
        spec=spec,
        request_id="r1",
        created_at=NOW,
        uid="u-1",
        ready_at=NOW + timedelta(seconds=2),
        is_protected=True,
        restorable_until=NOW + timedelta(days=1),
    )


async def put(database: Database, managed: ManagedNamespace) -> None:
    async with database.transaction() as connection:
        await NAMESPACES.put(connection, managed)


async def get(database: Database) -> ManagedNamespace | None:
    async with database.reading() as connection:
        return await NAMESPACES.get(connection, **PLACE)


async def test_a_record_comes_back_the_same(database: Database) -> None:
    assert await get(database) is None
    await put(database, record())
    assert await get(database) == record()


async def test_a_record_takes_the_place_of_its_tombstone(database: Database) -> None:
    await put(database, record(Intent.DELETED))
    again = replace(record(Intent.PROVISIONING), team=TeamName("payments"), uid="", ready_at=None)
    await put(database, again)
    assert await get(database) == again


async def test_a_tombstone_is_kept_and_not_listed(database: Database) -> None:
    await put(database, record(Intent.DELETED))
    other = replace(record(), name=spec_of("other-dev").name, spec=spec_of("other-dev"))
    await put(database, other)
    async with database.reading() as connection:
        assert await NAMESPACES.all(connection) == [other]
    assert await get(database) == record(Intent.DELETED)


async def test_columns_of_one_record_are_changed(database: Database) -> None:
    await put(database, record(Intent.PROVISIONING))
    bigger = spec_of(tier=Tier.MEDIUM)
    async with database.transaction() as connection:
        await NAMESPACES.change(
            connection, **PLACE, intent=Intent.RELEASED, uid="u-2", spec=bigger, ready_at=None
        )
    assert await get(database) == replace(
        record(Intent.RELEASED), uid="u-2", spec=bigger, ready_at=None
    )


async def test_a_team_comes_back_the_same_and_is_replaced_as_a_whole(database: Database) -> None:
    budget = Budget(7, dict.fromkeys(Environment, 2), Resources.parse("1500m", "3Gi", "1"))
    first = Team(TeamName("aa"), "Team \N{SNOWMAN}", "CC-1", FRONTEND.groups, budget)
    second = Team(TeamName("aa"), "Other")
    async with database.transaction() as connection:
        await TEAMS.put(connection, FRONTEND)
        await TEAMS.put(connection, first)
        assert await TEAMS.all(connection) == [first, FRONTEND]
        await TEAMS.put(connection, second)
        assert await TEAMS.all(connection) == [second, FRONTEND]


@pytest.mark.parametrize("offset", [0, 5.5, -8])
async def test_an_instant_comes_back_in_utc(database: Database, offset: float) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=offset)))
    await put(database, replace(record(), created_at=elsewhere))
    found = await get(database)
    assert found is not None
    assert found.created_at == NOW
    assert found.created_at.utcoffset() == timedelta()


def test_an_instant_without_a_zone_is_not_stored() -> None:
    naive = datetime(2030, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        UtcTime().process_bind_param(naive, None)  # type: ignore[arg-type] # fails before it matters
