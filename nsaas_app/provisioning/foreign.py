"""What is in a namespace that the portal did not make: read whole, told apart, never touched."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from ..cluster.client import Cluster
from ..domain import keys
from ..manifests.bundle import Bundle, identity_of
from .effects import all_of, repeating

__all__ = ["OWN_KINDS", "Contents", "collisions", "foreign_objects", "read_contents"]

OWN_KINDS: Final = ("ResourceQuota", "LimitRange", "NetworkPolicy", "RoleBinding")
"""Kinds that a namespace is made of; others may have made some too."""

Contents: TypeAlias = Mapping[str, list[dict[str, Any]]]
"""Objects as the API server holds them, by kind."""


async def read_contents(cluster: Cluster, namespace: str, kinds: Iterable[str]) -> Contents:
    """Read every object of some kinds in a namespace.

    Raises:
        ClusterError: the cluster refused or did not answer.
    """
    wanted = tuple(kinds)

    async def read(kind: str) -> list[dict[str, Any]]:
        return await repeating(lambda: cluster.read_all(kind, namespace))

    found = await all_of([read(kind) for kind in wanted])
    return dict(zip(wanted, found, strict=True))


def collisions(planned: Bundle, contents: Contents) -> tuple[str, ...]:
    """Objects of somebody else that have the name of one of ours, as `Kind/name`."""
    names = {identity_of(manifest) for manifest in planned}
    return tuple(name for name in _unmarked(contents) if name in names)


def foreign_objects(planned: Bundle, contents: Contents) -> tuple[str, ...]:
    """Objects of somebody else that stay beside ours, as `Kind/name`."""
    names = {identity_of(manifest) for manifest in planned}
    return tuple(name for name in _unmarked(contents) if name not in names)


def _unmarked(contents: Contents) -> list[str]:
    return [
        f"{kind}/{item['metadata']['name']}"
        for kind in OWN_KINDS
        for item in contents[kind]
        if (item["metadata"].get("labels") or {}).get(keys.MANAGED) != keys.MANAGED_VALUE
    ]
