"""Proof that the shipped admission policies are in force: the portal is refused what it must be."""

from typing import Any, Final

from .api import AdminApi

__all__ = ["PORTAL_ACCOUNT", "PORTAL_NAMESPACE", "PORTAL_USER", "is_confined"]

PORTAL_NAMESPACE: Final = "platform-system"
PORTAL_ACCOUNT: Final = "nsaas-portal"
PORTAL_USER: Final = f"system:serviceaccount:{PORTAL_NAMESPACE}:{PORTAL_ACCOUNT}"
_SCRATCH: Final = "nsaas-dryrun-development"

_RBAC: Final = "rbac.authorization.k8s.io"

_PROBES: Final[tuple[tuple[str, str, str, dict[str, Any] | None], ...]] = (
    (
        "nsaas-confine-portal-namespaces",
        "POST",
        "/api/v1/namespaces",
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "nsaas-probe"}},
    ),
    (
        "nsaas-confine-portal-objects",
        "POST",
        "/api/v1/namespaces/default/resourcequotas",
        {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "nsaas-probe"}},
    ),
    (
        "nsaas-confine-portal-bindings",
        "POST",
        f"/apis/{_RBAC}/v1/namespaces/{_SCRATCH}/rolebindings",
        {
            "apiVersion": f"{_RBAC}/v1",
            "kind": "RoleBinding",
            "metadata": {"name": "nsaas-probe", "labels": {"platform.io/managed": "true"}},
            "roleRef": {"apiGroup": _RBAC, "kind": "ClusterRole", "name": "nsaas-viewer"},
            "subjects": [{"apiGroup": _RBAC, "kind": "Group", "name": "system:authenticated"}],
        },
    ),
    ("nsaas-guard-deletion", "DELETE", f"/api/v1/namespaces/{_SCRATCH}", None),
)
"""Policy, and a call of the portal that this policy and no other must refuse."""


async def is_confined(api: AdminApi) -> bool:
    """Try what the portal must not do, as dry runs; tell whether each policy refuses its own."""
    for policy, method, path, body in _PROBES:
        refusal = await api.refusal(method, path, body, user=PORTAL_USER)
        if refusal is None or policy not in refusal:
            return False
    return True
