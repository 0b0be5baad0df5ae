"""The engine under load: hundreds of requests at once, a kill -9 in the middle, nothing lost.

The portal gets its requests through REST as scripts would send them. The rivals write the same
objects to the same control plane in the same run: before and after, because it fills up meanwhile.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, cast

import httpx
import pytest

from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.teams import Budget, Resources
from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.localcluster import ensure_binaries, quiet
from nsaas_app.runtime import identity_services
from tests.support.auditlog import PORTAL
from tests.support.controlplane import ControlPlane, running_controlplane
from tests.support.served import ServedPortal, built_front_end

from .cpu import cpu_meter
from .kit import Series, report
from .rivals import (
    BARE,
    DEV,
    KUBECTL,
    bare_apply,
    bare_writes,
    bundle_of,
    fresh_name,
    kubectl_apply,
)

__all__ = ["main"]

AT_ONCE: Final = 32
KUBECTL_ROUNDS: Final = 20
KILLED_AFTER: Final = 25
"""So many requests have ended when the portal is killed; the others wait or are under way."""
ROOM: Final = 100_000
ENDS_WITHIN_S: Final = 900.0
PORTAL_ROW: Final = "portal: request to completed"


@dataclass(slots=True)
class Batch:
    """Requests of one burst, as their caller sees them; times by one clock, in seconds."""

    sent: dict[str, float] = field(default_factory=dict)
    """By name of the namespace."""
    accepted: dict[str, float] = field(default_factory=dict)
    """By request id."""
    names: dict[str, str] = field(default_factory=dict)
    ended: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Status and when the stream told it."""
    running: set[str] = field(default_factory=set)
    is_followed: asyncio.Event = field(default_factory=asyncio.Event)

    def took_ms(self) -> tuple[float, ...]:
        """From the call to the news that it is completed."""
        return tuple(
            (at - self.sent[self.names[request_id]]) * 1000
            for request_id, (status, at) in self.ended.items()
            if status == "completed"
        )

    def rate(self, instants: list[float]) -> float:
        """How many a second, from the first call on."""
        return len(instants) / (max(instants) - min(self.sent.values()))


async def _follow(client: httpx.AsyncClient, batch: Batch, is_over: Callable[[], bool]) -> None:
    """Note from the stream of changes what becomes of the requests."""
    async with client.stream("GET", "/events", timeout=None) as stream:
        async for line in stream.aiter_lines():
            batch.is_followed.set()  # the first line says that the stream stands
            told = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if "steps" in told:
                _note(batch, told)
            if is_over():
                return


def _note(batch: Batch, told: dict[str, Any]) -> None:
    request_id, status = told["request_id"], told["status"]
    if status in ("completed", "failed"):
        batch.running.discard(request_id)
        batch.ended.setdefault(request_id, (status, time.perf_counter()))
    elif status == "provisioning":
        batch.running.add(request_id)


async def _submit(client: httpx.AsyncClient, batch: Batch, count: int) -> None:
    await batch.is_followed.wait()

    async def one() -> None:
        name = fresh_name()
        spec = {"name": name, "team": "frontend", "environment": "development"}
        batch.sent[name] = time.perf_counter()
        reply = await client.post("/requests", json={"kind": "provision", "spec": spec})
        assert reply.status_code == httpx.codes.ACCEPTED, reply.text
        request_id = reply.json()["request_id"]
        batch.accepted[request_id] = time.perf_counter()
        batch.names[request_id] = name

    await _at_once(count, one)


async def _at_once(count: int, call: Callable[[], Awaitable[object]]) -> None:
    """Make so many calls, a fixed number of them under way at any time."""
    left = iter(range(count))

    async def caller() -> None:
        for _ in left:
            await call()

    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))


def _client(portal: ServedPortal, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"{portal.url}/api/v1",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=60,
        limits=httpx.Limits(max_connections=AT_ONCE + 8),
    )


async def _burst(portal: ServedPortal, token: str, count: int) -> Batch:
    """Hand in so many requests and wait until every one has ended."""
    batch = Batch()
    async with _client(portal, token) as client:

        def is_over() -> bool:
            return len(batch.accepted) == count and batch.accepted.keys() <= batch.ended.keys()

        following = asyncio.create_task(_follow(client, batch, is_over))
        await _submit(client, batch, count)
        await asyncio.wait_for(following, ENDS_WITHIN_S)
    return batch


