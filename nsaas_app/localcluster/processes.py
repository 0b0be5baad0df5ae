"""Which process is meant: a pid together with its start time, because pids are given out again."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

__all__ = ["ProcessIdentity", "end_process", "parent_ended"]

_POLL_SECONDS: Final = 0.02
_KILL_SECONDS: Final = 10.0
_PARENT_SECONDS: Final = 0.5
_THREADS_FIELD: Final = 17
_STARTED_FIELD: Final = 19
"""Fields 20 and 22 of /proc/PID/stat, counted from the state: names before it may have spaces."""


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """One process of one machine's life.

    Attributes:
        pid: The process id.
        started: The kernel's start time of it, opaque; with the boot where that is known.
    """

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """Identify a running process; `None` when there is none, or only its zombie."""
        started = _linux_start(pid) if sys.platform == "linux" else _ps_start(pid)
        return None if started is None else cls(pid, started)

    @classmethod
    def read(cls, record: Path) -> Self | None:
        """Read what `write` stored; `None` when nothing usable is there."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            stored = json.loads(record.read_text())
            return cls(int(stored["pid"]), str(stored["started"]))
        return None

    def write(self, record: Path) -> None:
        """Store the identity; a reader sees the old record or the new one, never half of it."""
        fresh = record.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self)))
        fresh.replace(record)

    def is_alive(self) -> bool:
        """Tell whether this very process still runs."""
        return ProcessIdentity.of(self.pid) == self


def _linux_start(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    # The first thread may be a zombie while others still hold the ports of the program.
    if fields[0] in "ZX" and int(fields[_THREADS_FIELD]) <= 1:
        return None
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}:{fields[_STARTED_FIELD]}"


def _ps_start(pid: int) -> str | None:
    found = subprocess.run(  # noqa: S603 - fixed program, numeric argument
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split(None, 1)
    return None if not found or found[0].startswith("Z") else found[1].strip()


async def end_process(identity: ProcessIdentity, *, grace: float) -> None:
    """Ask a process to end and, `grace` seconds later, end it.

    Nothing happens to another process that has got the same pid meanwhile.
    """
    if grace > 0 and identity.is_alive():
        _send(identity, signal.SIGTERM)
        # A stopped process acts on it only once it runs again.
        _send(identity, signal.SIGCONT)
        if await _has_ended(identity, patience=grace):
            return
    if identity.is_alive():
        _send(identity, signal.SIGKILL)
        await _has_ended(identity, patience=_KILL_SECONDS)


def _send(identity: ProcessIdentity, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(identity.pid, number)


async def _has_ended(identity: ProcessIdentity, *, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while identity.is_alive() and time.monotonic() < deadline:  # noqa: ASYNC110 - not our child
        await asyncio.sleep(_POLL_SECONDS)
    return not identity.is_alive()


async def parent_ended(parent: int) -> None:
    """Return once the process that started this one is gone, be it already."""
    while os.getppid() == parent:  # noqa: ASYNC110 - the kernel tells nobody
        await asyncio.sleep(_PARENT_SECONDS)
