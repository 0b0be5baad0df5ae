"""The feed: what changed, in order, for streams that want to resume where they stopped."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from ..domain.names import TeamName

__all__ = ["Change", "Feed"]

KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the feed."""

    id: int
    event: str
    """`request.updated` or `namespace.updated`."""
    team: TeamName
    key: str
    """Request id or name of the namespace; the reader looks up how it stands now."""


class Feed:
    """The last changes of this process, oldest first."""

    def __init__(self, publish: Callable[[str], None], topic: str, *, start: int) -> None:
        self._publish = publish
        self._topic = topic
        self._changes: deque[Change] = deque(maxlen=KEPT)
        # Ids go on growing over a restart, so that a resumed stream is seen to have a gap.
        self._last = start

    @property
    def last_id(self) -> int:
        """Id of the newest change."""
        return self._last

    def add(self, event: str, *, team: TeamName, key: str) -> None:
        """Note a change and wake the streams."""
        self._last += 1
        self._changes.append(Change(self._last, event, team, key))
        self._publish(self._topic)

    def since(self, last_id: int) -> tuple[list[Change], bool]:
        """Changes after an id, and whether some before them are not known here.

        An id that this process never gave, from before a restart or from another replica, is a gap.
        """
        oldest = self._changes[0].id if self._changes else self._last + 1
        is_gap = not oldest - 1 <= last_id <= self._last
        # From the newest back: a long feed is not walked through for its last line.
        count = min(max(self._last - last_id, 0), len(self._changes))
        return list(islice(reversed(self._changes), count))[::-1], is_gap
