"""What runs beside the namespaces of teams: only that tells how the platform itself is set up."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from ..cluster.mirror import Mirror
from ..cluster.objects import Object
from ..domain import keys

__all__ = ["outside_teams"]

T = TypeVar("T", bound=Object)


def outside_teams(mirror: Mirror, found: Iterable[T]) -> Iterator[T]:
    """Leave out what lies in a managed namespace, or in one that the mirror does not show.

    In there a team names its workloads as it likes: a Deployment `velero` of a team is no Velero.
    """
    for one in found:
        namespace = mirror.namespaces.get(one.metadata.namespace)
        if namespace is not None and namespace.labels.get(keys.MANAGED) != keys.MANAGED_VALUE:
            yield one
