"""Progress for people: one moving line on a terminal, plain lines in a pipe. On stderr."""

import time
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.status import Status

__all__ = ["ProgressDisplay"]

_PIPE_SECONDS: Final = 10.0
"""In a file, a line every two seconds of a long build would bury everything else."""


class ProgressDisplay:
    """Shows the reports of `nsaas_app.localcluster.Progress`; usable as such, inside its block."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._status: Status | None = None
        self._printed = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rest()

    def __call__(
        self, phase: str, *, fraction: float | None = None, elapsed: float | None = None
    ) -> None:
        """Show a new phase as a line of its own, and its going on in place."""
        share = "" if fraction is None else f" {fraction:.0%}"
        since = "" if elapsed is None else f" ({elapsed:.0f} s)"
        if elapsed is None:
            self.line(f"{phase}{share}")
        elif self._console.is_terminal:
            self._move(f"{phase}{share}{since}")
        elif time.monotonic() - self._printed >= _PIPE_SECONDS:
            self.line(f"{phase}{share}{since}")

    def line(self, text: str) -> None:
        """Show a line that stays."""
        self._rest()
        self._printed = time.monotonic()
        self._console.print(text, markup=False)

    def answer(self, text: str) -> None:
        """Print what the command was asked for on standard output, at once."""
        self._rest()
        print(text, flush=True)  # noqa: T201 - not progress

    def _move(self, text: str) -> None:
        if self._status is None:
            self._status = self._console.status("")
            self._status.start()
        self._status.update(text)

    def _rest(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None
