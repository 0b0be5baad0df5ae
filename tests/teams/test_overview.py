"""How teams stand: one reading for all who look, renewed when the hub says that something moved."""

import asyncio
from decimal import Decimal

import pytest

from nsaas_app.directory.directory import Directory
from nsaas_app.directory.feed import Feed
from nsaas_app.directory.hub import FEED, REQUESTS, Hub
from nsaas_app.directory.requests import RequestBoard
from nsaas_app.domain.errors import NotFoundError
from nsaas_app.domain.tiers import Tier
from nsaas_app.store.database import Database
from nsaas_app.store.ledger import LedgerStore
from nsaas_app.teams.overview import TeamOverviews
from tests.identity.desk import IdentityDesk, opened
from tests.support.actors import actor
from tests.support.specs import spec_of

ADMIN = actor("admin")


@pytest.fixture
async def desk(database: Database) -> IdentityDesk:
    return await opened(database)


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def overviews(desk: IdentityDesk, hub: Hub) -> TeamOverviews:
    feed = Feed(hub.publish, FEED, start=0)
    board = RequestBoard(hub=hub, feed=feed, clock=lambda: desk.now)
    directory = Directory(hub=hub, feed=feed, mirror=None, board=board, clock=lambda: desk.now)
    return TeamOverviews(
        teams=desk.teams, directory=directory, database=desk.database, ledger=LedgerStore()
    )


async def book(desk: IdentityDesk, name: str, *, is_used: bool = False) -> None:
    ledger = LedgerStore()
    async with desk.database.transaction() as connection:
        await ledger.book(connection, spec_of(name, tier=Tier.SMALL), request_id="r1")
        if is_used:
            await ledger.confirm(connection, cluster="local", namespace=name)


async def test_what_is_booked_shows_once_the_hub_says_that_something_moved(
    desk: IdentityDesk, hub: Hub, overviews: TeamOverviews
) -> None:
    await book(desk, "a-dev", is_used=True)
    await book(desk, "b-dev")
    frontend, payments = await overviews.all(actor=ADMIN)
    assert (str(frontend.team.name), str(payments.team.name)) == ("frontend", "payments")
    assert (frontend.use.used.cpu, frontend.use.reserved.cpu) == (Decimal(1), Decimal(1))
    assert frontend.use.namespaces == 2
    assert frontend.cost.monthly > 0
    assert payments.use.namespaces == 0
    assert payments.cost.monthly == 0

    await book(desk, "c-dev")
    hub.publish(REQUESTS)
    many = await asyncio.gather(*(overviews.one("frontend", actor=ADMIN) for _ in range(20)))
    assert {standing.use.namespaces for standing in many} == {3}


async def test_one_sees_only_teams_of_ones_own(overviews: TeamOverviews) -> None:
    lead = actor("payments-lead")
    assert [str(one.team.name) for one in await overviews.all(actor=lead)] == ["payments"]
    with pytest.raises(NotFoundError):
        await overviews.one("frontend", actor=lead)
    with pytest.raises(NotFoundError):
        await overviews.one("absent", actor=ADMIN)
