"""Open connections by login session or token: when that ends, they are cut."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

__all__ = ["LiveConnections"]


class LiveConnections:
    """The connections of this process."""

    def __init__(self) -> None:
        self._open: dict[str, set[asyncio.Event]] = {}

    @contextmanager
    def opened(self, session: str) -> Iterator[asyncio.Event]:
        """Register a connection for a block; the event is set when it must end."""
        cut = asyncio.Event()
        self._open.setdefault(session, set()).add(cut)
        try:
            yield cut
        finally:
            remaining = self._open[session]
            remaining.discard(cut)
            if not remaining:
                del self._open[session]

    @property
    def sessions(self) -> frozenset[str]:
        """Sessions with at least one connection."""
        return frozenset(self._open)

    def cut(self, sessions: Iterable[str]) -> None:
        """End every connection of these sessions."""
        for session in sessions:
            for event in self._open.get(session, ()):
                event.set()
