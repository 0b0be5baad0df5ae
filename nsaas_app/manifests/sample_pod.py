"""A pod that every namespace must admit: quota, defaults and Pod Security agree on it."""

from ..domain.spec import NamespaceSpec
from .manifest import Manifest, owned_metadata

__all__ = ["sample_pod"]


def sample_pod(spec: NamespaceSpec) -> Manifest:
    """Build a restricted pod that states no resources: the LimitRange has to fill them in."""
    container = {
        "name": "sample",
        "image": "registry.invalid/sample",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": owned_metadata(spec, "nsaas-sample"),
        "spec": {
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [container],
        },
    }
