"""A program started by us: its own process group, its own log, and it ends when we end."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from .processes import ProcessIdentity

__all__ = ["Child", "Exit", "tail", "tied_command"]

_LAUNCHER: Final = Path(__file__).parent / "launcher.py"
_TAIL_BYTES: Final = 16384
_STACK: Final = re.compile(r"\t|goroutine \d|[\w./*()-]+\(.*\)$|created by ")
"""Lines of a Go program's stack: they bury the words a person can use."""

_lifeline: tuple[int, int] | None = None
"""A pipe whose writing end only this process holds: it closes when this process ends."""


@dataclass(frozen=True, slots=True)
class Exit:
    """A program that ended by itself."""

    name: str
    code: int
    log_tail: str


class Child:
    """One running program."""

    def __init__(
        self, name: str, process: asyncio.subprocess.Process, *, log: Path, record: Path | None
    ) -> None:
        self.name = name
        self.log = log
        self._process = process
        self._record = record

    @classmethod
    async def start(
        cls,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        record: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """Start the program with its output appended to `log`; note it in `record`.

        Raises:
            OSError: The program or the log cannot be opened.
        """
        arguments, inherited = tied_command(command)
        output = await asyncio.to_thread(log.open, "ab")
        with output:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                env=environment,
                pass_fds=inherited,
                # A Ctrl-C on the terminal is for us: we end the children in their order.
                process_group=0,
            )
        if record is not None and (identity := ProcessIdentity.of(process.pid)):
            await asyncio.to_thread(identity.write, record)
        return cls(name, process, log=log, record=record)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the program has ended and was noticed."""
        return self._process.returncode is not None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens when the program has ended."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def wait(self) -> Exit:
        """Wait for the end of the program."""
        code = await self._process.wait()
        return Exit(self.name, code, await asyncio.to_thread(tail, self.log))

    def tail(self) -> str:
        """Return the last lines of the log."""
        return tail(self.log)

    async def stop(self, *, grace: float) -> None:
        """Ask the program to end; after `grace` seconds end it."""
        if grace > 0:
            self.signal(signal.SIGTERM)
            # A paused program acts on it only once it runs again.
            self.signal(signal.SIGCONT)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._process.wait()
        self.signal(signal.SIGKILL)
        await self._process.wait()
        if self._record is not None:
            self._record.unlink(missing_ok=True)


def tied_command(
    command: Sequence[str], *, by_kernel: bool = sys.platform == "linux"
) -> tuple[list[str], tuple[int, ...]]:
    """Wrap a command so that it ends with this process; also return what it must inherit."""
    pipe = -1 if by_kernel else _reading_end()
    wrapped = [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), str(pipe), *command]
    return wrapped, (() if by_kernel else (pipe,))


def _reading_end() -> int:
    global _lifeline
    if _lifeline is None:
        _lifeline = os.pipe()
    return _lifeline[0]


def tail(log: Path, *, lines: int = 15) -> str:
    """Return the last lines of a log; empty when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            content = file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
    words = [line for line in content.splitlines() if not _STACK.match(line)]
    return "\n".join(words[-lines:])
