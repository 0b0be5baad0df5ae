"""`nsaas up` and `nsaas down`: a whole local portal by one command, and its end."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from ..localcluster import LocalClusterError
from ..localcluster.disk import DISK_FULL
from ..localcluster.layout import Layout
from ..localcluster.processes import parent_ended
from .local_record import AlreadyRunningError, LocalRun, end_run, home_of
from .local_run import LocalRunError, RunOptions, run_locally
from .progress_display import ProgressDisplay
from .toolchain import FrontendError

__all__ = ["down", "local_status", "up"]

_POLL_SECONDS: Final = 0.1

Detach = Annotated[bool, typer.Option(help="Leave it running in the background.")]
Port = Annotated[
    int, typer.Option(envvar="NSAAS_PORT", min=1, max=65535, help="The one port of the portal.")
]
Context = Annotated[
    str | None, typer.Option(help="Use this context of the kubeconfig; start no cluster.")
]
NoCluster = Annotated[bool, typer.Option("--no-cluster", help="Run without any cluster.")]
Fresh = Annotated[bool, typer.Option(help="Remove the local cluster and database first.")]


def up(
    *,
    detach: Detach = False,
    port: Port = 8000,
    context: Context = None,
    no_cluster: NoCluster = False,
    fresh: Fresh = False,
) -> None:
    """Start everything on this machine: cluster, front end and portal; Ctrl-C stops it."""
    if context is not None and no_cluster:
        raise typer.BadParameter("--context and --no-cluster exclude each other.")
    if detach:
        _detach(home_of())
        return
    options = RunOptions(
        home=home_of(),
        port=port,
        context=context,
        no_cluster=no_cluster,
        fresh=fresh,
    )
    # Started by make, we also end when make is killed and cannot pass anything on.
    parent = os.getppid() if "MAKELEVEL" in os.environ else None
    with ProgressDisplay() as display:
        try:
            asyncio.run(_until_asked(options, display, parent))
        except (LocalRunError, AlreadyRunningError, LocalClusterError, FrontendError) as error:
            display.line(f"{error.message} {error.fix}")
            if log_tail := getattr(error, "log_tail", ""):
                display.line(log_tail)
            raise typer.Exit(1) from None
        except OSError as error:
            if error.errno not in DISK_FULL:
                raise
            display.line(f"The disk of {error.filename or options.home} is full. Free some space.")
            raise typer.Exit(1) from None
        display.line("Stopped.")


def down() -> None:
    """Stop what `nsaas up` started on this home; nothing happens when nothing runs."""
    home = home_of()
    with ProgressDisplay() as display:
        if LocalRun.on(home) is not None:
            display("Stopping the portal and its cluster")
        stopped = asyncio.run(end_run(home))
    typer.echo("Stopped." if stopped else f"Nothing runs on {home}.")


def local_status() -> LocalRun | None:
    """Return the local run of this home, for `nsaas status`; `None` when nothing runs."""
    return LocalRun.on(home_of())


async def _until_asked(options: RunOptions, display: ProgressDisplay, parent: int | None) -> None:
    """Run until a signal or the end of the parent asks to stop, or the run fails."""
    run = asyncio.create_task(run_locally(options, progress=display, answer=display.answer))
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    reasons: list[asyncio.Task[Any]] = [asyncio.create_task(asked.wait())]
    if parent is not None:
        reasons.append(asyncio.create_task(parent_ended(parent)))
    await asyncio.wait((run, *reasons), return_when=asyncio.FIRST_COMPLETED)
    # Once only: a second Ctrl-C must not interrupt the orderly stop that the first one began.
    for task in (run, *reasons):
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await run


def _detach(home: Path) -> None:
    """Start this same command in the background and show its words until it is ready."""
    log = Layout(home).log("up")
    log.parent.mkdir(parents=True, exist_ok=True)
    arguments = [argument for argument in sys.argv[1:] if argument != "--detach"]
    environment = {name: value for name, value in os.environ.items() if name != "MAKELEVEL"}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "nsaas_app", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    with log.open() as said:
        while True:
            ended = process.poll() is not None
            run = LocalRun.on(home)
            ready = run is not None and run.pid == process.pid and run.is_ready
            typer.echo(said.read(), nl=False)
            if ended:
                raise typer.Exit(1)
            if ready:
                typer.echo(f"It goes on in the background; its log is {log}. Stop: nsaas down")
                return
            time.sleep(_POLL_SECONDS)
