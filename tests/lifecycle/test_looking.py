"""How often notices look at a namespace: a changed one at once, others once a minute."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from nsaas_app.domain.errors import StoreBusyError
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.lifecycle.inbox import Inbox
from nsaas_app.lifecycle.notices import LOOK_AGAIN, Notices
from nsaas_app.provisioning.stores import Stores
from nsaas_app.store.audit import AuditStore
from nsaas_app.store.database import Database
from nsaas_app.store.jobs import JobStore
from nsaas_app.store.ledger import LedgerStore
from nsaas_app.store.namespaces import NamespaceStore
from nsaas_app.store.requests import RequestStore
from nsaas_app.store.teams import TeamStore
from nsaas_app.teams.teams import Teams
from tests.directory.samples import Desk, record
from tests.support.actors import actor
from tests.support.clocks import Clock
from tests.support.databases import Databases, plain_connection
from tests.support.specs import NOW

END = NOW + timedelta(days=90)
DUE = END - timedelta(days=7)
"""From this moment on there is something to tell."""
SECOND = timedelta(seconds=1)


@dataclass
class Teller:
    """Notices of a directory that is filled by hand, by a clock that is moved by hand."""

    url: str
    notices: Notices
    desk: Desk
    inbox: Inbox
    clock: Clock

    def put(self, name: str = "shop-dev") -> ManagedNamespace:
        managed = record(name, spec={"expires_at": END})
        self.desk.directory.put_record(managed)
        return managed

    async def titles(self) -> list[str]:
        await self.notices.tell()
        return [item.notice.title for item in self.inbox.of(actor("frontend-dev"))]


@pytest.fixture
async def teller(databases: Databases, tmp_path: Path) -> AsyncIterator[Teller]:
    url, desk, clock = databases.empty("sqlite", tmp_path), Desk(), Clock(DUE - 10 * SECOND)
    database = Database(url, patience_s=0.05)
    stores = Stores(
        database=database,
        requests=RequestStore(),
        namespaces=NamespaceStore(),
        jobs=JobStore(),
        ledger=LedgerStore(),
        audit=AuditStore(key=b"key"),
    )
    teams = Teams(
        database=database, teams=TeamStore(), ledger=stores.ledger, audit=stores.audit, clock=clock
    )
    inbox = Inbox(stores=stores, teams=teams, hub=desk.hub, clock=clock)
    notices = Notices(stores=stores, directory=desk.directory, inbox=inbox, clock=clock)
    yield Teller(url, notices, desk, inbox, clock)
    await database.close()


async def test_what_did_not_change_is_looked_at_once_a_minute(teller: Teller) -> None:
    teller.put()
    assert await teller.titles() == []
    teller.clock.now += LOOK_AGAIN - SECOND
    assert teller.clock.now >= DUE
    assert await teller.titles() == []
    teller.clock.now += SECOND
    assert await teller.titles() == ["shop-dev expires within 7 days"]


async def test_what_changed_is_looked_at_at_once(teller: Teller) -> None:
    managed = teller.put()
    assert await teller.titles() == []
    teller.clock.now = DUE
    teller.desk.directory.put_record(replace(managed, is_protected=True))
    assert await teller.titles() == ["shop-dev expires within 7 days"]


async def test_what_could_not_be_told_is_told_the_next_time(teller: Teller) -> None:
    teller.put()
    teller.clock.now = DUE
    with plain_connection(teller.url) as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError):
            await teller.notices.tell()
    assert await teller.titles() == ["shop-dev expires within 7 days"]


async def test_names_of_what_is_gone_are_not_kept(teller: Teller) -> None:
    gone, _ = teller.put(), teller.put("stays-dev")
    teller.clock.now = DUE
    assert len(await teller.titles()) == 2
    teller.desk.directory.put_record(replace(gone, intent=Intent.DELETED))
    await teller.notices.tell()
    assert teller.notices._told.keys() == teller.notices._looked_at.keys() == {"stays-dev"}
