"""How a namespace ends: what holds its deletion up, and who had it deleted once it is gone."""

from dataclasses import dataclass, replace
from datetime import datetime

from ..cluster.mirror import Mirror
from ..directory.directory import Directory
from ..directory.requests import RequestBoard, RequestQuery
from ..domain.actors import Actor
from ..domain.namespaces import Intent
from ..domain.requests import ProvisioningRequest, RequestKind
from ..domain.stuck import Blocker
from ..provisioning.blockers import blockers_in
from .lookup import readable

__all__ = ["Ending", "Endings"]


@dataclass(frozen=True, slots=True)
class Ending:
    """That a namespace was given up, or is gone for good."""

    name: str
    by: str = ""
    """Who asked for it; empty where that is not known any more."""
    at: datetime | None = None


class Endings:
    """Tells of ends, from memory. The last resorts are for cleanup alone."""

    def __init__(self, *, directory: Directory, mirror: Mirror | None, board: RequestBoard) -> None:
        self._directory = directory
        self._mirror = mirror
        self._board = board

    def blockers(self, name: str, *, actor: Actor) -> tuple[Blocker, ...]:
        """What is in the way of its deletion; nothing where it does not go away.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        record = readable(self._directory, name, actor=actor)
        seen = self._mirror.namespaces.get(name) if self._mirror is not None else None
        if self._mirror is None or seen is None or seen.metadata.deletion_timestamp is None:
            return ()
        if record.uid not in ("", seen.metadata.uid):
            return ()
        return tuple(replace(one, force="") for one in blockers_in(self._mirror, seen))

    def ending(self, name: str, *, actor: Actor) -> Ending | None:
        """That it was deleted for good; None where it was not, or was not the actor's to see."""
        record = self._directory.tombstone(name)
        if record is None or actor.role_in(record.team) is None:
            return None
        found = self._latest(name, RequestKind.DELETE, actor)
        return Ending(name, found.requested_by, found.finished_at) if found else Ending(name)

    def release(self, name: str, *, actor: Actor) -> Ending | None:
        """By whom and when it was released; None where it was not.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        if readable(self._directory, name, actor=actor).intent is not Intent.RELEASED:
            return None
        found = self._latest(name, RequestKind.RELEASE, actor)
        return Ending(name, found.requested_by, found.finished_at) if found else Ending(name)

    def _latest(self, name: str, kind: RequestKind, actor: Actor) -> ProvisioningRequest | None:
        query = RequestQuery(namespace=name, kind=kind.value, limit=1)
        return next(iter(self._board.find(query, actor=actor).items), None)
