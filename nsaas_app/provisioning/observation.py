"""What the mirror holds of a namespace, written as manifests, to be compared with the desired."""

from typing import Any

from ..cluster.mirror import Mirror
from ..cluster.objects import Object, ResourceQuota, RoleBinding, Subject
from ..manifests.manifest import Manifest

__all__ = ["foreign_policies", "is_compared_alike", "observed_objects"]


def _metadata(item: Object) -> dict[str, Any]:
    found: dict[str, Any] = {"name": item.metadata.name, "labels": item.labels}
    if item.metadata.namespace:
        found["namespace"] = item.metadata.namespace
    return found


def _subject(subject: Subject) -> dict[str, str]:
    fields = {
        "apiGroup": subject.api_group,
        "kind": subject.kind,
        "name": subject.name,
        "namespace": subject.namespace,
    }
    return {key: value for key, value in fields.items() if value}


def _binding(binding: RoleBinding) -> Manifest:
    role = binding.role_ref
    return {
        "metadata": _metadata(binding),
        "roleRef": {"apiGroup": role.api_group, "kind": role.kind, "name": role.name},
        "subjects": [_subject(subject) for subject in binding.subjects or ()],
    }


def observed_objects(mirror: Mirror, name: str) -> dict[str, Manifest]:
    """Every object of a namespace that a bundle could name, under `Kind/name`."""
    found: dict[str, Manifest] = {}
    namespace = mirror.namespaces.get(name)
    if namespace is not None:
        metadata = _metadata(namespace) | {"annotations": namespace.annotations}
        found[f"Namespace/{name}"] = {"metadata": metadata}
    for quota in mirror.quotas.in_namespace(name):
        spec = {"hard": quota.spec.hard or {}}
        found[f"ResourceQuota/{quota.metadata.name}"] = {
            "metadata": _metadata(quota),
            "spec": spec,
        }
    for kind, cache in (("LimitRange", mirror.limit_ranges), ("NetworkPolicy", mirror.policies)):
        for item in cache.in_namespace(name):
            found[f"{kind}/{item.metadata.name}"] = {
                "metadata": _metadata(item),
                "spec": item.spec,
            }
    for binding in mirror.bindings.in_namespace(name):
        found[f"RoleBinding/{binding.metadata.name}"] = _binding(binding)
    return found


def is_compared_alike(before: Object | None, now: Object) -> bool:
    """Whether nothing changed that is compared: each pod counts in the status of a quota."""
    if not isinstance(before, ResourceQuota) or not isinstance(now, ResourceQuota):
        return False
    is_same = before.metadata.uid == now.metadata.uid and before.labels == now.labels
    return is_same and before.spec == now.spec


def foreign_policies(mirror: Mirror, name: str) -> tuple[str, ...]:
    """NetworkPolicies that are not ours: policies add up, so one of them can widen isolation."""
    return tuple(
        policy.metadata.name
        for policy in mirror.policies.in_namespace(name)
        if not policy.is_managed
    )
