"""What every object the portal writes has in common."""

from typing import Any, TypeAlias

from ..domain import keys
from ..domain.spec import NamespaceSpec

__all__ = ["Manifest", "owned_metadata", "ownership_labels"]

Manifest: TypeAlias = dict[str, Any]
"""A Kubernetes object as we send it."""


def ownership_labels(spec: NamespaceSpec) -> dict[str, str]:
    """Labels that say whose the object is; admission policies protect what carries them."""
    return {
        keys.MANAGED: keys.MANAGED_VALUE,
        keys.TEAM: str(spec.team),
        keys.ENVIRONMENT: spec.environment.value,
    }


def owned_metadata(spec: NamespaceSpec, name: str) -> Manifest:
    """Metadata of an object inside the namespace."""
    return {"name": name, "namespace": str(spec.name), "labels": ownership_labels(spec)}
