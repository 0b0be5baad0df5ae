"""Drift that is over: what a repair put right within a blink is still told of for a while."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

from ..domain.access import AccessGrant
from ..domain.drift import DriftItem, Remedy, Repaired
from ..manifests.role_bindings import binding_name

__all__ = ["TOLD_FOR", "RepairNotes", "ended_lately"]

TOLD_FOR: Final = timedelta(hours=1)
"""For so long a page still tells of a repair; the audit log keeps it for good."""
_LATELY: Final = timedelta(minutes=1)
"""Within so long what is put right object by object is one repair, and an end is taking effect."""
_REPAIRABLE: Final = (Remedy.AUTOMATIC, Remedy.OFFERED, Remedy.STOPPED)


def ended_lately(access: Collection[AccessGrant], now: datetime) -> frozenset[str]:
    """Name the bindings in which somebody's access ends just now, as it was asked to."""
    return frozenset(
        f"RoleBinding/{binding_name(grant.role)}"
        for grant in access
        if grant.expires_at is not None and grant.expires_at <= now < grant.expires_at + _LATELY
    )


class RepairNotes:
    """The last repair of each namespace, as this process saw it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._last: dict[str, Repaired] = {}

    def compare(
        self,
        name: str,
        before: tuple[DriftItem, ...],
        now: tuple[DriftItem, ...],
        *,
        planned: Collection[str] = (),
    ) -> None:
        """Note what differed before and is as asked now.

        Args:
            name: of the namespace.
            before: what differed.
            now: what differs still.
            planned: objects that the portal itself had to change by now: nobody tampered with them.
        """
        left = {item.object for item in now}
        gone = {one.object for one in before if one.remedy in _REPAIRABLE}
        mended = gone - left - set(planned)
        if not mended:
            return
        at, last = self._clock(), self._last.get(name)
        if last is not None and at - last.at < _LATELY:
            mended |= set(last.objects)
        self._last[name] = Repaired(tuple(sorted(mended)), at)

    def forget(self, name: str) -> None:
        """Drop what is known of a namespace."""
        self._last.pop(name, None)

    def of(self, name: str) -> Repaired | None:
        """Give the last repair, unless it is too long ago to be told."""
        found = self._last.get(name)
        if found is None or self._clock() - found.at > TOLD_FOR:
            return None
        return found
