"""Ten thousand namespaces: start, memory, lists, pages, and what one event costs.

The fleet grows between the measurements of one event, so that its cost at each size comes from one
run. The rivals are kubectl, and a page that lists from the API server each time it is refreshed.
"""

import asyncio
import random
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean
from typing import Any, Final

import httpx

from nsaas_app.domain.environments import Environment
from nsaas_app.localcluster import ensure_binaries, quiet

from .fleet import PODS_EACH, TEAMS, member
from .in_browser import Firsts, in_browser
from .kit import Series, report
from .pages import shown_names
from .portal import Place, Start, cpu_s, memory_mib, place, start
from .rivals import NAIVE, naive_list

__all__ = ["main"]

SIZES: Final = (100, 1_000, 10_000)
EVENTS: Final = 3_000
KUBECTL: Final = {"kubectl get ns": ("get", "ns"), "kubectl get pods -A": ("get", "pods", "-A")}
_EVERYBODY: Final = ("d", "e", "v", "-", "de", "ev", "-d", "v-", "dev", "-dev")
"""Texts that every namespace of the fleet has in its owner's name: a search through all of them."""
_FILTERS: Final = ("environment=production", "tier=small", "team=team-11", "state=active")
_SORTS: Final = ("expires", "-cpu", "memory", "-created")
QUESTIONS: Final = {
    "search": [f"q=team-{number:02}" for number in range(40)],
    "filter": [f"{one}&q={text}" for one in _FILTERS for text in _EVERYBODY],
    "sort": [f"sort={one}&q={text}" for one in _SORTS for text in _EVERYBODY],
}
"""Each is asked once: no answer stands already."""
QUIET_CORES: Final = 0.1


@dataclass(frozen=True, slots=True)
class Event:
    """What one event of the watch costs the portal at one size of the fleet."""

    namespaces: int
    cpu_us: float


def _event_cost(place: Place, count: int, today: Any) -> Event:
    """Write statuses to quotas all over the fleet; CPU of the portal for each, without its rest."""
    numbers = random.Random(1).choices(range(count), k=EVENTS)  # noqa: S311 - which ones, no secret
    names = [str(member(n, today=today).name) for n in numbers]
    # What says what it said before is no event: no run writes what another one wrote.
    first = int(time.time()) % 100_000 * 10_000

    async def write() -> None:
        cluster, left = await place.administrator(), iter(enumerate(names))
        try:

            async def writer() -> None:
                for position, name in left:
                    patch = {"status": {"used": {"pods": str(first + position)}}}
                    await cluster.merge("ResourceQuota", "nsaas-quota", patch, name, part="status")

            await asyncio.gather(*(writer() for _ in range(8)))
        finally:
            await cluster.close()

    pid = place.portal.pid
    began, before = time.perf_counter(), cpu_s(pid)
    time.sleep(10)
    idle = (cpu_s(pid) - before) / (time.perf_counter() - began)
    began, before = time.perf_counter(), cpu_s(pid)
    place.run(write())
    time.sleep(3)  # comparisons that follow the events are theirs, too
    took = time.perf_counter() - began
    return Event(count, 1e6 * (cpu_s(pid) - before - idle * took) / EVENTS)


def _settle(pid: int) -> None:
    """Wait until the portal has done what a start leaves to be done."""
    end = time.monotonic() + 180
    while time.monotonic() < end:
        before = cpu_s(pid)
        time.sleep(3)
        if cpu_s(pid) - before < 3 * QUIET_CORES:
            return


def _asked(place: Place, token: str) -> list[Series]:
    """Ask lists over REST: each question for the first time, a search through the whole fleet."""
    headers = {"Authorization": f"Bearer {token}"}
    found = []
    with httpx.Client(
        base_url=f"{place.portal.url}/api/v1", headers=headers, trust_env=False
    ) as client:
        client.get("/namespaces")
        for what, queries in QUESTIONS.items():
            times = []
            for query in queries:
                started = time.perf_counter()
                reply = client.get(f"/namespaces?{query}&limit=20")
                times.append((time.perf_counter() - started) * 1000)
                assert reply.status_code == httpx.codes.OK, reply.text
            found.append(Series(f"{what}, over REST", tuple(times)))
    return found


def _kubectl(place: Place) -> list[Series]:
    program = str(place.controlplane.run(ensure_binaries(quiet)).path("kubectl"))
    command = [program, "--kubeconfig", str(place.controlplane.kubeconfig)]

    def once(arguments: tuple[str, ...]) -> float:
        started = time.perf_counter()
        subprocess.run([*command, *arguments], check=True, capture_output=True)
        return (time.perf_counter() - started) * 1000

    return [Series(name, tuple(once(args) for _ in range(3))) for name, args in KUBECTL.items()]


def _firsts(count: int, today: datetime) -> Firsts:
    fleet = [member(number, today=today) for number in range(count)]
    every = sorted(str(one.name) for one in fleet)
    production = min(
        str(one.name) for one in fleet if one.spec.environment is Environment.PRODUCTION
    )
    return Firsts(every[0], every[-1], production)


def _measure(place: Place, count: int) -> tuple[list[Series], dict[str, object]]:
    events: list[Event] = []
    started: Start | None = None
    for size in sorted({*(one for one in SIZES if one < count), count}):
        seeding = place.fill(size)
        if seeding.there != size:
            continue  # a fleet that was kept is as large already
        token = place.portal.token("admin")
        # A sweep beside the events would be counted as theirs: after the first there is none.
        started = start(place.portal, token, size, cleanup_sweep_seconds="3600")
        at_start = memory_mib(place.portal.pid, "VmHWM")
        _settle(place.portal.pid)
        events.append(_event_cost(place, size, seeding.today))
        if size < count:
            place.portal.stop()
    assert started is not None
    names = [str(member(n, today=seeding.today).name) for n in range(7, count, len(TEAMS) + 1)]
    on_page = shown_names(count, seeding.today)[0]
    firsts = _firsts(count, seeding.today)
    shown, size_of_update = in_browser(place, names, on_page, firsts)
    series = [*_asked(place, token), *shown, *_kubectl(place)]
    rival = naive_list(place.controlplane, rounds=3)
    facts: dict[str, object] = {
        "namespaces": count,
        "pods": count * PODS_EACH,
        "seeded": f"{seeding.made} in {seeding.took_s:.0f} s",
        "start: answers, synced, whole, s": tuple(
            round(one, 1) for one in (started.answers_s, started.synced_s, started.whole_s)
        ),
        "start: CPU s": round(started.cpu_s, 1),
        "resident MiB at the start, now, most": (
            at_start,
            memory_mib(place.portal.pid),
            memory_mib(place.portal.pid, "VmHWM"),
        ),
        "CPU µs an event, by namespaces": {one.namespaces: round(one.cpu_us) for one in events},
        "CPU µs an event, mean": round(mean(one.cpu_us for one in events)),
        "bytes of an update that changes one row": size_of_update,
        "CPU ms of the naive page a refresh": round(rival.cpu_ms),
    }
    return [*series, rival.series], facts


def main(count: int, home: Path | None) -> None:
    """Run it all and print one table."""
    with place(home) as there:
        series, facts = _measure(there, count)
    report("scale", series, rival=NAIVE, facts=facts)
