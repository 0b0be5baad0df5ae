"""Reading what runs in a namespace as manifests. Secrets are not asked for."""

import asyncio
from collections.abc import Iterable

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError
from ..cluster.paths import RESOURCES
from ..domain import keys
from ..domain.exports import Archive
from ..domain.namespaces import ManagedNamespace
from ..domain.sleep import SleepingWorkload
from ..manifests.exported import EXPORTED, exported, is_made_by_cluster
from ..manifests.manifest import Manifest
from .archive import packed
from .effects import all_of, repeating

__all__ = ["export_of"]

_LOST = {
    "Pod": "a pod on its own is no workload",
    "Job": "it has run",
}
"""Kinds that are named and left out, and why."""


async def export_of(
    cluster: Cluster,
    record: ManagedNamespace,
    *,
    sleepers: Iterable[SleepingWorkload] = (),
    may_lack: bool = False,
) -> Archive:
    """Read a namespace and pack it.

    Args:
        cluster: it runs there.
        record: what is known of it.
        sleepers: what its workloads go back to.
        may_lack: whether a kind that may not be read is named and left out. Never before a
            deletion: what nobody has read would be lost.

    Raises:
        ClusterError: the cluster did not answer, or may not be read.
    """
    name = str(record.name)
    notes: list[str] = []
    noted = notes if may_lack else None
    found = await all_of(_manifests(cluster, kind, name, noted) for kind in EXPORTED)
    for kind, reason in _LOST.items():
        items = await repeating(lambda k=kind: cluster.read_all(k, name))  # type: ignore[misc]
        notes += [
            f"{kind} {item['metadata']['name']}: {reason}."
            for item in items
            if not is_made_by_cluster(kind, item)
        ]
    manifests = [manifest for listed in found for manifest in listed]
    return await asyncio.to_thread(
        packed, record, manifests, sleepers=tuple(sleepers), left_out=sorted(notes)
    )


async def _manifests(
    cluster: Cluster, kind: str, namespace: str, notes: list[str] | None
) -> list[Manifest]:
    try:
        items = await repeating(lambda: cluster.read_all(kind, namespace))
    except ClusterError as error:
        if error.code != "K8S_FORBIDDEN" or notes is None:
            raise
        notes.append(f"{kind}: the portal may not read these here.")
        return []
    theirs = [
        item
        for item in items
        if not is_made_by_cluster(kind, item)
        and (item["metadata"].get("labels") or {}).get(keys.MANAGED) != keys.MANAGED_VALUE
    ]
    # Items of a list do not say what they are.
    versions = {"apiVersion": RESOURCES[kind].api_version, "kind": kind}
    return [
        exported(kind, versions | item)
        for item in sorted(theirs, key=lambda item: str(item["metadata"]["name"]))
    ]
