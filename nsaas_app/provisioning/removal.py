"""Taking back a namespace that a request created: exactly that one, and nothing of anybody else."""

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError, Verdict
from ..cluster.mirror import Mirror
from ..cluster.objects import Namespace
from ..domain import keys
from .effects import repeating

__all__ = ["confirm_and_delete", "remove_created"]


async def remove_created(
    cluster: Cluster,
    mirror: Mirror,
    *,
    name: str,
    request_id: str,
    uid: str = "",
    within_s: float,
) -> bool:
    """Delete the namespace that this request created and wait until it is gone.

    A namespace of that name that carries another request id, or another uid where one is known, is
    left alone.

    Args:
        cluster: where it is.
        mirror: tells when it is gone.
        name: the namespace.
        request_id: what created it.
        uid: which namespace of that name, where that is known.
        within_s: how long to wait for its end.

    Returns:
        Whether nothing of the request is left.

    Raises:
        ClusterError: the cluster refused or did not answer.
    """
    seen = await repeating(lambda: cluster.get("Namespace", name, model=Namespace))
    if seen is None or seen.annotations.get(keys.REQUEST_ID) != request_id:
        return True
    if uid not in ("", seen.metadata.uid):
        return True
    if keys.ADOPT in seen.annotations:
        # It was there before us, with everything in it, and its adoption has not come to its end.
        message = f"Namespace {name} was not created by the portal and is not fully adopted."
        raise ClusterError(message, code="NOT_MANAGED", verdict=Verdict.PERMANENT)
    uid = seen.metadata.uid
    if seen.metadata.deletion_timestamp is None:
        await confirm_and_delete(cluster, name, uid)
    return await mirror.until(
        name,
        lambda: (now := mirror.namespaces.get(name)) is None or now.metadata.uid != uid,
        timeout_s=within_s,
    )


async def confirm_and_delete(cluster: Cluster, name: str, uid: str) -> None:
    """Begin the deletion of exactly that namespace; what is gone already is as good.

    Raises:
        ClusterError: the cluster refused or did not answer.
    """
    # The guard policy refuses every deletion without this word, the portal's own included.
    confirmation = {"metadata": {"uid": uid, "annotations": {keys.CONFIRM_DELETION: name}}}
    try:
        await repeating(lambda: cluster.merge("Namespace", name, confirmation))
        await repeating(lambda: cluster.delete("Namespace", name, uid=uid))
    except ClusterError as error:
        is_gone = error.verdict is Verdict.PERMANENT and error.code in ("NOT_FOUND", "UID_CHANGED")
        if not is_gone:
            raise
