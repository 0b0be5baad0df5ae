"""A real control plane for tests, on a loop and thread of its own.

Tests get a new event loop each; the processes of the control plane belong to a loop that lives as
long as the session.
"""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from nsaas_app.localcluster import LocalCluster, Profile, ensure_binaries, quiet

__all__ = ["MANIFESTS", "ControlPlane", "running_controlplane"]

MANIFESTS = Path(__file__).parents[2] / "apps" / "portal"
"""What an administrator applies once per cluster."""

T = TypeVar("T")


@dataclass(frozen=True)
class ControlPlane:
    """The running control plane, to be used from any thread."""

    cluster: LocalCluster
    loop: asyncio.AbstractEventLoop

    @property
    def server(self) -> str:
        return self.cluster.server

    @property
    def kubeconfig(self) -> Path:
        """Cluster administration."""
        return self.cluster.kubeconfig

    @property
    def portal_kubeconfig(self) -> Path:
        """The portal's own, confined access."""
        return self.cluster.portal_kubeconfig

    @property
    def audit_log(self) -> Path:
        return self.cluster.audit_log

    @property
    def kubectl_command(self) -> list[str]:
        """How kubectl is run as cluster administrator, for a process of its own."""
        return [str(self.cluster._kubectl), f"--kubeconfig={self.kubeconfig}"]

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Run kubectl as cluster administrator; raises LocalClusterError with its words."""
        return self.run(self.cluster.kubectl(*arguments, stdin=stdin))

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Run a call of `cluster` on the loop it belongs to, and wait for its result."""
        return asyncio.run_coroutine_threadsafe(call, self.loop).result()


@contextlib.contextmanager
def running_controlplane(
    tmp_path_factory: pytest.TempPathFactory, *, home: Path | None = None
) -> Iterator[ControlPlane]:
    """Run a throw-away control plane with the shipped manifests and the portal's credentials."""
    ready: Future[ControlPlane] = Future()
    stop = threading.Event()
    directory = home or tmp_path_factory.mktemp("controlplane")
    thread = threading.Thread(
        target=lambda: asyncio.run(_serve(directory, ready, stop)), name="controlplane"
    )
    thread.start()
    try:
        yield ready.result()
    finally:
        stop.set()
        thread.join()


async def _serve(home: Path, ready: "Future[ControlPlane]", stop: threading.Event) -> None:
    try:
        binaries = await ensure_binaries(quiet)
        async with LocalCluster.running(
            home, profile=Profile.THROWAWAY, binaries=binaries
        ) as cluster:
            await cluster.install(MANIFESTS)
            await cluster.portal_credentials()
            ready.set_result(ControlPlane(cluster, asyncio.get_running_loop()))
            await asyncio.to_thread(stop.wait)
    except BaseException as error:
        if not ready.done():
            ready.set_exception(error)
        raise
