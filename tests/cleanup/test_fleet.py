"""The whole fleet: five thousand namespaces are swept in seconds, and the cluster is not asked.

The client of these tests reaches nothing: a single call would fail the sweep.
"""

import asyncio
import itertools
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from nsaas_app.cleanup.sweeps import TURN
from nsaas_app.cluster.pulse import Pulse
from nsaas_app.domain.cleanup import Reason
from nsaas_app.domain.errors import UnavailableError
from nsaas_app.domain.observation import Observation
from nsaas_app.domain.sweeps import Keep
from nsaas_app.runtime import serving
from nsaas_app.settings import Settings
from nsaas_app.store.cleanup import CleanupStore
from nsaas_app.store.database import Database
from nsaas_app.store.turns import TurnStore
from tests.directory.samples import Desk, deployment
from tests.support.actors import actor
from tests.support.databases import Databases
from tests.support.fleet import put, sweeps_of
from tests.support.postgres import PostgresServer
from tests.support.rival import rival
from tests.support.waiting import eventually_async

FLEET = 5_000
WITHIN_S = 30.0


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
    found = (await sightings.candidates(await sweeps.known())).items
    assert [(one.namespace, one.reasons) for one in found] == [("quiet-dev", (Reason.IDLE,))]
    assert "no-events" in {one.signal for one in found[0].evidence}


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


async def test_what_a_sweep_sees_unchanged_is_not_written_and_holds_for_the_next_process(
    database: Database,
) -> None:
    desk, store = Desk(), CleanupStore()
    put(desk, "quiet-dev", "busy-dev")
    desk.sync()
    sweeps, _ = sweeps_of(desk, database)
    born = desk.now
    for minute in range(1, 5):
        await sweeps.sweep()
        desk.mirror.workloads.deployments.put(deployment(f"web-{minute}", "busy-dev"))
        desk.now += timedelta(minutes=1)
    async with database.reading() as connection:
        stored = await store.observations(connection, cluster="local")
    assert stored["quiet-dev"].last_at == born
    assert stored["busy-dev"].last_at == desk.now - timedelta(minutes=1)
    known = (await sweeps.known()).observations
    assert {one.last_at for one in known.values()} == {desk.now - timedelta(minutes=1)}
    heir, _ = sweeps_of(desk, database)
    assert (await heir.known()).observations == known
    await heir.sweep()
    assert heir.quiet_since("quiet-dev") == born, "the time between two looks was watched"
    # What another process has seen since is read anew.
    assert (await sweeps.known()).observations == (await heir.known()).observations


class Watched(CleanupStore):
    """Notes when wishes were read, and fails to store observations while told to."""

    is_away = False
    read_at = 0.0

    async def keeps(self, connection: AsyncConnection, *, cluster: str) -> dict[str, Keep]:
        found = await super().keeps(connection, cluster=cluster)
        self.read_at = time.monotonic()
        return found

    async def put_observations(
        self,
        connection: AsyncConnection,
        known: Mapping[str, Observation],
        *,
        cluster: str,
        gone: Iterable[str] = (),
    ) -> None:
        await super().put_observations(connection, known, cluster=cluster, gone=gone)
        if self.is_away:
            raise UnavailableError("The database is away.")


async def test_a_sweep_knows_nothing_of_what_was_decided_after_it_had_begun(
    database: Database,
) -> None:
    desk, store = Desk(), Watched()
    put(desk, "quiet-dev")
    desk.sync()
    sweeps, _ = sweeps_of(desk, database, cleanup=store)
    await sweeps.sweep()
    assert sweeps.found is not None
    assert sweeps.found[0] <= store.read_at


async def test_after_a_sweep_that_failed_the_database_says_what_is_known(
    database: Database,
) -> None:
    desk, store = Desk(), Watched()
    put(desk, "quiet-dev")
    desk.sync()
    sweeps, _ = sweeps_of(desk, database, cleanup=store)
    await sweeps.sweep()
    desk.mirror.workloads.deployments.put(deployment("web", "quiet-dev"))
    desk.now += timedelta(minutes=1)
    store.is_away = True
    with pytest.raises(UnavailableError):
        await sweeps.sweep()
    assert sweeps._seen is None


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


