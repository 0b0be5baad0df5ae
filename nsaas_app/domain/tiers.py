"""Tiers: quota, container defaults and bounds. The only definition of a size in the product."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from .quantities import parse_quantity

__all__ = ["CPU_RATIO", "EPHEMERAL_DEFAULT", "TIERS", "Tier", "TierSize"]

CPU_RATIO: Final = 10
"""LimitRange maxLimitRequestRatio for CPU, the same in every tier."""
EPHEMERAL_DEFAULT: Final = "500Mi"
"""Container default and limit of ephemeral storage: the quota counts it, so it needs a default."""


class Tier(StrEnum):
    """A named bundle of quota and container defaults."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class TierSize:
    """The numbers of one tier, in Kubernetes notation."""

    quota: dict[str, str]
    """`hard` of the ResourceQuota."""
    default_cpu: str
    default_memory: str
    request_cpu: str
    request_memory: str
    min_cpu: str
    min_memory: str
    max_cpu: str
    max_memory: str
    min_pvc: str
    max_pvc: str

    def amount(self, resource: str) -> Decimal:
        """The quota of one resource by value (cores, bytes or a count)."""
        return parse_quantity(self.quota[resource])


def _size(rows: dict[str, str], *, default_cpu: str, request_cpu: str) -> TierSize:
    return TierSize(
        quota=rows,
        default_cpu=default_cpu,
        default_memory="256Mi",
        request_cpu=request_cpu,
        request_memory="128Mi",
        min_cpu="10m",
        min_memory="16Mi",
        max_cpu=rows["limits.cpu"],
        max_memory=rows["limits.memory"],
        min_pvc="1Gi",
        max_pvc=rows["requests.storage"],
    )


_RESOURCES: Final = (
    "requests.cpu", "limits.cpu", "requests.memory", "limits.memory",
    "requests.storage", "persistentvolumeclaims", "limits.ephemeral-storage",
    "pods", "services", "services.loadbalancers", "services.nodeports",
    "secrets", "configmaps", "count/jobs.batch", "count/cronjobs.batch",
    "count/ingresses.networking.k8s.io", "requests.nvidia.com/gpu",
)  # fmt: skip


def _row(text: str) -> dict[str, str]:
    return dict(zip(_RESOURCES, text.split(), strict=True))


TIERS: Final[dict[Tier, TierSize]] = {
    Tier.MICRO: _size(
        _row("500m 1 1Gi 2Gi 10Gi 5 5Gi 5 3 0 0 20 20 10 3 1 0"),
        default_cpu="200m", request_cpu="50m",
    ),
    Tier.SMALL: _size(
        _row("1 2 2Gi 4Gi 20Gi 10 10Gi 10 5 0 0 30 30 20 5 2 0"),
        default_cpu="200m", request_cpu="50m",
    ),
    Tier.MEDIUM: _size(
        _row("2 4 4Gi 8Gi 50Gi 15 20Gi 20 10 1 0 50 50 50 10 5 0"),
        default_cpu="200m", request_cpu="100m",
    ),
    Tier.LARGE: _size(
        _row("4 8 8Gi 16Gi 100Gi 20 50Gi 50 20 2 0 100 100 100 20 10 0"),
        default_cpu="150m", request_cpu="75m",
    ),
}  # fmt: skip
