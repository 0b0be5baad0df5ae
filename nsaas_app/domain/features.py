"""Platform features: every one the product has a name for, and what it would make. Pure.

No part of the portal makes them yet: a request that names one is refused. They are listed so that
people see what there is to wait for, and why.
"""

from dataclasses import dataclass
from typing import Final

__all__ = ["FEATURES", "NOT_MADE", "Feature", "feature_of"]

NOT_MADE: Final = "This portal does not set it up yet."
"""Why none of them can be asked for, whatever the cluster has."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a namespace may have beside quota, network and access."""

    id: str
    title: str
    creates: str
    """The objects it would make, in words."""
    needs: str = ""
    """Key of what must be on the cluster (`insights.integrations`); empty for nothing of it."""
    alias: str = ""
    """An older id that means the same."""


FEATURES: Final = (
    Feature("mesh", "Service mesh",
            "A mesh label, PeerAuthentication, AuthorizationPolicy and Sidecar",
            "istio", "istio-injection"),
    Feature("external-ingress", "External ingress",
            "An HTTPRoute to the gateway, and the network rules that let it in", "gateway"),
    Feature("tls", "TLS certificates", "A Certificate that renews itself", "cert-manager"),
    Feature("monitoring", "Monitoring",
            "A PodMonitor, a ServiceMonitor, a PrometheusRule and the scraper's network rule",
            "prometheus", "monitoring-enhanced"),
    Feature("backup", "Backup", "A Schedule of backups", "velero", "backup-enabled"),
    Feature("gitops", "Delivery from Git",
            "A GitRepository, a Kustomization and the account they act as", "flux"),
    Feature("workload-identity", "Workload identity",
            "A cloud identity, its federated credential and an annotated ServiceAccount", "azure"),
    Feature("azure-storage", "Cloud storage",
            "A ResourceGroup, a StorageAccount and its containers", "azure"),
    Feature("azure-postgres", "PostgreSQL database",
            "A ResourceGroup, a FlexibleServer, its Database and the network rule to it",
            "azure", "database-access"),
    Feature("azure-keyvault", "Key vault", "A ResourceGroup, a Vault and a RoleAssignment",
            "azure"),
    Feature("gpu-access", "GPU", "GPUs in the quota; needs tier medium or larger, and approval"),
    Feature("autoscaling", "Autoscaling by events", "A ScaledObject to begin from", "keda"),
    Feature("secrets-sync", "Secrets from a vault", "A SecretStore", "external-secrets"),
)  # fmt: skip
"""In the order in which they are offered."""

_BY_ID: Final = {
    **{one.alias: one for one in FEATURES if one.alias},
    **{one.id: one for one in FEATURES},
}


def feature_of(name: str) -> Feature | None:
    """Give the feature of an id or an older one; None when there is none of that name."""
    return _BY_ID.get(name)
