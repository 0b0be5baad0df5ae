"""The hub: a version per topic and waiters that wake when one of theirs moves."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

__all__ = [
    "CLEANUP",
    "FEED",
    "FRESHNESS",
    "NAMESPACES",
    "REQUESTS",
    "SESSIONS",
    "TEAMS",
    "Hub",
    "namespace_topic",
    "request_topic",
    "tab_topic",
]

NAMESPACES: Final = "namespaces"
"""Something in the list or the totals changed."""
REQUESTS: Final = "requests"
TEAMS: Final = "teams"
"""A team was created or changed."""
CLEANUP: Final = "cleanup"
"""A sweep ended, or a plan moved."""
FEED: Final = "feed"
"""A line was added to the feed of changes."""
FRESHNESS: Final = "freshness"
"""How old the picture is changed its word: live, delayed, stale."""
SESSIONS: Final = "sessions"
"""A login session or token ended: whoever pushes asks again whether theirs still lives."""


def namespace_topic(name: str) -> str:
    """Topic of one namespace."""
    return f"namespace:{name}"


def request_topic(request_id: str) -> str:
    """Topic of one request."""
    return f"request:{request_id}"


def tab_topic(tab: str) -> str:
    """Topic of one tab's connection: it ended, or the tab shows another page."""
    return f"connection:{tab}"


class Hub:
    """Publishes that a topic moved. Holds no data: whoever wakes reads the directory."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._waiters: dict[str, set[asyncio.Event]] = {}

    def publish(self, *topics: str) -> None:
        """Move topics forward and wake who waits for any of them. Never blocks."""
        for topic in topics:
            self._versions[topic] = self._versions.get(topic, 0) + 1
            for waiter in self._waiters.get(topic, ()):
                waiter.set()

    def versions(self, topics: Iterable[str]) -> dict[str, int]:
        """The current version of each topic; 0 where nothing happened yet."""
        return {topic: self._versions.get(topic, 0) for topic in topics}

    async def wait_newer(self, seen: Mapping[str, int], *, timeout_s: float) -> dict[str, int]:
        """Wait until any topic is newer than seen, or the time is over; give the versions now."""
        now = self.versions(seen)
        if now != dict(seen):
            return now
        waiter = asyncio.Event()
        for topic in seen:
            self._waiters.setdefault(topic, set()).add(waiter)
        try:
            async with asyncio.timeout(timeout_s):
                await waiter.wait()
        except TimeoutError:
            pass
        finally:
            for topic in seen:
                waiters = self._waiters[topic]
                waiters.discard(waiter)
                if not waiters:
                    del self._waiters[topic]
        return self.versions(seen)

    def is_known(self, topic: str) -> bool:
        """Whether anything happened to a topic since it was forgotten."""
        return topic in self._versions

    def forget(self, topic: str) -> None:
        """Keep nothing of a topic that nobody is going to look at any more."""
        self._versions.pop(topic, None)

    def waiting(self, topic: str) -> int:
        """How many waits for news of a topic are open."""
        return len(self._waiters.get(topic, ()))
