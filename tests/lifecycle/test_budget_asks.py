"""A wish for budget is told once, may come again, and never lowers what a team has by then."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from nsaas_app.directory.hub import Hub
from nsaas_app.domain.budget_asks import BudgetAsk, granted
from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.notices import Channel
from nsaas_app.domain.teams import Budget, Resources, Team
from nsaas_app.lifecycle.budget_asks import BudgetAsks
from nsaas_app.lifecycle.inbox import Inbox
from nsaas_app.provisioning.stores import Stores
from nsaas_app.store.database import Database
from nsaas_app.store.jobs import JobStore
from nsaas_app.store.namespaces import NamespaceStore
from nsaas_app.store.requests import RequestStore
from nsaas_app.teams.change import TeamChange
from nsaas_app.ui.team.asks import AskLine
from tests.identity.desk import IdentityDesk, opened
from tests.support.actors import actor
from tests.support.clocks import Clock
from tests.support.specs import NOW

WHY = "The shop opens in three more countries."
MORE: dict[str, Any] = {"requests.cpu": "210"}
LEAD, ADMIN = TeamChange(actor("frontend-lead"), "test"), TeamChange(actor("admin"), "test")


@dataclass
class Desk:
    """One process that takes wishes."""

    identity: IdentityDesk
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    def __post_init__(self) -> None:
        self.database = self.identity.database
        self.stores = Stores(
            database=self.database,
            requests=RequestStore(),
            namespaces=NamespaceStore(),
            jobs=JobStore(),
            ledger=self.identity.teams._ledger,
            audit=self.identity.audit,
        )
        self.inbox = self.fresh_inbox()
        self.asks = BudgetAsks(
            stores=self.stores,
            teams=self.identity.teams,
            inbox=self.inbox,
            hub=Hub(),
            clock=self.clock,
        )

    def fresh_inbox(self) -> Inbox:
        """As a process has it that begins now."""
        teams = self.identity.teams
        return Inbox(stores=self.stores, teams=teams, hub=Hub(), clock=self.clock)

    async def ask(self) -> BudgetAsk:
        return await self.asks.ask("frontend", MORE, WHY, LEAD)

    async def decline(self, ask: BudgetAsk) -> None:
        await self.asks.decline("frontend", ask.ask_id, "Not before the new nodes.", ADMIN)

    async def open_ids(self) -> list[str]:
        return [one.ask_id for one in await self.asks.of("frontend", actor=ADMIN.actor)]

    async def audited(self) -> int:
        async with self.database.reading() as connection:
            events = await self.identity.audit.newest(connection, limit=50)
        return sum(event.action == "team.budget-ask" for event in events)


@pytest.fixture
async def desk(database: Database) -> Desk:
    return Desk(await opened(database))


async def test_the_same_wish_after_the_inbox_forgot_the_first_is_told_again(desk: Desk) -> None:
    first = await desk.ask()
    await desk.decline(first)
    desk.clock.now += timedelta(days=100)
    await desk.inbox.refresh()
    second = await desk.ask()
    assert await desk.open_ids() == [second.ask_id]
    assert await desk.audited() == 2


async def test_a_wish_comes_again_on_the_day_it_was_declined_elsewhere(desk: Desk) -> None:
    here = Desk(desk.identity)
    first = await desk.ask()
    await here.inbox.refresh()
    await desk.decline(first)
    third = await desk.ask()
    await desk.decline(third)
    # This process has not heard of any decline: for it the first wish is open still.
    assert (await here.ask()).ask_id == first.ask_id
    await here.inbox.refresh()
    assert (await here.ask()).ask_id not in (first.ask_id, third.ask_id)


async def test_two_processes_that_are_asked_the_same_tell_it_once(desk: Desk) -> None:
    other = Desk(desk.identity)
    first = await desk.ask()
    assert (await other.ask()).ask_id == first.ask_id
    assert await desk.audited() == 1


@pytest.mark.parametrize("bad", ["\x00", "\x1b[2J", "\ud800"])
async def test_a_text_that_no_database_takes_is_refused_at_its_field(desk: Desk, bad: str) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        await desk.asks.ask("frontend", MORE, WHY + bad + WHY, LEAD)
    assert [issue.field for issue in refused.value.issues] == ["reason"]
    ask = await desk.ask()
    with pytest.raises(InvalidFieldsError) as refused:
        await desk.asks.decline("frontend", ask.ask_id, f"No{bad}, never.", ADMIN)
    assert [issue.field for issue in refused.value.issues] == ["comment"]


async def test_what_a_newer_version_tells_is_passed_over(desk: Desk) -> None:
    ask = await desk.ask()
    (notice,) = desk.inbox.of_team(TeamName("frontend"))
    later = replace(notice, notice_id="later", key="later")
    stores = desk.stores
    async with stores.database.transaction() as connection:
        await stores.notices.add(connection, later, [(Channel.WEBHOOK, "")])
        newer = "UPDATE notice SET kind = 'of-tomorrow' WHERE notice_id = 'later'"
        await connection.execute(text(newer))
    await desk.inbox.refresh()
    assert await desk.open_ids() == [ask.ask_id]
    async with stores.database.transaction() as connection:
        taken = await stores.notices.take_due(connection, now=NOW, lease=timedelta(minutes=1))
    assert taken == []


def test_fulfilling_a_wish_raises_what_is_smaller_and_lowers_nothing() -> None:
    wanted = {"requests.cpu": "32", "requests.memory": "64Gi", "namespaces": 12}
    ask = BudgetAsk("a-1", "frontend", "ada", NOW, wanted, WHY)
    now = Budget(namespaces=12, resources=Resources(Decimal(64), Decimal(40 * 2**30), Decimal(0)))
    team = Team(TeamName("frontend"), budget=now)
    assert granted(team, ask) == {"requests.memory": "64Gi"}
    assert AskLine.of(ask, team).wanted == "Memory requests 40Gi → 64Gi"


async def test_a_wish_waits_until_it_is_decided_however_long_that_takes(desk: Desk) -> None:
    old = await desk.ask()
    other = await desk.asks.ask("frontend", {"namespaces": 120}, WHY, LEAD)
    desk.clock.now += timedelta(days=100)
    for inbox in (desk.inbox, desk.fresh_inbox()):
        desk.asks._inbox = inbox
        await inbox.refresh()
        assert set(await desk.open_ids()) == {old.ask_id, other.ask_id}
        assert {item.notice.notice_id for item in inbox.of(ADMIN.actor)} == {
            old.ask_id,
            other.ask_id,
        }
    await desk.asks._inbox.mark_read([old.ask_id], actor=ADMIN.actor)
    assert desk.asks._inbox.unread(ADMIN.actor) == 1
    await desk.decline(old)
    assert await desk.open_ids() == [other.ask_id]
    raised = {"budget": {"namespaces": 130}}
    await desk.identity.teams.change("frontend", raised, ADMIN)
    for inbox in (desk.asks._inbox, desk.inbox, desk.fresh_inbox()):
        desk.asks._inbox = inbox
        await inbox.refresh()
        assert await desk.open_ids() == []
        told = [item.notice.notice_id for item in inbox.of(ADMIN.actor)]
        assert told == [], "what is decided leaves the inbox with its time"