@dataclass(frozen=True, slots=True)
class Killing:
    """What a kill -9 cost."""

    under_way: int
    moved_on_s: float
    """From the kill until every request that was under way has ended, the new start included."""
    completed: int


async def _killed(portal: ServedPortal, token: str, count: int) -> Killing:
    """Kill the portal while it carries out requests, start it again, watch them end."""
    batch = Batch()
    enough = min(KILLED_AFTER, count // 4)

    def is_time() -> bool:
        return len(batch.accepted) == count and len(batch.ended) >= enough

    async with _client(portal, token) as client:
        following = asyncio.create_task(_follow(client, batch, is_time))
        await _submit(client, batch, count)
        await asyncio.wait_for(following, ENDS_WITHIN_S)
    under_way = set(batch.running)
    killed_at = time.perf_counter()
    portal.kill()
    _start(portal)
    await asyncio.to_thread(portal.wait_ready)
    async with _client(portal, token) as client:
        await _all_ended(client, under_way)
        moved_on_s = time.perf_counter() - killed_at
        await _none_waits(client)
        statuses = await _all_ended(client, set(batch.accepted))
    return Killing(len(under_way), moved_on_s, sum(one == "completed" for one in statuses))


async def _none_waits(client: httpx.AsyncClient) -> None:
    """Wait until no request is left to be done, without asking for each of them."""
    async with asyncio.timeout(ENDS_WITHIN_S):
        for status in ("pending", "provisioning"):
            query = {"status": status, "limit": 1}
            while (await client.get("/requests", params=query)).json()["total"]:
                await asyncio.sleep(1)


async def _all_ended(client: httpx.AsyncClient, request_ids: set[str]) -> list[str]:
    async def status(request_id: str) -> str:
        while True:
            told: str = (await client.get(f"/requests/{request_id}")).json()["status"]
            if told in ("completed", "failed"):
                return told
            await asyncio.sleep(0.2)

    async with asyncio.timeout(ENDS_WITHIN_S):
        return await asyncio.gather(*(status(one) for one in request_ids))


@dataclass(frozen=True, slots=True)
class _Bare:
    """What bare calls reach: namespaces a second, CPU of each, times until usable."""

    written: float
    usable: float
    cpu_ms: dict[str, float]
    """For each namespace that is only written, by part of the system."""
    times_ms: list[float]


async def _bare(controlplane: ControlPlane, count: int) -> _Bare:
    """Write so many namespaces by bare calls, then as many until they are usable."""
    cluster = await connect(ClusterAddress(kubeconfig=controlplane.kubeconfig))
    meter = cpu_meter(controlplane)
    try:
        started, used = time.perf_counter(), meter.read()
        await _at_once(count, lambda: bare_writes(cluster, bundle_of(fresh_name())))
        written = count / (time.perf_counter() - started)
        cpu_ms = meter.each_ms(used, count)
        times: list[float] = []

        async def until_usable() -> None:
            times.append(await bare_apply(cluster, pause_s=0.1))

        started = time.perf_counter()
        await _at_once(count, until_usable)
        usable = count / (time.perf_counter() - started)
        return _Bare(written, usable, cpu_ms, times)
    finally:
        await cluster.close()


def _entries(controlplane: ControlPlane, since: int) -> Iterator[dict[str, Any]]:
    """What the API server says the portal's account asked it, from a byte offset of its log on."""
    with controlplane.audit_log.open("rb") as file:
        file.seek(since)
        for line in file:
            entry = json.loads(line)
            if entry["user"].get("username") == PORTAL and entry["verb"] != "watch":
                yield entry


def _created_twice(entries: list[dict[str, Any]]) -> int:
    """Namespaces that came into being more than once."""
    names = [
        entry["objectRef"]["name"]
        for entry in entries
        if entry["verb"] in ("create", "patch")
        and entry["objectRef"]["resource"] == "namespaces"
        and entry["responseStatus"]["code"] == httpx.codes.CREATED
    ]
    return len(names) - len(set(names))


def _memory_mib(pid: int, name: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(
        int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith(name)
    )


def _start(portal: ServedPortal) -> None:
    portal.start(rate_burst=str(ROOM), rate_per_second=str(ROOM))


async def _make_room(portal: ServedPortal) -> str:
    """A team with a budget for all of it, made before the first start; give a token."""
    budget = Budget(
        namespaces=ROOM,
        per_environment=dict.fromkeys(Environment, ROOM),
        resources=Resources.parse("1M", "1Pi", "1Ei"),
    )
    portal.home.mkdir(parents=True)
    async with identity_services(portal.settings) as services:
        await services.teams.ensure_exist((replace(DEV_TEAMS[0], budget=budget),))
    return await asyncio.to_thread(portal.token, DEV)


def _measure(
    portal: ServedPortal, controlplane: ControlPlane, directory: Path, count: int
) -> tuple[list[Series], dict[str, object]]:
    token = asyncio.run(_make_room(portal))
    _start(portal)
    portal.wait_ready()
    asyncio.run(_burst(portal, token, 10))  # warm caches and connections
    rival_count = max(count // 4, AT_ONCE)
    before = asyncio.run(_bare(controlplane, rival_count))
    since = controlplane.audit_log.stat().st_size
    at_rest = _memory_mib(portal.pid, "VmRSS")
    meter = cpu_meter(controlplane, portal=portal.pid)
    used = meter.read()
    batch = asyncio.run(_burst(portal, token, count))
    cpu_ms = meter.each_ms(used, count)
    memory = (at_rest, _memory_mib(portal.pid, "VmRSS"), _memory_mib(portal.pid, "VmHWM"))
    entries = list(_entries(controlplane, since))
    after = asyncio.run(_bare(controlplane, rival_count))
    kubectl = str(controlplane.run(ensure_binaries(quiet)).path("kubectl"))
    one_by_one = tuple(
        kubectl_apply(kubectl, controlplane.kubeconfig, directory) for _ in range(KUBECTL_ROUNDS)
    )
    since_kill = controlplane.audit_log.stat().st_size
    killing = asyncio.run(_killed(portal, token, count))
    completed = [at for status, at in batch.ended.values() if status == "completed"]
    written, usable = (before.written + after.written) / 2, (before.usable + after.usable) / 2
    rate = batch.rate(completed)
    facts: dict[str, object] = {
        "requests": count,
        "at once": AT_ONCE,
        "accepted a second": round(batch.rate(list(batch.accepted.values())), 1),
        "completed a second": round(rate, 1),
        "bare writes a second": round(written, 1),
        "bare, until usable, a second": round(usable, 1),
        "kubectl in a loop, a second": round(1000 * KUBECTL_ROUNDS / sum(one_by_one), 1),
        "completed / bare writes": round(rate / written, 2),
        "completed / bare until usable": round(rate / usable, 2),
        "CPU ms each": cpu_ms,
        "CPU ms each, bare writes before and after": (before.cpu_ms, after.cpu_ms),
        "lost": count - len(completed),
        "created twice": _created_twice(entries),
        "calls to the API server each": round(len(entries) / count, 1),
        "resident MiB at rest, after, most": memory,
        "under way when killed": killing.under_way,
        "kill -9 until those have ended, s": round(killing.moved_on_s, 1),
        "lost by the kill": count - killing.completed,
        "created twice by the kill": _created_twice(list(_entries(controlplane, since_kill))),
    }
    series = [
        Series(PORTAL_ROW, batch.took_ms()),
        Series(KUBECTL, one_by_one),
        Series(f"{BARE}, {AT_ONCE} at once", tuple(before.times_ms + after.times_ms)),
    ]
    return series, facts


def main(requests: int) -> None:
    """Run it all on a control plane of its own and print one table."""
    with tempfile.TemporaryDirectory(prefix="nsaas-bench-") as name:
        directory = Path(name)
        factory = cast("pytest.TempPathFactory", None)
        with running_controlplane(factory, home=directory / "controlplane") as controlplane:
            portal = ServedPortal(
                directory / "home", kubeconfig=controlplane.portal_kubeconfig, web=built_front_end()
            )
            try:
                series, facts = _measure(portal, controlplane, directory, requests)
            finally:
                portal.stop()
    report("engine", series, rival=KUBECTL, facts=facts)
