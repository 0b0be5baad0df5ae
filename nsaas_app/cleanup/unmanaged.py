"""Namespaces that the portal does not manage: which of them could be adopted, and why others not.

Everything comes from the mirror; not one call to the cluster is made for it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..cluster.mirror import Mirror
from ..cluster.objects import Namespace
from ..directory.directory import Directory
from ..domain import keys
from ..domain.actors import Actor
from ..domain.errors import UnavailableError
from ..domain.names import is_reserved
from ..identity.permissions import Permission, ensure_may_anywhere
from ..provisioning.adoption import obstacles_of

__all__ = ["Unmanaged", "UnmanagedList", "UnmanagedNamespaces"]

FRESH_S: Final = 5.0
"""So long one look serves everybody."""
_ENDED: Final = ("Succeeded", "Failed")


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """A namespace of the cluster that no record speaks of and that bears no mark of ours."""

    name: str
    created_at: datetime | None
    pods: int
    """Running ones."""
    obstacles: tuple[str, ...]
    """Why it cannot be adopted as it is; empty where it can."""

    @property
    def is_adoptable(self) -> bool:
        """Whether an adoption can be asked for."""
        return not self.obstacles


@dataclass(frozen=True, slots=True)
class UnmanagedList:
    """All of them at one moment: those that can be adopted first, the oldest first."""

    items: tuple[Unmanaged, ...]
    as_of: datetime


class UnmanagedNamespaces:
    """Tells what else is there."""

    def __init__(
        self, *, mirror: Mirror | None, directory: Directory, clock: Callable[[], datetime]
    ) -> None:
        self._mirror = mirror
        self._directory = directory
        self._clock = clock
        self._latest: tuple[float, UnmanagedList] | None = None

    async def all(self, *, actor: Actor) -> UnmanagedList:
        """Every namespace that is not managed, a few seconds old at most.

        Raises:
            ForbiddenError: cleanup is no matter of the actor's.
            UnavailableError: the cluster was not listed yet.
        """
        ensure_may_anywhere(actor, Permission.CLEANUP_READ)
        if self._mirror is None or not self._mirror.has_synced:
            raise UnavailableError("The namespaces of the cluster are not listed yet.")
        if self._latest is None or time.monotonic() - self._latest[0] > FRESH_S:
            self._latest = (time.monotonic(), self._look(self._mirror))
        return self._latest[1]

    def _look(self, mirror: Mirror) -> UnmanagedList:
        pods = mirror.workloads.pods
        found = [
            _unmanaged(
                one,
                sum(pod.status.phase not in _ENDED for pod in pods.in_namespace(one.metadata.name)),
            )
            for one in mirror.namespaces
            if self._is_nobodys(one)
        ]
        return UnmanagedList(tuple(sorted(found, key=_order)), self._clock())

    def _is_nobodys(self, seen: Namespace) -> bool:
        # With our marks and without a record it is an orphan: that is another list. System
        # namespaces are shown nowhere.
        name = seen.metadata.name
        is_marked = seen.labels.get(keys.MANAGED) == keys.MANAGED_VALUE
        is_ours = is_marked or name.startswith(keys.SCRATCH_PREFIX)
        return not (is_ours or is_reserved(name)) and self._directory.record(name) is None


def _unmanaged(seen: Namespace, pods: int) -> Unmanaged:
    name, created = seen.metadata.name, seen.metadata.creation_timestamp
    return Unmanaged(
        name=name,
        created_at=datetime.fromisoformat(created) if created else None,
        pods=pods,
        obstacles=tuple(words for _, words in obstacles_of(seen)),
    )


def _order(one: Unmanaged) -> tuple[bool, str, str]:
    created = one.created_at.isoformat() if one.created_at else ""
    return not one.is_adoptable, created, one.name
