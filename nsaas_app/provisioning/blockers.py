"""What holds the deletion of a namespace up, read from the mirror."""

from collections import defaultdict

from ..cluster.mirror import Mirror
from ..cluster.objects import Namespace
from ..domain.stuck import Blocker, blockers_of

__all__ = ["blockers_in"]


def blockers_in(mirror: Mirror, thing: Namespace) -> tuple[Blocker, ...]:
    """Name everything in the way of a namespace that goes away, the last resorts included."""
    name = thing.metadata.name
    conditions = thing.status.conditions or ()
    return blockers_of(
        name,
        {one.type: one.message for one in conditions if one.status == "True"},
        finalizers=thing.metadata.finalizers or (),
        held=_held(mirror, name),
    )


def _held(mirror: Mirror, name: str) -> dict[str, tuple[str, ...]]:
    """Objects in a namespace that carry finalizers, by finalizer."""
    found: dict[str, list[str]] = defaultdict(list)
    for reflector in (*mirror.reflectors, *mirror.cloud.reflectors):
        for item in reflector.cache.in_namespace(name):
            for finalizer in item.metadata.finalizers or ():
                found[finalizer].append(f"{reflector.kind}/{item.metadata.name}")
    return {finalizer: tuple(sorted(names)) for finalizer, names in found.items()}
