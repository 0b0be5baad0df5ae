"""The local control plane as one thing: start it on a home, use it, stop it."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final, Self

from .api import AdminApi
from .binaries import Binaries, ensure_binaries
from .child import Exit
from .components import Component, Profile, Start
from .credentials import PortalCredentials
from .disk import ensure_room, explained_disk_errors
from .errors import LocalClusterError
from .installation import is_confined
from .kubectl import run_kubectl
from .layout import Layout
from .lock import AlreadyLockedError, locked
from .progress import Progress, quiet, ticking
from .startup import FIRST_OBJECTS, PortTakenError, bring_up, end_leftovers, prepare, wait_until
from .supervisor import Supervisor

__all__ = ["LocalCluster", "erase"]

_PORT_ATTEMPTS: Final = 3
_ROOM_MEGABYTES: Final = 400
"""etcd sets 128 MB aside before its first entry; objects, audit log and database come on top."""
_INSTALLER: Final = "nsaas-installer"
"""Field manager of what an administrator applies; the portal's is another one."""


class LocalCluster:
    """A running control plane with two simulated nodes.

    Use `running`; the constructor only puts the parts together.
    """

    def __init__(
        self, start: Start, *, binaries: Binaries, supervisor: Supervisor, api: AdminApi
    ) -> None:
        self._start = start
        self._kubectl = binaries.path("kubectl")
        self._supervisor = supervisor
        self._api = api
        self._credentials: PortalCredentials | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def running(
        cls,
        home: Path,
        *,
        profile: Profile = Profile.DURABLE,
        progress: Progress = quiet,
        binaries: Binaries | None = None,
    ) -> AsyncIterator[Self]:
        """Run a control plane for the length of a block, all its state below `home`.

        A home that was used before keeps its objects, certificates and, if free, its ports.

        Raises:
            LocalClusterError: It cannot be started, or another process runs it on this home.
        """
        binaries = binaries or await ensure_binaries(progress)
        layout = Layout(await asyncio.to_thread(home.resolve))
        with explained_disk_errors(layout.home, variable="NSAAS_HOME"):
            await asyncio.to_thread(layout.create)
        ensure_room(layout.home, megabytes=_ROOM_MEGABYTES, variable="NSAAS_HOME")
        with _exclusive(layout):
            async with ticking(progress, "Starting the local control plane"):
                cluster = await cls._started(layout, profile, binaries)
            try:
                yield cluster
            finally:
                async with ticking(progress, "Stopping the local control plane"):
                    await cluster.stop()

    @classmethod
    async def _started(cls, layout: Layout, profile: Profile, binaries: Binaries) -> Self:
        await end_leftovers(layout)
        for attempt in range(_PORT_ATTEMPTS):
            start = await asyncio.to_thread(
                partial(prepare, layout, profile, fresh_ports=attempt > 0)
            )
            with contextlib.suppress(PortTakenError):
                return await cls._attempt(start, binaries)
        raise LocalClusterError(
            f"Other programs took our ports {_PORT_ATTEMPTS} times in a row.", "Start again."
        )

    @classmethod
    async def _attempt(cls, start: Start, binaries: Binaries) -> Self:
        supervisor = Supervisor(start, binaries)
        api = await asyncio.to_thread(AdminApi.connect, start)
        cluster = cls(start, binaries=binaries, supervisor=supervisor, api=api)
        try:
            await bring_up(supervisor, api, cluster._apply_first_objects)
        except BaseException:
            await cluster.stop()
            raise
        return cluster

    @property
    def layout(self) -> Layout:
        """Where the files of this run lie."""
        return self._start.layout

    @property
    def server(self) -> str:
        """The URL of the API server."""
        return self._start.server

    @property
    def kubeconfig(self) -> Path:
        """Cluster administration, for people."""
        return self.layout.kubeconfig

    @property
    def portal_kubeconfig(self) -> Path:
        """The portal's own access; exists after `portal_credentials`."""
        return self.layout.portal_kubeconfig

    @property
    def audit_log(self) -> Path:
        """The API server's own audit log."""
        return self.layout.audit_log

    async def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Run kubectl as cluster administrator and return its output.

        Raises:
            LocalClusterError: The command failed; the message holds its standard error.
        """
        return await run_kubectl(self._kubectl, self.kubeconfig, *arguments, stdin=stdin)

    async def install(self, manifests: Path) -> None:
        """Apply the shipped manifests as cluster administrator; return once they are enforced.

        Raises:
            LocalClusterError: They are refused, or the policies do not take effect.
        """
        await self.kubectl("apply", "-k", str(manifests), *_as_installer())
        await wait_until(
            lambda: is_confined(self._api), self._supervisor, "the admission policies are enforced"
        )

    async def portal_credentials(self, *, lifetime: timedelta = timedelta(hours=1)) -> Path:
        """Give the portal its own access and renew it at half life; return its kubeconfig.

        Raises:
            LocalClusterError: `install` has not been called on this home.
        """
        if self._credentials is not None:
            await self._credentials.close()
        self._credentials = PortalCredentials(self._start, kubectl=self.kubectl, lifetime=lifetime)
        await self._credentials.open()
        return self.portal_kubeconfig

    async def is_ready(self) -> bool:
        """Tell whether the API server says that it is ready."""
        return await self._api.is_ready()

    async def wait_until_ready(self) -> None:
        """Wait for the API server, for instance after it was started again."""
        await wait_until(self._api.is_ready, self._supervisor, "the API server is ready")

    async def start_component(self, component: Component) -> None:
        """Start a component that was killed."""
        await self._supervisor.start(component)

    async def kill(self, component: Component) -> None:
        """End a component without warning and wait until it is gone."""
        await self._supervisor.kill(component)

    def pause(self, component: Component) -> None:
        """Freeze a component: connections stay open and nothing answers."""
        self._supervisor.pause(component)

    def resume(self, component: Component) -> None:
        """Let a frozen component go on."""
        self._supervisor.resume(component)

    def pid(self, component: Component) -> int:
        """Return the process id of a running component."""
        return self._supervisor.pid(component)

    async def next_exit(self) -> Exit:
        """Wait until a component ends by itself."""
        return await self._supervisor.next_exit()

    async def _apply_first_objects(self) -> None:
        await self.kubectl("apply", "-f", str(FIRST_OBJECTS), *_as_installer())

    async def stop(self) -> None:
        """End every process; the block of `running` does it at its end."""
        if self._credentials is not None:
            await self._credentials.close()
        await self._supervisor.stop()
        await self._api.close()


async def erase(home: Path) -> None:
    """Remove the control plane of a home with all its objects; the rest of the home stays.

    Raises:
        LocalClusterError: It runs.
    """
    layout = Layout(home)
    with _exclusive(layout):
        await end_leftovers(layout)
        await asyncio.to_thread(shutil.rmtree, layout.cluster, ignore_errors=True)
        for path in (layout.kubeconfig, layout.portal_kubeconfig, layout.audit_log):
            path.unlink(missing_ok=True)


def _as_installer() -> tuple[str, ...]:
    return ("--server-side", f"--field-manager={_INSTALLER}", "--force-conflicts")


@contextlib.contextmanager
def _exclusive(layout: Layout) -> Iterator[None]:
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(locked(layout.run / "cluster.lock"))
        except AlreadyLockedError as error:
            raise LocalClusterError(
                f"Process {error.holder} already runs a control plane on {layout.home}.",
                "Stop it, or set NSAAS_HOME to another directory.",
            ) from None
        yield
