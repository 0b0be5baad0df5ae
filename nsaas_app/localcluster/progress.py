"""How long work tells where it stands: a callback, and a ticker for work that is silent itself."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final, Protocol

__all__ = ["HEARTBEAT_SECONDS", "Phase", "Progress", "quiet", "ticking"]

HEARTBEAT_SECONDS: Final = 1.5
"""Below the two seconds after which a person begins to wonder."""


class Progress(Protocol):
    """Receives one line at a time; must return at once."""

    def __call__(
        self, phase: str, *, fraction: float | None = None, elapsed: float | None = None
    ) -> None:
        """Take the phase in words, the share done (0 to 1) and the seconds since it began."""


def quiet(phase: str, *, fraction: float | None = None, elapsed: float | None = None) -> None:
    """Drop every report: for callers that show nothing."""


@dataclass
class Phase:
    """A phase under way: set `text` or `fraction`, and the next report carries them."""

    text: str
    fraction: float | None = None
    began: float = field(default_factory=time.monotonic)


@contextlib.asynccontextmanager
async def ticking(progress: Progress, text: str) -> AsyncIterator[Phase]:
    """Report a phase at once, and again with its elapsed time until the block ends."""
    phase = Phase(text)

    async def tick() -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            elapsed = time.monotonic() - phase.began
            progress(phase.text, fraction=phase.fraction, elapsed=elapsed)

    progress(text)
    ticker = asyncio.create_task(tick())
    try:
        yield phase
    finally:
        ticker.cancel()
