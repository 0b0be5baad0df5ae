"""How long a page was cut off from the server, and for how long that is worth a word. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

__all__ = ["Gap"]

_LEAST: Final = timedelta(seconds=8)
"""A page is told something at least every five seconds, and a reload takes a moment."""
_TOLD_FOR: Final = timedelta(seconds=4)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without news; none at all where `until` is None."""

    missed: timedelta = timedelta(0)
    until: datetime | None = None

    @classmethod
    def between(cls, before: datetime | None, now: datetime) -> Self:
        """Measure from the last push, None when the page was not shown before."""
        if before is None or now - before < _LEAST:
            return cls()
        return cls(now - before, now)

    def seconds_to_tell(self, now: datetime) -> int:
        """Whole seconds that were missed, as long as that is news; else 0."""
        is_news = self.until is not None and now - self.until < _TOLD_FOR
        return int(self.missed.total_seconds()) if is_news else 0
