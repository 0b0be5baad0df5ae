"""Is the namespace in the cluster the one our record means? Asked before every effect on it."""

from datetime import datetime

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError, Verdict
from ..cluster.objects import Namespace
from ..domain import keys
from ..domain.namespaces import ManagedNamespace
from .dry_run import answered
from .effects import repeating

__all__ = ["not_ours", "refusal_of", "require_ours", "terminating"]


def terminating(name: str) -> ClusterError:
    """A namespace of that name is still going away."""
    message = f'namespaces "{name}" is being terminated'
    return ClusterError(message, code="NS_TERMINATING", verdict=Verdict.RETRY)


def not_ours(seen: Namespace) -> ClusterError:
    """A namespace of that name exists that no request of ours created."""
    if seen.metadata.deletion_timestamp is not None:
        return terminating(seen.metadata.name)
    message = f'namespaces "{seen.metadata.name}" already exists{_since(seen)}'
    return ClusterError(message, code="NS_EXISTS", verdict=Verdict.PERMANENT)


def _since(seen: Namespace) -> str:
    at = seen.metadata.creation_timestamp
    return f" since {datetime.fromisoformat(at):%d %b %Y}" if at else ""


async def require_ours(cluster: Cluster, record: ManagedNamespace) -> Namespace:
    """Read the record's namespace and make sure that it is that very one.

    Raises:
        ClusterError: `NOT_FOUND`, `UID_CHANGED`, `NOT_MANAGED` or `NS_TERMINATING`.
    """
    name = str(record.name)
    seen = await repeating(lambda: cluster.get("Namespace", name, model=Namespace))
    return _proven(seen, record)


async def refusal_of(cluster: Cluster, record: ManagedNamespace) -> ClusterError | None:
    """Look once: why the namespace is not the record's, None when it is.

    Raises:
        UnavailableError: the cluster does not answer.
    """
    seen = await answered(cluster.get("Namespace", str(record.name), model=Namespace))
    try:
        _proven(seen, record)
    except ClusterError as error:
        return error
    return None


def _proven(seen: Namespace | None, record: ManagedNamespace) -> Namespace:
    name = str(record.name)
    if seen is None:
        message = f"Namespace {name} is missing in the cluster."
        raise ClusterError(message, code="NOT_FOUND", verdict=Verdict.PERMANENT)
    if record.uid and seen.metadata.uid != record.uid:
        message = f"Namespace {name} was recreated: it is another object than the record's."
        raise ClusterError(message, code="UID_CHANGED", verdict=Verdict.PERMANENT)
    if seen.annotations.get(keys.REQUEST_ID) != record.request_id:
        message = f"Namespace {name} does not carry our request id."
        raise ClusterError(message, code="NOT_MANAGED", verdict=Verdict.PERMANENT)
    if seen.metadata.deletion_timestamp is not None:
        raise terminating(name)
    return seen
