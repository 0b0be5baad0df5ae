"""Teams: read from memory, changed by platform admins, seen by other processes soon."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from nsaas_app.domain.actors import Actor, Role
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import ForbiddenError, NotFoundError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.teams import Resources, Team
from nsaas_app.domain.tiers import TIERS, Tier
from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.runtime.clock import utc_now
from nsaas_app.store.database import Database
from nsaas_app.store.ledger import LedgerStore
from nsaas_app.store.teams import TeamStore
from nsaas_app.teams.teams import BudgetUse, Teams
from tests.identity.desk import IdentityDesk, opened
from tests.support.actors import actor
from tests.support.specs import spec_of

FRONTEND, PAYMENTS = DEV_TEAMS
NEW = Team(TeamName("newcomers"), "Newcomers")


@pytest.fixture
async def desk(database: Database) -> IdentityDesk:
    return await opened(database)


async def test_the_teams_of_a_first_start_are_there_once(desk: IdentityDesk) -> None:
    assert await desk.teams.all() == {team.name: team for team in DEV_TEAMS}
    changed = replace(FRONTEND, display_name="Changed")
    await desk.teams.put(changed, actor=actor("admin"), source="test")
    await desk.teams.ensure_exist(DEV_TEAMS)
    assert (await desk.teams.all())[FRONTEND.name] == changed
    async with desk.database.reading() as connection:
        events = await desk.audit.newest(connection, limit=9)
    assert [event.action for event in events] == ["team.put", "team.create", "team.create"]


async def test_a_team_is_found_or_is_not_there(desk: IdentityDesk) -> None:
    assert await desk.teams.require(FRONTEND.name) == FRONTEND
    with pytest.raises(NotFoundError):
        await desk.teams.require(NEW.name)


@pytest.mark.parametrize(
    ("who", "teams"),
    [
        ("frontend-viewer", []),
        ("frontend-dev", ["frontend"]),
        ("frontend-lead", ["frontend"]),
        ("payments-dev", ["payments"]),
        ("admin", ["frontend", "payments"]),
        ("auditor", []),
    ],
)
async def test_an_actor_may_request_for_these(
    desk: IdentityDesk, who: str, teams: list[str]
) -> None:
    assert [str(team.name) for team in await desk.teams.of(actor(who))] == teams


async def test_an_admin_creates_and_changes_a_team_and_the_log_says_what_was_before(
    desk: IdentityDesk,
) -> None:
    admin = actor("admin")
    await desk.teams.put(NEW, actor=admin, source="rest")
    assert await desk.teams.require(NEW.name) == NEW
    await desk.teams.put(replace(NEW, display_name="Old hands"), actor=admin, source="rest")
    assert (await desk.teams.require(NEW.name)).display_name == "Old hands"
    async with desk.database.reading() as connection:
        second, first = await desk.audit.newest(connection, limit=2)
    assert (first.action, first.actor, first.source) == ("team.put", "admin", "rest/dev")
    assert first.before is None
    assert second.before == first.after
    assert second.after is not None
    assert second.after["display_name"] == "Old hands"


async def test_the_log_says_what_was_before_even_when_another_process_changed_it(
    desk: IdentityDesk,
) -> None:
    elsewhere = IdentityDesk(desk.database)
    await elsewhere.teams.all()
    admin = actor("admin")
    await desk.teams.put(replace(FRONTEND, display_name="One"), actor=admin, source="rest")
    await elsewhere.teams.put(replace(FRONTEND, display_name="Two"), actor=admin, source="rest")
    async with desk.database.reading() as connection:
        (last,) = await desk.audit.newest(connection, limit=1)
    assert last.before is not None
    assert last.before["display_name"] == "One"


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (actor("frontend-lead"), ForbiddenError),
        (actor("frontend-viewer"), ForbiddenError),
        (actor("auditor"), ForbiddenError),
        (actor("payments-lead"), NotFoundError),
        (Actor("nobody"), NotFoundError),
        (Actor("lead", teams={PAYMENTS.name: Role.LEAD}), NotFoundError),
    ],
)
async def test_nobody_else_changes_a_team(
    desk: IdentityDesk, who: Actor, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await desk.teams.put(replace(FRONTEND, display_name="Mine"), actor=who, source="rest")
    assert await desk.teams.require(FRONTEND.name) == FRONTEND


async def test_other_processes_see_a_change_after_their_refresh(desk: IdentityDesk) -> None:
    at_once = IdentityDesk(desk.database, recheck_s=0)
    lazy = IdentityDesk(desk.database)
    await asyncio.gather(at_once.teams.all(), lazy.teams.all())
    await desk.teams.put(NEW, actor=actor("admin"), source="rest")
    assert NEW.name in await at_once.teams.all()
    assert NEW.name not in await lazy.teams.all()


class Counted(TeamStore):
    """Counts how often all teams are read."""

    reads = 0

    async def all(self, connection: AsyncConnection) -> list[Team]:
        self.reads += 1
        return await super().all(connection)


async def test_of_many_who_find_the_teams_old_one_reads_them(desk: IdentityDesk) -> None:
    store = Counted()
    teams = Teams(
        database=desk.database, teams=store, ledger=LedgerStore(), audit=desk.audit, clock=utc_now
    )
    expected = {team.name: team for team in DEV_TEAMS}
    for times in (1, 2):
        found = await asyncio.gather(*(teams.all() for _ in range(30)))
        assert all(one == expected for one in found)
        assert store.reads == times
        await teams.put(FRONTEND, actor=actor("admin"), source="test")
    await asyncio.gather(teams.all(), teams.put(NEW, actor=actor("admin"), source="test"))
    assert NEW.name in await teams.all()


async def test_a_budget_is_used_by_what_is_confirmed_and_reserved_by_the_rest(
    desk: IdentityDesk,
) -> None:
    ledger = LedgerStore()
    specs = [
        spec_of("a-dev", tier=Tier.SMALL),
        spec_of("b-dev", tier=Tier.MEDIUM),
        spec_of("c-prod", tier=Tier.LARGE, environment=Environment.PRODUCTION),
        spec_of("d-dev", team=PAYMENTS.name),
    ]
    async with desk.database.transaction() as connection:
        for spec in specs:
            await ledger.book(connection, spec, request_id="r1")
        await ledger.confirm(connection, cluster="local", namespace="b-dev")
    use = await desk.teams.budget_use(FRONTEND.name)
    assert use.used == Resources.of(TIERS[Tier.MEDIUM])
    assert use.reserved == Resources.of(TIERS[Tier.SMALL]) + Resources.of(TIERS[Tier.LARGE])
    assert use.namespaces == 3
    assert use.per_environment == {
        Environment.DEVELOPMENT: 2,
        Environment.TESTING: 0,
        Environment.STAGING: 0,
        Environment.PRODUCTION: 1,
    }


def test_a_team_that_booked_nothing_uses_nothing() -> None:
    use = BudgetUse.of([])
    assert (use.used, use.reserved, use.namespaces) == (Resources(), Resources(), 0)
    assert set(use.per_environment.values()) == {0}
