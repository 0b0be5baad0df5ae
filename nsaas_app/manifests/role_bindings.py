"""RoleBindings: one per role that somebody has, to the platform's own ClusterRoles."""

from datetime import datetime

from ..domain.access import AccessGrant, AccessRole, SubjectKind
from ..domain.spec import NamespaceSpec
from .manifest import Manifest, owned_metadata

__all__ = ["binding_name", "role_bindings"]


def binding_name(role: AccessRole) -> str:
    """Name of the RoleBinding of a role."""
    return f"nsaas-{role.value}s"


def _subject(grant: AccessGrant, namespace: str) -> Manifest:
    if grant.kind is SubjectKind.SERVICE_ACCOUNT:
        return {"kind": "ServiceAccount", "name": grant.name, "namespace": namespace}
    return {"apiGroup": "rbac.authorization.k8s.io", "kind": grant.kind.value, "name": grant.name}


def role_bindings(spec: NamespaceSpec, *, now: datetime) -> list[Manifest]:
    """Build a binding for each role with at least one grant that has not expired."""
    bindings = []
    for role in AccessRole:
        subjects = [
            _subject(grant, str(spec.name))
            for grant in sorted(spec.access, key=lambda grant: (grant.kind, grant.name))
            if grant.role is role and not grant.has_ended(now)
        ]
        if subjects:
            bindings.append(
                {
                    "apiVersion": "rbac.authorization.k8s.io/v1",
                    "kind": "RoleBinding",
                    "metadata": owned_metadata(spec, binding_name(role)),
                    "roleRef": {
                        "apiGroup": "rbac.authorization.k8s.io",
                        "kind": "ClusterRole",
                        "name": role.cluster_role,
                    },
                    "subjects": subjects,
                }
            )
    return bindings
