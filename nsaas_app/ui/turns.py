"""When the loop of a page looks again: at once when news end a quiet time, else a turn later."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from ..directory.hub import Hub

__all__ = ["QUIET_S", "TURN_S", "Turns"]

TURN_S: Final = 0.5
"""At most two updates a second reach a browser, however busy the cluster is."""
QUIET_S: Final = 4.0
"""A quiet page still learns every five seconds how old its picture is."""


class Turns:
    """The turns of one loop."""

    def __init__(
        self, hub: Hub, topics: Sequence[str], *, turn_s: float = TURN_S, quiet_s: float = QUIET_S
    ) -> None:
        self._hub = hub
        self._topics = topics
        self.turn_s = turn_s
        self.quiet_s = quiet_s
        self._is_news = True

    def begin(self) -> Mapping[str, int]:
        """Say that the loop looks now; give the versions that it is going to have seen."""
        return self._hub.versions(self._topics)

    async def wait(self, seen: Mapping[str, int]) -> None:
        """Wait until it is time to look again.

        Args:
            seen: what `begin` gave before the look.
        """
        if self._is_news:
            await asyncio.sleep(self.turn_s)
        # A look at the clock alone keeps no news waiting: the first after quiet is shown at once.
        self._is_news = await self._hub.wait_newer(seen, timeout_s=self.quiet_s) != seen
