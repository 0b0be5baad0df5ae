"""Where a kind lives on the API server."""

from dataclasses import dataclass
from typing import Any, Final

__all__ = ["RESOURCES", "Resource", "path_of", "resource_of"]


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind: its API prefix and plural."""

    kind: str
    prefix: str
    plural: str
    is_namespaced: bool = True

    @property
    def api_version(self) -> str:
        """As manifests write it: `v1`, `apps/v1`."""
        return self.prefix.removeprefix("/apis/").removeprefix("/api/")

    def collection(self, namespace: str = "") -> str:
        """Path of the list, over all namespaces unless one is named."""
        middle = f"/namespaces/{namespace}" if namespace and self.is_namespaced else ""
        return f"{self.prefix}{middle}/{self.plural}"

    def item(self, name: str, namespace: str = "") -> str:
        """Path of one object."""
        return f"{self.collection(namespace)}/{name}"


_NETWORKING: Final = "/apis/networking.k8s.io/v1"
_BATCH: Final = "/apis/batch/v1"
_RBAC: Final = "/apis/rbac.authorization.k8s.io/v1"
_ADMISSION: Final = "/apis/admissionregistration.k8s.io/v1"

RESOURCES: Final[dict[str, Resource]] = {
    resource.kind: resource
    for resource in (
        Resource("Namespace", "/api/v1", "namespaces", is_namespaced=False),
        Resource("ResourceQuota", "/api/v1", "resourcequotas"),
        Resource("LimitRange", "/api/v1", "limitranges"),
        Resource("ServiceAccount", "/api/v1", "serviceaccounts"),
        Resource("ConfigMap", "/api/v1", "configmaps"),
        Resource("Pod", "/api/v1", "pods"),
        Resource("Event", "/api/v1", "events"),
        Resource("Service", "/api/v1", "services"),
        Resource("PersistentVolumeClaim", "/api/v1", "persistentvolumeclaims"),
        Resource("PersistentVolume", "/api/v1", "persistentvolumes", is_namespaced=False),
        Resource("NetworkPolicy", _NETWORKING, "networkpolicies"),
        Resource("Ingress", _NETWORKING, "ingresses"),
        Resource("PodDisruptionBudget", "/apis/policy/v1", "poddisruptionbudgets"),
        Resource("RoleBinding", _RBAC, "rolebindings"),
        Resource("Deployment", "/apis/apps/v1", "deployments"),
        Resource("StatefulSet", "/apis/apps/v1", "statefulsets"),
        Resource("DaemonSet", "/apis/apps/v1", "daemonsets"),
        Resource("Job", _BATCH, "jobs"),
        Resource("CronJob", _BATCH, "cronjobs"),
        Resource("HorizontalPodAutoscaler", "/apis/autoscaling/v2", "horizontalpodautoscalers"),
        Resource(
            "ValidatingAdmissionPolicy",
            _ADMISSION,
            "validatingadmissionpolicies",
            is_namespaced=False,
        ),
        Resource(
            "ValidatingAdmissionPolicyBinding",
            _ADMISSION,
            "validatingadmissionpolicybindings",
            is_namespaced=False,
        ),
    )
}


def resource_of(manifest: dict[str, Any]) -> Resource:
    """The resource of a manifest, by kind."""
    return RESOURCES[manifest["kind"]]


def path_of(manifest: dict[str, Any]) -> str:
    """Path of the object a manifest describes."""
    metadata = manifest["metadata"]
    return resource_of(manifest).item(metadata["name"], metadata.get("namespace", ""))
