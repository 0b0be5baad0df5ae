"""Open connections by login session or token: counted per person, cut when the session ends."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ..domain.actors import Actor

__all__ = ["LiveConnections"]


class LiveConnections:
    """The connections of this process."""

    def __init__(self, *, per_person: int) -> None:
        self._per_person = per_person
        self._open: dict[str, set[asyncio.Event]] = {}
        self._counts: dict[str, int] = {}

    def is_full_for(self, actor: Actor) -> bool:
        """Whether the person has as many as one may have."""
        return self._counts.get(actor.subject, 0) >= self._per_person

    @contextmanager
    def counted(self, actor: Actor) -> Iterator[None]:
        """Count a connection for a block; it sees to its own end."""
        subject = actor.subject
        self._counts[subject] = self._counts.get(subject, 0) + 1
        try:
            yield
        finally:
            self._counts[subject] -= 1
            if not self._counts[subject]:
                del self._counts[subject]

    @contextmanager
    def opened(self, actor: Actor) -> Iterator[asyncio.Event]:
        """Register a connection for a block; the event is set when it must end."""
        session, cut = actor.session, asyncio.Event()
        self._open.setdefault(session, set()).add(cut)
        try:
            with self.counted(actor):
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
