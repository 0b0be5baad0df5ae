"""Drift that is over: what a repair put right within a blink is still told of for a while."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from ..domain.drift import DriftItem, Remedy, Repaired

__all__ = ["TOLD_FOR", "RepairNotes"]

TOLD_FOR: Final = timedelta(hours=1)
"""For so long a page still tells of a repair; the audit log keeps it for good."""
_REPAIRABLE: Final = (Remedy.AUTOMATIC, Remedy.OFFERED, Remedy.STOPPED)


class RepairNotes:
    """The last repair of each namespace, as this process saw it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._last: dict[str, Repaired] = {}

    def compare(self, name: str, before: tuple[DriftItem, ...], now: tuple[DriftItem, ...]) -> None:
        """Note what differed before and is as asked now."""
        left = {item.object for item in now}
        gone = [one.object for one in before if one.remedy in _REPAIRABLE]
        mended = tuple(sorted(set(gone) - left))
        if mended:
            self._last[name] = Repaired(mended, self._clock())

    def forget(self, name: str) -> None:
        """Drop what is known of a namespace."""
        self._last.pop(name, None)

    def of(self, name: str) -> Repaired | None:
        """Give the last repair, unless it is too long ago to be told."""
        found = self._last.get(name)
        if found is None or self._clock() - found.at > TOLD_FOR:
            return None
        return found
