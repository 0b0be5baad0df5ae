"""What else on the cluster the portal can work with: found, in which version, and ready."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ..cluster.discovery import ServedKind, served_kinds
from ..cluster.mirror import Mirror
from .surroundings import outside_teams

__all__ = [
    "KNOWN",
    "Integration",
    "Known",
    "Readiness",
    "integrations_among",
    "review_integrations",
]


class Readiness(StrEnum):
    """Whether an integration works."""

    READY = "ready"
    NOT_READY = "not-ready"
    """Its API is there, its controller has no available replica."""
    UNKNOWN = "unknown"
    """Its API is there, its controller is not seen."""
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Known:
    """One thing the portal knows to look for."""

    key: str
    title: str
    gives: str
    """What a namespace has of it."""
    group: str
    """Its API group; a group may serve several."""
    controllers: tuple[str, ...] = ()
    """Names of the Deployments that make it work; none where there is no such Deployment."""


KNOWN: Final = (
    Known("metrics", "Metrics API", "What containers really use of CPU and memory",
          "metrics.k8s.io", ("metrics-server",)),
    Known("gateway", "Gateway API", "Reaching a service from outside", "gateway.networking.k8s.io"),
    Known("istio", "Istio", "A service mesh: mutual TLS and rules between services",
          "networking.istio.io", ("istiod",)),
    Known("cert-manager", "cert-manager", "TLS certificates that renew themselves",
          "cert-manager.io", ("cert-manager",)),
    Known("flux", "Flux", "Delivery from Git", "kustomize.toolkit.fluxcd.io",
          ("kustomize-controller", "source-controller")),
    Known("prometheus", "Prometheus operator", "Scraping and alerts", "monitoring.coreos.com",
          ("prometheus-operator", "kube-prometheus-stack-operator")),
    Known("velero", "Velero", "Backups on a schedule", "velero.io", ("velero",)),
    Known("keda", "KEDA", "Scaling by events, down to nothing", "keda.sh", ("keda-operator",)),
    Known("external-secrets", "External Secrets", "Secrets from a vault", "external-secrets.io",
          ("external-secrets",)),
    Known("azure", "Azure Service Operator", "Storage, databases and vaults of Azure",
          "resources.azure.com", ("azureserviceoperator-controller-manager",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Integration:
    """One of them as the cluster shows it."""

    known: Known
    version: str
    """The version of its API that the cluster prefers; empty where it is absent."""
    readiness: Readiness
    reason: str
    seen_at: datetime


def integrations_among(
    kinds: Iterable[ServedKind], controllers: Mapping[str, int], *, now: datetime
) -> tuple[Integration, ...]:
    """Judge by the kinds that are served and the replicas that are available.

    Args:
        kinds: every kind the API server serves.
        controllers: available replicas by the name of a Deployment, those of teams left out.
        now: when that was seen.
    """
    versions: dict[str, str] = {}
    for kind in kinds:
        versions.setdefault(kind.group, kind.resource.api_version.rsplit("/", 1)[-1])
    return tuple(_judged(known, versions, controllers, now) for known in KNOWN)


def _judged(
    known: Known, versions: Mapping[str, str], controllers: Mapping[str, int], now: datetime
) -> Integration:
    version = versions.get(known.group, "")
    if not version:
        reason = f"API {known.group} is not installed on this cluster."
        return Integration(known, "", Readiness.ABSENT, reason, now)
    if not known.controllers:
        reason = f"API {known.group} is served; which controller answers it is up to the cluster."
        return Integration(known, version, Readiness.UNKNOWN, reason, now)
    seen = {name: controllers[name] for name in known.controllers if name in controllers}
    if not seen:
        names = " or ".join(known.controllers)
        reason = f"Its API is served, and no Deployment {names} is seen."
        return Integration(known, version, Readiness.UNKNOWN, reason, now)
    down = [name for name, available in seen.items() if not available]
    if down:
        reason = f"Deployment {', '.join(down)} has no available replica."
        return Integration(known, version, Readiness.NOT_READY, reason, now)
    reason = f"Deployment {', '.join(seen)} is available."
    return Integration(known, version, Readiness.READY, reason, now)


async def review_integrations(
    mirror: Mirror, kinds: Iterable[ServedKind] | None = None, *, now: datetime
) -> tuple[Integration, ...]:
    """Look at the cluster; `kinds` saves the one call when they are known already.

    Raises:
        ClusterError: it does not answer, or knows no aggregated discovery.
    """
    served = await served_kinds(mirror.cluster) if kinds is None else kinds
    controllers: dict[str, int] = {}
    for one in outside_teams(mirror, mirror.workloads.deployments):
        name = one.metadata.name
        controllers[name] = controllers.get(name, 0) + (one.status.available_replicas or 0)
    return integrations_among(served, controllers, now=now)