async def test_what_a_process_saw_long_ago_is_no_word_on_who_uses_it_now(
    database: Database,
) -> None:
    desk = Desk()
    put(desk, "quiet-dev")
    desk.sync()
    sweeps, _ = sweeps_of(desk, database)
    assert sweeps.quiet_since("quiet-dev") is None
    await sweeps.sweep()
    assert sweeps.quiet_since("quiet-dev") == desk.now
    desk.now += timedelta(minutes=10)
    assert sweeps.quiet_since("quiet-dev") is None, "by now another process sweeps"


async def test_an_old_picture_is_not_swept(database: Database) -> None:
    desk = Desk()
    put(desk, "quiet-dev")
    desk.sync()
    for reflector in desk.mirror.reflectors:
        reflector.last_contact = desk.now.timestamp()
    sweeps, _ = sweeps_of(desk, database)
    assert await sweeps.sweep() is not None
    desk.now += timedelta(minutes=1)
    with pytest.raises(UnavailableError, match="picture of the cluster is old"):
        await sweeps.sweep()


async def looked(desk: Desk, pulse: Pulse) -> None:
    """Let it ask a cluster that nobody reaches."""
    await pulse.look()
    await desk.mirror.cluster.close()


async def test_signs_of_life_that_cannot_be_read_are_told_and_are_no_silence(
    database: Database,
) -> None:
    desk = Desk()
    put(desk, "quiet-dev")
    desk.sync()
    pulse = Pulse(desk.mirror.cluster, clock=lambda: desk.now)
    sweeps, sightings = sweeps_of(desk, database, pulse=pulse)
    first = await sweeps.sweep()
    assert first is not None
    assert "Signs of life not read, events: not asked yet" in first.notes
    await looked(desk, pulse)
    for _ in range(16):
        sweep = await sweeps.sweep()
        desk.now += timedelta(hours=23)
    assert sweep is not None
    assert {"Signs of life not read, events", "Signs of life not read, Leases"} <= {
        note.partition(":")[0] for note in sweep.notes
    }
    assert sweeps.quiet_since("quiet-dev") is None
    (found,) = (await sightings.candidates(await sweeps.known())).items
    assert {one.signal for one in found.evidence} == {"no-running-pods", "no-workload-change"}


async def test_the_first_sweep_waits_for_the_first_look_at_signs_of_life(
    database: Database,
) -> None:
    desk = Desk()
    put(desk, "quiet-dev")
    desk.sync()
    pulse = Pulse(desk.mirror.cluster, clock=lambda: desk.now)
    sweeps, _ = sweeps_of(desk, database, pulse=pulse)
    loop = asyncio.create_task(sweeps.run())
    try:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await asyncio.shield(loop)
        assert await sweeps.latest(actor=actor("admin")) == []
        await looked(desk, pulse)

        async def is_swept() -> bool:
            return bool(await sweeps.latest(actor=actor("admin")))

        await eventually_async(is_swept, what="the first sweep is over")
    finally:
        loop.cancel()
        await asyncio.wait([loop])


async def test_two_processes_sweep_one_after_the_other(
    settings: Settings, postgres: PostgresServer
) -> None:
    eager = settings.model_copy(
        update={"database_url": postgres.create_database(), "cleanup_sweep_seconds": 0.2}
    )
    async with rival(eager), serving(eager) as portal:

        async def is_enough() -> bool:
            found = await portal.cleanup.sweeps.latest(actor=actor("admin"), limit=50)
            return len(found) >= 10

        await eventually_async(is_enough, within_s=90, what="ten sweeps are over")
        found = await portal.cleanup.sweeps.latest(actor=actor("auditor"), limit=50)
    found.sort(key=lambda one: one.started_at)
    for before, after in itertools.pairwise(found):
        # Whoever comes second finds the turn taken, or that somebody did it a moment ago.
        assert after.started_at >= before.started_at + timedelta(milliseconds=before.took_ms)


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
