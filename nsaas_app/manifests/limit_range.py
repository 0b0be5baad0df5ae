"""The LimitRange: what a container gets when it asks for nothing, and how far it may go."""

from ..domain.spec import NamespaceSpec
from ..domain.tiers import CPU_RATIO, EPHEMERAL_DEFAULT
from .manifest import Manifest, owned_metadata

__all__ = ["LIMIT_RANGE_NAME", "limit_range"]

LIMIT_RANGE_NAME = "nsaas-container-defaults"


def limit_range(spec: NamespaceSpec) -> Manifest:
    """Build container defaults and bounds and the bounds of volume claims."""
    size = spec.size
    container = {
        "type": "Container",
        "default": {
            "cpu": size.default_cpu,
            "memory": size.default_memory,
            "ephemeral-storage": EPHEMERAL_DEFAULT,
        },
        "defaultRequest": {
            "cpu": size.request_cpu,
            "memory": size.request_memory,
            "ephemeral-storage": EPHEMERAL_DEFAULT,
        },
        "min": {"cpu": size.min_cpu, "memory": size.min_memory},
        "max": {"cpu": size.max_cpu, "memory": size.max_memory},
        "maxLimitRequestRatio": {"cpu": str(CPU_RATIO)},
    }
    claim = {
        "type": "PersistentVolumeClaim",
        "min": {"storage": size.min_pvc},
        "max": {"storage": size.max_pvc},
    }
    return {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": owned_metadata(spec, LIMIT_RANGE_NAME),
        "spec": {"limits": [container, claim]},
    }
