"""Short-lived commands: run, listened to, and never left behind when the caller is cancelled."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .child import tied_command

__all__ = ["Completed", "run"]

_LINE_BYTES: Final = 1 << 20
"""Longer than any line a program writes to its standard error."""


@dataclass(frozen=True, slots=True)
class Completed:
    """How a command ended."""

    code: int
    output: str
    errors: str


async def run(
    command: Sequence[str],
    *,
    stdin: str | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    on_line: Callable[[str], None] = lambda _: None,
) -> Completed:
    """Run a command to its end; `on_line` hears each line of its standard error at once.

    Raises:
        OSError: The command cannot be started.
    """
    arguments, inherited = tied_command(command)
    process = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        cwd=directory,
        pass_fds=inherited,
        process_group=0,
        limit=_LINE_BYTES,
    )
    try:
        output, errors, _ = await asyncio.gather(
            _all(process.stdout),
            _lines(process.stderr, on_line),
            _write(process.stdin, stdin),
        )
        return Completed(await process.wait(), output, errors)
    finally:
        if process.returncode is None:
            # The whole group: a compiler has children of its own.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _all(stream: asyncio.StreamReader | None) -> str:
    return "" if stream is None else (await stream.read()).decode(errors="replace")


async def _lines(stream: asyncio.StreamReader | None, on_line: Callable[[str], None]) -> str:
    lines: list[str] = []
    if stream is not None:
        async for raw in stream:
            line = raw.decode(errors="replace")
            on_line(line.rstrip("\n"))
            lines.append(line)
    return "".join(lines)


async def _write(stream: asyncio.StreamWriter | None, content: str | None) -> None:
    if stream is None or content is None:
        return
    # A command that ends without reading everything says why by its exit code.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stream.write(content.encode())
        await stream.drain()
    stream.close()
