"""Live pages under load: two hundred of them, twenty changes a second, and the silence between.

The pages are WebSocket clients in a second process; they do what a browser's do and remember what
they were sent. A change is a status that an administrator writes to a ResourceQuota: exactly one
event of the watch. The rival is the page that asks the API server anew at each refresh.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any, Final

from nsaas_app.cluster.client import Cluster
from nsaas_app.domain.environments import Environment

from .fleet import TEAMS
from .kit import Series, report
from .pages import TEAM, open_pages, shown_names
from .portal import Place, calls_since, cpu_s, memory_mib, place, start
from .rivals import NAIVE, naive_list

__all__ = ["main"]

PAGES: Final = 200
EVERY_S: Final = 1 / 20
STORM_S: Final = 20.0
FIRSTS: Final = 20
"""First changes after quiet."""
QUIET_S: Final = 2.5
"""So long nothing changes before them; longer than a page waits between two updates."""
IDLE_S: Final = 10.0
STORM: Final = "20 changes a second: change to page"


def _paths(names: list[str]) -> list[str]:
    """Lists by several ways, pages of single namespaces, and the overview; most are lists."""
    team = TEAMS[TEAM].name
    environments = ",".join(Environment)
    lists = [
        f"/namespaces?team={team}",
        f"/namespaces?q={team}-",
        f"/namespaces?team={team}&env={environments}",
        f"/namespaces?team={team}&state=active",
    ]
    kinds = [*lists, *lists, "", "/"]
    return [
        kinds[n % len(kinds)] or f"/namespaces/{names[n // len(kinds) % len(names)]}"
        for n in range(PAGES)
    ]


@dataclass
class Changes:
    """Who writes changes, and when each was sent."""

    cluster: Cluster
    names: list[str]
    sent: dict[tuple[str, str], float]
    number: int = 1000

    async def write(self) -> None:
        """Change the next namespace; each value comes once."""
        self.number += 1
        name, pods = self.names[self.number % len(self.names)], str(self.number)
        self.sent[name, pods] = time.time()
        patch = {"status": {"used": {"pods": pods}}}
        await self.cluster.merge("ResourceQuota", "nsaas-quota", patch, name, part="status")


def _latencies(seen: list[dict[str, Any]], sent: dict[tuple[str, str], float]) -> list[float]:
    """Milliseconds from each change to each page that shows its namespace.

    What was overtaken by the next change of the same namespace counts from the change it was.
    """
    found = []
    for page in seen:
        for name, values in page["seen"].items():
            for pods, at in values.items():
                if (name, pods) in sent:
                    found.append((at - sent[name, pods]) * 1000)
    return found


def _messages(seen: list[dict[str, Any]], since: float, until: float) -> list[list[int]]:
    """Bytes of each page's updates within a span of time."""
    return [[size for at, size in page["messages"] if since <= at < until] for page in seen]


async def _storm(changes: Changes) -> None:
    end = time.monotonic() + STORM_S
    due = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        while due < end:
            tasks.create_task(changes.write())
            due += EVERY_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _firsts(changes: Changes) -> None:
    for _ in range(FIRSTS):
        await asyncio.sleep(QUIET_S)
        await changes.write()
    await asyncio.sleep(QUIET_S)


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU of the portal over a span, in cores, and when it was."""

    cores: float
    since: float
    until: float


class _Load:
    """What is done to the portal while the pages are open."""

    def __init__(self, place: Place, names: list[str]) -> None:
        self._place = place
        self._names = names
        self.firsts: dict[tuple[str, str], float] = {}
        self.storm: dict[tuple[str, str], float] = {}

    async def _spent(self, work: Any) -> Spent:
        began, before = time.time(), cpu_s(self._place.portal.pid)
        await work
        ended = time.time()
        used = cpu_s(self._place.portal.pid) - before
        return Spent(used / (ended - began), began, ended)

    async def run(self) -> tuple[Spent, Spent]:
        """Silence, first changes after it, then the storm; give what each cost."""
        cluster = await self._place.administrator()
        try:
            await asyncio.sleep(5)
            idle = await self._spent(asyncio.sleep(IDLE_S))
            await _firsts(Changes(cluster, self._names, self.firsts))
            storm = await self._spent(_storm(Changes(cluster, self._names, self.storm, 50_000)))
            await asyncio.sleep(1.5)
        finally:
            await cluster.close()
        return idle, storm


def _measure(place: Place, count: int) -> tuple[list[Series], dict[str, object]]:
    seeding = place.fill(count)
    token = place.portal.token("admin")
    started = start(place.portal, token, count)
    pid = place.portal.pid
    names = shown_names(count, seeding.today)
    before = cpu_s(pid)
    with open_pages(place, _paths(names)) as result:
        opened_cpu = cpu_s(pid) - before
        offset = place.controlplane.audit_log.stat().st_size
        load = _Load(place, names)
        idle, storm = asyncio.run(load.run())
        calls = calls_since(place.controlplane, offset)
        memory = memory_mib(pid)
    time.sleep(2)
    before = cpu_s(pid)
    time.sleep(5)
    after = (cpu_s(pid) - before) / 5
    seen = json.loads(result.read_text())
    stormy = _messages(seen, storm.since, storm.until)
    rate = [len(one) / (storm.until - storm.since) for one in stormy]
    rival = naive_list(place.controlplane, rounds=5)
    series = [
        Series("first change after quiet: to page", tuple(_latencies(seen, load.firsts))),
        Series(STORM, tuple(_latencies(seen, load.storm))),
        rival.series,
    ]
    facts: dict[str, object] = {
        "namespaces": count,
        "pages": PAGES,
        "cores, pages open and nothing changes": round(idle.cores, 3),
        "cores, twenty changes a second": round(storm.cores, 2),
        "cores after the pages were closed": round(after, 3),
        "updates a second and page, mean and most": (round(mean(rate), 2), round(max(rate), 2)),
        "bytes an update, mean": round(mean([size for one in stormy for size in one] or [0])),
        "CPU ms an update": round(1000 * storm.cores * STORM_S / max(1, sum(map(len, stormy))), 2),
        "CPU s to open the pages": round(opened_cpu, 1),
        "calls to the API server meanwhile": calls,
        "CPU ms of the naive page a refresh": round(rival.cpu_ms),
        "resident MiB": memory,
        "start to whole, s": round(started.whole_s, 1),
    }
    return series, facts


def main(count: int, home: Path | None) -> None:
    """Run it all and print one table."""
    with place(home) as there:
        series, facts = _measure(there, count)
    report("live", series, rival=NAIVE, facts=facts)
