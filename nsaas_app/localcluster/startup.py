"""From an empty or used home to a control plane that accepts workloads."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Final

from .api import AdminApi
from .certificates import ADMIN, AUTHORITY, Pair, issue_all
from .child import Exit
from .components import OBJECTS, Component, Profile, Start
from .errors import LocalClusterError
from .kubeconfig import client_kubeconfig, write_private
from .layout import Layout
from .ports import Ports
from .processes import ProcessIdentity, end_process
from .supervisor import Supervisor

__all__ = ["FIRST_OBJECTS", "PortTakenError", "bring_up", "end_leftovers", "prepare", "wait_until"]

FIRST_OBJECTS: Final = OBJECTS / "cluster.yaml"
_NODES: Final = ("simulated-1", "simulated-2")
_DEADLINE_SECONDS: Final = 90.0
_POLL_SECONDS: Final = 0.05


class PortTakenError(LocalClusterError):
    """Another program took one of our ports between the choice and the start."""


async def end_leftovers(layout: Layout) -> None:
    """End what an earlier run of the same home left behind, and only that."""
    for component in reversed(Component):
        record = layout.record(component)
        if (left := ProcessIdentity.read(record)) is not None:
            await end_process(left, grace=0)
        record.unlink(missing_ok=True)


def prepare(layout: Layout, profile: Profile, *, fresh_ports: bool) -> Start:
    """Make certificates, ports and kubeconfigs; what exists and is good is kept."""
    issue_all(layout.pki)
    start = Start(layout, Ports.choose(layout.ports, afresh=fresh_ports), profile)
    authority = Pair.of(layout.pki, AUTHORITY).certificate
    clients = (Component.CONTROLLER_MANAGER, Component.SCHEDULER, Component.KWOK)
    kubeconfigs = {str(name): layout.component_kubeconfig(name) for name in clients}
    for name, path in (kubeconfigs | {ADMIN: layout.kubeconfig}).items():
        client = Pair.of(layout.pki, name)
        write_private(path, client_kubeconfig(start.server, authority, client))
    for component in Component:
        with contextlib.suppress(FileNotFoundError):
            # The log before this one tells why the run before this one ended.
            layout.log(component).replace(layout.log(component).with_suffix(".log.1"))
    return start


async def bring_up(
    supervisor: Supervisor, api: AdminApi, apply_objects: Callable[[], Awaitable[object]]
) -> None:
    """Start everything and return when pods can be created and run.

    Raises:
        PortTakenError: Try again with other ports.
        LocalClusterError: A component ended, or the deadline passed.
    """
    await supervisor.start(Component.ETCD)
    await supervisor.start(Component.APISERVER)
    await wait_until(api.is_ready, supervisor, "the API server is ready")
    # Not sooner: on a busy machine the controllers give up waiting for it after ten seconds.
    await supervisor.start(Component.CONTROLLER_MANAGER)
    await supervisor.start(Component.SCHEDULER)
    # Before this the simulator has no right to see its nodes, and would back off.
    await apply_objects()
    await supervisor.start(Component.KWOK)
    await wait_until(lambda: api.has_ready_nodes(_NODES), supervisor, "the nodes are ready")
    await wait_until(
        lambda: api.exists("/api/v1/namespaces/default/serviceaccounts/default"),
        supervisor,
        "namespaces get their ServiceAccount",
    )


async def wait_until(
    condition: Callable[[], Awaitable[bool]], supervisor: Supervisor, what: str
) -> None:
    """Wait for a condition while every component lives.

    Raises:
        PortTakenError: A component ended because its port is taken.
        LocalClusterError: Another reason, or the deadline passed.
    """
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not await condition():
        if (ended := supervisor.failed()) is not None:
            raise _explained(ended)
        if time.monotonic() > deadline:
            raise LocalClusterError(
                f"The local control plane did not get so far that {what} within"
                f" {_DEADLINE_SECONDS:.0f} s.",
                "Close what keeps this machine busy and start again.",
            )
        await asyncio.sleep(_POLL_SECONDS)


def _explained(ended: Exit) -> LocalClusterError:
    lowered = ended.log_tail.lower()
    if "address already in use" in lowered:
        return PortTakenError(f"A port of {ended.name} is taken.", "Start again.")
    if "no space left on device" in lowered:
        return LocalClusterError(
            f"{ended.name} stopped because the disk is full.",
            "Free some space, or set NSAAS_HOME to a directory on another disk.",
        )
    return LocalClusterError(
        f"{ended.name} stopped during the start (exit code {ended.code}):\n{ended.log_tail}\n",
        "Start again with --fresh if its data is damaged.",
    )
