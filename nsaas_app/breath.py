"""Long work on the event loop, done beside everything else."""

import asyncio
import time
from typing import Final

__all__ = ["IN_NO_HURRY", "IN_ONE_GO_S", "Breath"]

IN_ONE_GO_S: Final = 0.005
"""So long may work keep everybody else waiting; a page with many tabs waits for many turns."""

IN_NO_HURRY: Final = 4.0
"""The rest of work for which nobody waits: it takes a fifth of the time."""


class Breath:
    """Lets others have their turn now and then: work takes a part of the loop's time at most."""

    def __init__(self, rest: float = 1.0) -> None:
        """Begin.

        Args:
            rest: so many times as long as it worked it waits; with 1 it takes half of the time.
        """
        self._rest = rest
        self._since = time.monotonic()

    async def draw(self) -> None:
        """Call it after each small piece of work; it waits in measure of what the pieces took."""
        took = time.monotonic() - self._since
        if took < IN_ONE_GO_S:
            return
        # A piece that waited for somebody else has let the others have their turn by itself.
        await asyncio.sleep(self._rest * min(took, 4 * IN_ONE_GO_S))
        self._since = time.monotonic()
