"""Long work on the event loop, done beside everything else."""

import asyncio
import time
from typing import Final

__all__ = ["IN_ONE_GO_S", "Breath"]

IN_ONE_GO_S: Final = 0.005
"""So long may work keep everybody else waiting; a page with many tabs waits for many turns."""


class Breath:
    """Lets others have their turn now and then: work takes half of the loop's time at most."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    async def draw(self) -> None:
        """Call it after each small piece of work; it waits as long as the last few pieces took."""
        took = time.monotonic() - self._since
        if took < IN_ONE_GO_S:
            return
        # A piece that waited for somebody else has let the others have their turn by itself.
        await asyncio.sleep(min(took, 4 * IN_ONE_GO_S))
        self._since = time.monotonic()
