"""Which namespace a report is about, and whether the reader may know of it."""

from ..directory.directory import Directory
from ..domain.actors import Actor
from ..domain.errors import NotFoundError
from ..domain.namespaces import ManagedNamespace
from ..identity.permissions import Permission, ensure_may

__all__ = ["readable"]


def readable(directory: Directory, name: str, *, actor: Actor) -> ManagedNamespace:
    """Give the record of a namespace the actor may read.

    Raises:
        NotFoundError: there is none, or it is not the actor's to see.
        ForbiddenError: the token lacks the scope to read.
    """
    row = directory.row(name, actor=actor)
    ensure_may(actor, Permission.NAMESPACE_READ, row.team, kind="namespace", name=name)
    record = directory.record(name)
    if record is None:
        raise NotFoundError("namespace", name)
    return record
