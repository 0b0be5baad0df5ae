"""One local run from nothing to Ready and back: front end, control plane, portal, in this order."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..localcluster import Exit, LocalCluster, Progress, erase
from ..localcluster.child import Child
from ..localcluster.layout import Layout
from ..localcluster.ports import is_free
from ..localcluster.progress import ticking
from .local_portal import (
    PortalAddress,
    SignInRefusedError,
    portal_environment,
    sign_in_url,
    start_portal,
)
from .local_record import LocalRun, only_run

__all__ = ["Answer", "LocalRunError", "RunOptions", "run_locally"]

_MANIFESTS: Final = Path(__file__).resolve().parents[2] / "apps" / "portal"
_READY_SECONDS: Final = 240.0
"""So long a living portal is waited for: on a busy machine the first start compiles for a while."""
_PORTAL_GRACE_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.1


Answer = Callable[[str], None]
"""Takes a line that is the command's answer, not its progress."""


class LocalRunError(Exception):
    """A local run cannot begin or go on.

    Attributes:
        message: What happened, one sentence.
        fix: What to do about it, one sentence.
        log_tail: The last lines of the program that failed, perhaps none.
    """

    def __init__(self, message: str, fix: str, log_tail: str = "") -> None:
        super().__init__(f"{message} {fix}")
        self.message = message
        self.fix = fix
        self.log_tail = log_tail


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line asked for."""

    home: Path
    port: int
    context: str | None = None
    no_cluster: bool = False
    fresh: bool = False

    @property
    def has_local_cluster(self) -> bool:
        """Whether a control plane of our own is started."""
        return self.context is None and not self.no_cluster


async def run_locally(options: RunOptions, *, progress: Progress, answer: Answer) -> None:
    """Bring everything up, answer where it is, and stay until cancelled.

    Everything started is stopped again before this returns or raises, in reverse order.

    Raises:
        LocalRunError: The port is taken, or the portal or a component ended.
        AlreadyRunningError: Another run has this home.
        LocalClusterError: The control plane cannot be prepared or started.
        FrontendError: The front end cannot be built.
    """
    with only_run(options.home):
        _ensure_port_is_free(options.port)
        LocalRun.of_this_process(options.port, is_ready=False).write(options.home)
        if options.fresh:
            await _forget(options.home, progress=progress)
        # Here because it is heavy, and all commands import this module.
        from .frontend import ensure_built  # noqa: PLC0415

        web = await ensure_built(progress)
        async with contextlib.AsyncExitStack() as stack:
            cluster = await _cluster(options, stack, progress=progress)
            await _serve(options, web, cluster, progress=progress, answer=answer)


async def _cluster(
    options: RunOptions, stack: contextlib.AsyncExitStack, *, progress: Progress
) -> LocalCluster | None:
    if not options.has_local_cluster:
        if "NSAAS_ENV" not in os.environ:
            progress("Without the local cluster this is production; NSAAS_ENV=dev changes that")
        return None
    running = LocalCluster.running(options.home, progress=progress)
    cluster = await stack.enter_async_context(running)
    async with ticking(progress, "Applying the portal's rights and the admission policies"):
        await cluster.install(_MANIFESTS)
        await cluster.portal_credentials()
    return cluster


async def _serve(
    options: RunOptions,
    web: Path,
    cluster: LocalCluster | None,
    *,
    progress: Progress,
    answer: Answer,
) -> None:
    environment = portal_environment(
        options.home,
        options.port,
        web=web,
        context=options.context,
        no_cluster=options.no_cluster,
    )
    async with _portal(options, environment, progress=progress) as portal:
        address = PortalAddress(options.port)
        async with ticking(progress, "Starting the portal"):
            await _wait_until_ready(address, portal)
        answer(f"Ready: {address.url}")
        if environment.get("NSAAS_ENV") == "dev":
            try:
                answer(f"Sign in once as admin: {await sign_in_url('admin', environment)}")
            except SignInRefusedError as error:
                progress(f"There is no sign-in URL: {error}")
        LocalRun.of_this_process(options.port, is_ready=True).write(options.home)
        ends = [portal.wait()] if cluster is None else [portal.wait(), cluster.next_exit()]
        ended = await _first(ends)
        progress(f"{ended.name} ended by itself: stopping everything")
        raise LocalRunError(
            f"{ended.name} ended by itself (exit code {ended.code}).",
            f"Its log is {Layout(options.home).log(ended.name)}; its last lines:",
            ended.log_tail,
        )


@contextlib.asynccontextmanager
async def _portal(
    options: RunOptions, environment: dict[str, str], *, progress: Progress
) -> AsyncIterator[Child]:
    portal = await start_portal(options.home, options.port, environment)
    try:
        yield portal
    finally:
        async with ticking(progress, "Stopping the portal"):
            await portal.stop(grace=_PORTAL_GRACE_SECONDS)


async def _wait_until_ready(address: PortalAddress, portal: Child) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not await address.is_ready():
        late = time.monotonic() > deadline
        if portal.has_ended or late:
            problem = f"was not ready after {_READY_SECONDS:.0f} s" if late else "ended"
            tail = portal.tail()
            where = f"Its log is {portal.log}"
            fix = f"{where}; its last lines:" if tail.strip() else f"{where}; it is empty."
            raise LocalRunError(f"The portal {problem}.", fix, tail)
        await asyncio.sleep(_POLL_SECONDS)


async def _first(ends: list[Coroutine[Any, Any, Exit]]) -> Exit:
    tasks = [asyncio.ensure_future(end) for end in ends]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for task in tasks:
            task.cancel()


def _ensure_port_is_free(port: int) -> None:
    if not is_free(port):
        raise LocalRunError(
            f"Port {port} of this machine is taken by another program.",
            "Choose another one with --port, or end that program.",
        )


async def _forget(home: Path, *, progress: Progress) -> None:
    progress(f"Removing the cluster and the database of {home}")
    if os.environ.get("NSAAS_DATABASE_URL", "").startswith("postgres"):
        progress("What is in PostgreSQL stays: empty that database yourself")
    await erase(home)
    await asyncio.to_thread(_remove_database, home)


def _remove_database(home: Path) -> None:
    # With its write-ahead log and index, or they would be applied to the next one.
    for part in home.glob("nsaas.db*"):
        part.unlink()
