"""Pages that were cut off: how long until they show what is, once the way is free again.

What changes meanwhile is the proof: a page is right again when it shows the value that was written
while it was away. The rival is somebody who waits, and reloads the page that lists each time.
"""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.support.wire import Wire, wire_to

from .fleet import TEAMS
from .kit import Series, report
from .pages import TEAM, open_pages, shown_names
from .portal import Place, place, restart, start
from .rivals import NAIVE, naive_list

__all__ = ["main"]

PAGES: Final = 100
ROUNDS: Final = 3
AWAY_S: Final = 3.0
"""So long the network is cut."""
SETTLED_S: Final = 15.0
"""Between two times; a page that is not right again by then does not count as back."""
_MARK: Final = 90_001
"""Not a number that Kubernetes writes shorter."""

Back = tuple[str, float]
"""The value that was written meanwhile, and when the way was free again."""


async def _write(there: Place, name: str, pods: str) -> None:
    cluster = await there.administrator()
    try:
        patch = {"status": {"used": {"pods": pods}}}
        await cluster.merge("ResourceQuota", "nsaas-quota", patch, name, part="status")
    finally:
        await cluster.close()


def _cut(wire: Wire, write: Callable[[], None]) -> float:
    wire.cut()
    write()
    time.sleep(AWAY_S)
    wire.mend()
    return time.time()


def _restarted(there: Place, write: Callable[[], None]) -> float:
    there.portal.stop()
    write()
    return restart(there.portal)


CUT: Final = "the network was cut: to the right page"
RESTARTED: Final = "the portal was restarted: to the right page"


def _measure(there: Place, count: int) -> tuple[list[Series], dict[str, object]]:
    seeding = there.fill(count)
    start(there.portal, there.portal.token("admin"), count)
    name = shown_names(count, seeding.today)[0]
    backs: dict[str, list[Back]] = {CUT: [], RESTARTED: []}
    paths = [f"/namespaces?team={TEAMS[TEAM].name}"] * PAGES
    with (
        wire_to(there.portal.port) as wire,
        open_pages(there, paths, url=wire.url) as result,
    ):
        for number in range(2 * ROUNDS):
            pods = str(_MARK + number)

            def write(pods: str = pods) -> None:
                asyncio.run(_write(there, name, pods))

            if number % 2:
                backs[RESTARTED].append((pods, _restarted(there, write)))
            else:
                backs[CUT].append((pods, _cut(wire, write)))
            time.sleep(SETTLED_S)
    seen = json.loads(Path(result).read_text())
    rival = naive_list(there.controlplane, rounds=3)
    series = [Series(way, tuple(_times(seen, name, found))) for way, found in backs.items()]
    missing = sum(PAGES * ROUNDS - len(one.values_ms) for one in series)
    return [*series, rival.series], {
        "namespaces": count,
        "pages": PAGES,
        "pages that never came back": missing,
    }


def _times(seen: list[dict[str, Any]], name: str, backs: list[Back]) -> list[float]:
    """Milliseconds from the free way to each page that shows the value; 0 where it was sooner."""
    return [
        max(0.0, 1000 * (page["seen"][name][pods] - back))
        for page in seen
        for pods, back in backs
        if pods in page["seen"].get(name, {})
    ]


def main(count: int, home: Path | None) -> None:
    """Run it all and print one table."""
    with place(home) as there:
        series, facts = _measure(there, count)
    report("reconnect", series, rival=NAIVE, facts=facts)
