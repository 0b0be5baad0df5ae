"""The Namespace object: first as it is created, then whole."""

from datetime import UTC, datetime

from ..domain import keys
from ..domain.environments import POLICIES
from ..domain.spec import NamespaceSpec
from .manifest import Manifest, ownership_labels

__all__ = ["namespace", "namespace_claim"]


def _timestamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def namespace_claim(spec: NamespaceSpec, *, request_id: str) -> Manifest:
    """Build the object of the first POST: only what never changes.

    Server-side apply never says "name taken", so the name is claimed by POST. Whatever a POST
    sends is co-owned with the later apply and could never be changed or dropped again.
    """
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": str(spec.name),
            "labels": ownership_labels(spec),
            "annotations": {keys.REQUEST_ID: request_id},
        },
    }


def namespace(spec: NamespaceSpec, *, request_id: str, provisioned_at: datetime) -> Manifest:
    """Build the whole object, Pod Security labels and the contract's annotations included."""
    optional = {
        keys.COST_CENTER: spec.cost_center,
        keys.DISPLAY_NAME: spec.display_name,
        keys.DESCRIPTION: spec.description,
        keys.EXPIRES_AT: _timestamp(spec.expires_at) if spec.expires_at else "",
    }
    annotations = {
        **spec.annotations,
        keys.PROVISIONED_BY: keys.PROVISIONED_BY_VALUE,
        keys.PROVISIONED_AT: _timestamp(provisioned_at),
        keys.REQUEST_ID: request_id,
        keys.OWNER: spec.owner,
        **{key: value for key, value in optional.items() if value},
    }
    labels = {
        **spec.labels,
        **ownership_labels(spec),
        keys.TIER: spec.tier.value,
        keys.NETWORK: spec.network.preset.value,
        f"{keys.POD_SECURITY}/enforce": POLICIES[spec.environment].pod_security,
        f"{keys.POD_SECURITY}/warn": "restricted",
        f"{keys.POD_SECURITY}/audit": "restricted",
    }
    metadata = {"name": str(spec.name), "labels": labels, "annotations": annotations}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
