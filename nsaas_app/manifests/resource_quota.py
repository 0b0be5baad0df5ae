"""The ResourceQuota: the ceiling of one namespace."""

from ..domain.spec import NamespaceSpec
from .manifest import Manifest, owned_metadata

__all__ = ["QUOTA_NAME", "resource_quota"]

QUOTA_NAME = "nsaas-quota"


def resource_quota(spec: NamespaceSpec) -> Manifest:
    """Build the quota of the tier."""
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": owned_metadata(spec, QUOTA_NAME),
        "spec": {"hard": dict(spec.size.quota)},
    }
