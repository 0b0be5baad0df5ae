"""Which local run goes on in a home: found, asked and ended by its recorded process."""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from ..localcluster.disk import explained_disk_errors
from ..localcluster.layout import Layout
from ..localcluster.lock import AlreadyLockedError, locked
from ..localcluster.processes import ProcessIdentity, end_process

__all__ = ["AlreadyRunningError", "LocalRun", "end_run", "home_of", "local_url", "only_run"]

_STOP_SECONDS: Final = 90.0
"""Longer than the portal's and every component's own deadline together."""


class AlreadyRunningError(Exception):
    """Another `nsaas up` runs on this home."""

    def __init__(self, home: Path, holder: str) -> None:
        self.message = f"nsaas is already running on {home} (process {holder})."
        self.fix = "Stop it with `nsaas down`, or set NSAAS_HOME to another directory."
        super().__init__(f"{self.message} {self.fix}")


@dataclass(frozen=True, slots=True)
class LocalRun:
    """A running `nsaas up`.

    Attributes:
        pid: Its process.
        started: That process' start time, opaque.
        port: Where the portal listens.
        is_ready: Whether it has said so.
    """

    pid: int
    started: str
    port: int
    is_ready: bool

    @classmethod
    def of_this_process(cls, port: int, *, is_ready: bool) -> Self:
        """Describe ourselves."""
        identity = ProcessIdentity.of(os.getpid())
        return cls(os.getpid(), identity.started if identity else "", port, is_ready)

    @classmethod
    def on(cls, home: Path) -> Self | None:
        """Return the run that goes on in a home; `None` when there is none."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            run = cls(**json.loads(_record(home).read_text()))
            return run if run.identity.is_alive() else None
        return None

    @property
    def identity(self) -> ProcessIdentity:
        """The process, told from a later one with the same pid."""
        return ProcessIdentity(self.pid, self.started)

    @property
    def url(self) -> str:
        """Where the portal is."""
        return f"http://localhost:{self.port}"

    def write(self, home: Path) -> None:
        """Record the run."""
        fresh = _record(home).with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self)))
        fresh.replace(_record(home))


def home_of(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the directory of all local state: NSAAS_HOME, or `.nsaas` in the checkout."""
    configured = environment.get("NSAAS_HOME")
    checkout = Path(__file__).resolve().parents[2]
    return Path(configured).expanduser().resolve() if configured else checkout / ".nsaas"


def local_url(environment: Mapping[str, str] = os.environ) -> str:
    """Where the portal of this home listens, or would if it were started."""
    run = LocalRun.on(home_of(environment))
    return run.url if run else f"http://localhost:{environment.get('NSAAS_PORT', '8000')}"


@contextlib.contextmanager
def only_run(home: Path) -> Iterator[None]:
    """Be the only run of a home for a block.

    Raises:
        AlreadyRunningError: Another process is.
        LocalClusterError: The home cannot be written.
    """
    layout = Layout(home)
    with explained_disk_errors(home, variable="NSAAS_HOME"):
        layout.create()
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(locked(layout.run / "up.lock"))
        except AlreadyLockedError as error:
            raise AlreadyRunningError(home, error.holder) from None
        try:
            yield
        finally:
            _record(home).unlink(missing_ok=True)


async def end_run(home: Path) -> bool:
    """End the run of a home and wait until it is gone; return whether there was one."""
    run = LocalRun.on(home)
    if run is None:
        return False
    await end_process(run.identity, grace=_STOP_SECONDS)
    return True


def _record(home: Path) -> Path:
    return Layout(home).run / "up.json"
