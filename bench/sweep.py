"""A look of cleanup at the whole fleet: how long it takes, and how that grows with the fleet.

Everything is in memory as the watches leave it, on a database of its own; the cluster is not asked,
which a client that reaches nothing proves.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Final

from nsaas_app.store.database import Database
from nsaas_app.store.schema import upgrade
from tests.directory.samples import Desk
from tests.support.fleet import put, sweeps_of

from .kit import Series, report

__all__ = ["main"]

FLEETS: Final = (500, 1_000, 5_000)
ROUNDS: Final = 10


def _name(size: int) -> str:
    return f"sweep of {size:,} namespaces"


async def _sweep(size: int, database: Database) -> Series:
    """Sweep a fleet some times over; the first time everything is new, later nothing is."""
    desk = Desk()
    put(desk, *(f"ns-{number}" for number in range(size)))
    desk.sync()
    sweeps, _ = sweeps_of(desk, database)
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        sweep = await sweeps.sweep()
        taken.append((time.perf_counter() - began) * 1000)
        assert sweep is not None
        assert sweep.looked_at == size
    return Series(_name(size), tuple(taken))


async def _all() -> list[Series]:
    found = []
    for size in FLEETS:
        with tempfile.TemporaryDirectory() as directory:
            url = f"sqlite:///{Path(directory) / 'nsaas.db'}"
            await upgrade(url)
            database = Database(url)
            try:
                found.append(await _sweep(size, database))
            finally:
                await database.close()
    return found


def main() -> None:
    """Measure, print and write down."""
    series = asyncio.run(_all())
    cpu = f"{time.process_time():.1f} s for {ROUNDS * sum(FLEETS):,} namespaces"
    report("sweep", series, rival=_name(FLEETS[0]), facts={"CPU": cpu})
