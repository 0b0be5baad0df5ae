"""A portal of a fleet, watched from outside: CPU, memory, and what it asked the cluster."""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import httpx
import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.identity.dev import DEV_IDENTITIES
from nsaas_app.localcluster import Component
from nsaas_app.runtime import identity_services
from tests.support.auditlog import PORTAL
from tests.support.controlplane import ControlPlane, running_controlplane
from tests.support.served import ServedPortal, built_front_end

from .fleet import Seeding, seed

__all__ = ["Place", "calls_since", "cookies", "cpu_s", "memory_mib", "place", "restart", "start"]

T = TypeVar("T")

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_ROOM: Final = "100000"
"""Nobody is slowed down: what is measured is work, not the limit of calls."""
WHOLE_WITHIN_S: Final = 300.0
CALM_WITHIN_S: Final = 120.0
CALM_CORES: Final = 0.2


def cpu_s(pid: int) -> float:
    """CPU seconds that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_mib(pid: int, name: str = "VmRSS") -> int:
    """Resident memory now, or the most so far (`VmHWM`)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))


@dataclass(frozen=True)
class Place:
    """A control plane with a fleet, and a portal for it that is started when it is wanted."""

    controlplane: ControlPlane
    portal: ServedPortal
    home: Path

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Run a call to its end. In a thread: the browser's library runs a loop in this one."""
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, call).result()

    def administrator(self) -> Coroutine[Any, Any, Cluster]:
        """Connect as cluster administrator, on the caller's loop."""
        return connect(ClusterAddress(kubeconfig=self.controlplane.kubeconfig))

    def fill(self, count: int) -> Seeding:
        """Bring the fleet to so many namespaces."""

        async def work() -> Seeding:
            cluster = await self.administrator()
            try:
                return await seed(cluster, self.portal.settings, count, tell=print)
            finally:
                await cluster.close()

        seeding = asyncio.run(work())
        self._calm()
        return seeding

    def _calm(self) -> None:
        """Wait for what its start and the seeding left the control plane to do.

        It shares the CPUs with the portal, which it would not do elsewhere.
        """
        components = (Component.ETCD, Component.APISERVER, Component.CONTROLLER_MANAGER)
        pids = [self.controlplane.cluster.pid(one) for one in components]
        end = time.monotonic() + CALM_WITHIN_S
        while time.monotonic() < end:
            before = sum(map(cpu_s, pids))
            time.sleep(3)
            if sum(map(cpu_s, pids)) - before < 3 * CALM_CORES:
                return


@contextmanager
def place(home: Path | None) -> Iterator[Place]:
    """Run a control plane, on a home that is kept or on one that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="nsaas-bench-") as name:
        base = home or Path(name)
        factory = cast("pytest.TempPathFactory", None)
        with running_controlplane(factory, home=base / "controlplane") as controlplane:
            portal = ServedPortal(
                base / "home", kubeconfig=controlplane.portal_kubeconfig, web=built_front_end()
            )
            try:
                yield Place(controlplane, portal, base)
            finally:
                portal.stop()


@dataclass(frozen=True, slots=True)
class Start:
    """What a start took."""

    answers_s: float
    synced_s: float
    """Until it calls itself ready: everything was listed once."""
    whole_s: float
    """Until the totals are right."""
    cpu_s: float


def start(portal: ServedPortal, token: str, count: int, **settings: str) -> Start:
    """Start the portal and wait until it shows the whole fleet."""
    began = time.perf_counter()
    _begin(portal, **settings)
    with httpx.Client(base_url=portal.url, trust_env=False, timeout=10) as client:
        answers_s = _until(client, "/healthz", began)
        synced_s = _until(client, "/readyz", began)
        client.headers["Authorization"] = f"Bearer {token}"
        while _namespaces(client) != count:
            assert time.perf_counter() - began < WHOLE_WITHIN_S, "the fleet is not whole"
            time.sleep(0.05)
    return Start(answers_s, synced_s, time.perf_counter() - began, cpu_s(portal.pid))


def _begin(portal: ServedPortal, **settings: str) -> None:
    # All tabs are those of a few identities.
    room = ("rate_burst", "rate_per_second", "live_connections", "live_burst", "live_per_second")
    portal.start(**dict.fromkeys(room, _ROOM), **settings)


def restart(portal: ServedPortal) -> float:
    """Start it once more; give the moment from which on it answers, by the clock."""
    _begin(portal)
    with httpx.Client(base_url=portal.url, trust_env=False, timeout=10) as client:
        _until(client, "/healthz", time.perf_counter())
    return time.time()


def _namespaces(client: httpx.Client) -> int:
    return int(client.get("/api/v1/metrics/summary").json()["namespaces"]["value"] or 0)


def _until(client: httpx.Client, path: str, began: float) -> float:
    while True:
        try:
            if client.get(path).status_code == httpx.codes.OK:
                return time.perf_counter() - began
        except httpx.TransportError:
            pass
        assert time.perf_counter() - began < WHOLE_WITHIN_S, f"{path} does not answer"
        time.sleep(0.02)


def cookies(portal: ServedPortal, count: int) -> list[str]:
    """Sign in so many people who see every team; give what their browsers send."""
    auditor = DEV_IDENTITIES["auditor"]
    people = [replace(auditor, subject=f"auditor-{number:03}") for number in range(count)]

    async def work() -> list[str]:
        async with identity_services(portal.settings) as services:
            sign_in = services.sign_in
            return [
                f"{sign_in.cookie_name}={await sign_in.begin(one, source='bench')}"
                for one in people
            ]

    return asyncio.run(work())


def calls_since(controlplane: ControlPlane, offset: int) -> dict[str, int]:
    """What the portal asked the API server, by verb, from a byte offset of its log on."""
    found: dict[str, int] = {}
    with controlplane.audit_log.open("rb") as file:
        file.seek(offset)
        for line in file:
            entry = json.loads(line)
            if entry["user"].get("username") == PORTAL:
                found[entry["verb"]] = found.get(entry["verb"], 0) + 1
    return found
