"""Help is asked for once with each failure, and nobody's words about it are lost unnoticed."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from nsaas_app.directory.hub import Hub
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.requests import Phase, ProvisioningRequest, RequestFailure
from nsaas_app.lifecycle.help_asks import HelpAsks
from nsaas_app.lifecycle.inbox import Inbox
from nsaas_app.provisioning.decisions import AlreadyDecidedError
from nsaas_app.provisioning.stores import Stores
from nsaas_app.store.database import Database
from nsaas_app.store.jobs import JobStore
from nsaas_app.store.namespaces import NamespaceStore
from nsaas_app.store.requests import RequestStore
from tests.directory.samples import Desk, request
from tests.identity.desk import opened
from tests.support.actors import actor
from tests.support.specs import NOW

SLOW = RequestFailure("API_TIMEOUT", "The cluster did not answer.")
WAITS = request("r1", phase=Phase.RETRYING, failure=SLOW, finished_at=None, queued_at=NOW)


@dataclass
class Asking:
    """One process that takes cries for help."""

    stores: Stores
    desk: Desk
    inbox: Inbox
    helps: HelpAsks

    async def ask(self, who: str, comment: str) -> ProvisioningRequest:
        return await self.helps.ask("r1", actor=actor(who), comment=comment, source="test")

    def told(self) -> list[str]:
        return [one.text for one in self.inbox.of_team(TeamName("frontend"))]

    async def audited(self) -> int:
        async with self.stores.database.reading() as connection:
            events = await self.stores.audit.newest(connection, limit=50)
        return sum(event.action == "request.ask-help" for event in events)


@pytest.fixture
async def asking(database: Database) -> Asking:
    identity, desk = await opened(database), Desk()
    stores = Stores(
        database=database,
        requests=RequestStore(),
        namespaces=NamespaceStore(),
        jobs=JobStore(),
        ledger=identity.teams._ledger,
        audit=identity.audit,
    )
    inbox = Inbox(stores=stores, teams=identity.teams, hub=Hub(), clock=lambda: NOW)
    desk.board.put(WAITS)
    helps = HelpAsks(stores=stores, board=desk.board, inbox=inbox, clock=lambda: NOW)
    return Asking(stores, desk, inbox, helps)


async def test_whose_words_are_not_told_is_refused_and_who_repeats_theirs_is_not(
    asking: Asking,
) -> None:
    for _ in range(2):
        await asking.ask("frontend-dev", "Since noon.")
    for who, comment in (("frontend-lead", "It is urgent."), ("frontend-dev", "Since one.")):
        with pytest.raises(AlreadyDecidedError, match="asked for already, by frontend-dev"):
            await asking.ask(who, comment)
    assert asking.told() == ["The cluster did not answer. Since noon."]
    assert await asking.audited() == 1


async def test_a_pause_after_a_retry_is_another_failure_than_the_pause_before(
    asking: Asking,
) -> None:
    await asking.ask("frontend-dev", "First.")
    again = replace(WAITS, queued_at=NOW + timedelta(hours=1))
    asking.desk.board.put(again)
    assert asking.helps.asked_at(again) is None
    await asking.ask("frontend-lead", "Second.")
    assert len(asking.told()) == await asking.audited() == 2
