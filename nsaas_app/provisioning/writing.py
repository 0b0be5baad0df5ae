"""Writing the objects of a namespace: apply what shall be, prune what shall not."""

from collections.abc import Iterable

from ..cluster.client import Cluster
from ..manifests.bundle import Bundle, identity_of
from ..manifests.manifest import Manifest
from .effects import heard_out, repeating

__all__ = ["apply_all", "apply_bundle", "prune"]


async def apply_all(
    cluster: Cluster, manifests: Iterable[Manifest], *, force: bool
) -> tuple[str, ...]:
    """Apply objects of one step at the same time; give what they are.

    Raises:
        ClusterError: the first refusal.
    """
    listed = tuple(manifests)

    async def apply(manifest: Manifest) -> object:
        return await repeating(lambda: cluster.apply(manifest, force=force))

    await heard_out([apply(manifest) for manifest in listed])
    return tuple(identity_of(manifest) for manifest in listed)


async def prune(
    cluster: Cluster, kind: str, namespace: str, *, keep: Iterable[Manifest]
) -> tuple[str, ...]:
    """Delete our objects of a kind that are not to be kept; give what went.

    Raises:
        ClusterError: the first refusal.
    """
    kept = {manifest["metadata"]["name"] for manifest in keep}
    found = await repeating(lambda: cluster.list_managed(kind, namespace))
    gone = [item.metadata for item in found if item.metadata.name not in kept]
    for metadata in gone:
        await repeating(
            lambda m=metadata: cluster.delete(kind, m.name, namespace, uid=m.uid)  # type: ignore[misc]
        )
    return tuple(f"{kind}/{metadata.name}" for metadata in gone)


async def apply_bundle(cluster: Cluster, bundle: Bundle, *, force: bool) -> None:
    """Bring a whole namespace to its bundle, access last.

    Raises:
        ClusterError: the first refusal.
    """
    name = bundle.namespace["metadata"]["name"]
    await apply_all(cluster, (bundle.namespace,), force=force)
    await apply_all(cluster, (*bundle.quota, *bundle.limits, *bundle.network), force=force)
    await prune(cluster, "NetworkPolicy", name, keep=bundle.network)
    await apply_all(cluster, bundle.access, force=force)
    await prune(cluster, "RoleBinding", name, keep=bundle.access)
