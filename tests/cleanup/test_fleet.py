"""The whole fleet: five thousand namespaces are swept in seconds, and the cluster is not asked.

The client of these tests reaches nothing: a single call would fail the sweep.
"""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from nsaas_app.cleanup.activity import Activity
from nsaas_app.cleanup.sightings import Sightings
from nsaas_app.cleanup.sweeps import TURN, Sweeps
from nsaas_app.cluster.pulse import Pulse
from nsaas_app.domain import keys
from nsaas_app.domain.cleanup import Reason
from nsaas_app.domain.errors import UnavailableError
from nsaas_app.identity.roles import GlobalGroups
from nsaas_app.provisioning.stores import Stores
from nsaas_app.store.audit import AuditStore
from nsaas_app.store.cleanup import CleanupStore
from nsaas_app.store.database import Database
from nsaas_app.store.jobs import JobStore
from nsaas_app.store.ledger import LedgerStore
from nsaas_app.store.namespaces import NamespaceStore
from nsaas_app.store.requests import RequestStore
from nsaas_app.store.sessions import SessionStore
from nsaas_app.store.teams import TeamStore
from nsaas_app.store.turns import TurnStore
from nsaas_app.teams.teams import Teams
from tests.directory.samples import Desk, deployment, namespace, record
from tests.support.databases import Databases

FLEET = 5_000
WITHIN_S = 10.0


def sweeps_of(desk: Desk, database: Database) -> tuple[Sweeps, Sightings]:
    audit = AuditStore(key=b"test")
    stores = Stores(
        database=database,
        requests=RequestStore(),
        namespaces=NamespaceStore(),
        jobs=JobStore(),
        ledger=LedgerStore(),
        audit=audit,
    )
    sightings = Sightings(
        directory=desk.directory,
        board=desk.board,
        mirror=desk.mirror,
        cluster_name="local",
        clock=lambda: desk.now,
    )
    teams = Teams(
        database=database,
        teams=TeamStore(),
        ledger=LedgerStore(),
        audit=audit,
        clock=lambda: desk.now,
    )
    sweeps = Sweeps(
        stores=stores,
        cleanup=CleanupStore(),
        turns=TurnStore(),
        sessions=SessionStore(),
        sightings=sightings,
        activity=Activity(desk.mirror, clock=lambda: desk.now),
        pulse=Pulse(desk.mirror.cluster, clock=lambda: desk.now),
        teams=teams,
        global_groups=GlobalGroups(),
        hub=desk.hub,
        cluster_name="local",
        every=timedelta(minutes=1),
        clock=lambda: desk.now,
    )
    return sweeps, sightings


def put(desk: Desk, *names: str) -> None:
    """Namespaces with their records, with the label that makes them ours."""
    for name in names:
        desk.mirror.namespaces.put(namespace(name, labels={keys.MANAGED: keys.MANAGED_VALUE}))
        desk.directory.put_record(record(name))


async def test_idleness_is_found_by_looking_for_long_enough(database: Database) -> None:
    desk = Desk()
    put(desk, "quiet-dev", "busy-dev")
    desk.sync()
    sweeps, sightings = sweeps_of(desk, database)
    for day in range(16):
        # Every day somebody changes what one of them runs.
        desk.mirror.workloads.deployments.put(deployment(f"web-{day}", "busy-dev"))
        assert await sweeps.sweep() is not None
        assert await sweeps.sweep_if_due() is None, "somebody did it a moment ago"
        desk.now += timedelta(hours=23)
    found = await sightings.candidates(await sweeps.known())
    assert [(one.namespace, one.reasons) for one in found] == [("quiet-dev", (Reason.IDLE,))]


async def test_what_nobody_watched_for_two_weeks_is_not_idle(database: Database) -> None:
    desk = Desk()
    put(desk, "quiet-dev")
    desk.sync()
    sweeps, _ = sweeps_of(desk, database)
    await sweeps.sweep()
    desk.now += timedelta(days=20)
    sweep = await sweeps.sweep()
    assert sweep is not None
    assert sweep.found == {}


async def test_nobody_sweeps_while_another_process_does(database: Database) -> None:
    desk, turns = Desk(), TurnStore()
    put(desk, "quiet-dev")
    desk.sync()
    sweeps, _ = sweeps_of(desk, database)
    async with database.transaction() as connection:
        assert await turns.take(connection, name=TURN, owner="another", lease_ms=60_000)
    assert await sweeps.sweep() is None
    async with database.transaction() as connection:
        await turns.give_back(connection, name=TURN, owner="another")
    assert await sweeps.sweep() is not None


async def test_five_thousand_namespaces_are_swept_in_seconds(
    databases: Databases, tmp_path: Path
) -> None:
    desk = Desk()
    put(desk, *(f"ns-{number}" for number in range(FLEET)))
    desk.sync()
    database = Database(databases.empty("sqlite", tmp_path))
    try:
        sweeps, _ = sweeps_of(desk, database)
        began = time.monotonic()
        sweep = await sweeps.sweep()
        took = time.monotonic() - began
    finally:
        await database.close()
    assert sweep is not None
    assert sweep.looked_at == FLEET
    assert took < WITHIN_S, f"{took:.1f} s"


@pytest.mark.parametrize("kind", ["Pod", "Deployment", "PersistentVolumeClaim"])
async def test_half_a_picture_is_not_judged(database: Database, kind: str) -> None:
    desk = Desk()
    put(desk, "quiet-dev")
    desk.sync()
    for reflector in desk.mirror.reflectors:
        if reflector.kind == kind:
            reflector.synced.clear()
    sweeps, _ = sweeps_of(desk, database)
    with pytest.raises(UnavailableError, match=f"still being listed: {kind}"):
        await sweeps.sweep()
