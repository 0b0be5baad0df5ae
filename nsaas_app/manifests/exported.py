"""An object of the cluster as a manifest for Git: what people wrote, and nothing a cluster adds."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .manifest import Manifest

__all__ = ["EXPORTED", "awake", "exported", "is_made_by_cluster", "secrets_named"]

EXPORTED: Final = (
    "ServiceAccount", "ConfigMap", "PersistentVolumeClaim", "Service", "StatefulSet", "Deployment",
    "DaemonSet", "CronJob", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress",
    "NetworkPolicy", "RoleBinding",
)  # fmt: skip
"""Kinds of an export, in the order in which they are applied."""

_METADATA: Final = frozenset({"name", "labels", "annotations"})
_NOISE: Final = (
    "kubectl.kubernetes.io/", "deployment.kubernetes.io/", "pv.kubernetes.io/",
    "volume.kubernetes.io/", "volume.beta.kubernetes.io/", "deprecated.daemonset.template",
)  # fmt: skip
"""Beginnings of annotations that a cluster writes."""
_ASSIGNED: Final = {
    "Service": (
        "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort",
    ),
    "PersistentVolumeClaim": ("volumeName",),
}  # fmt: skip
_GIVEN: Final = {"ConfigMap/kube-root-ca.crt", "ServiceAccount/default"}
"""What every namespace has by itself."""


def is_made_by_cluster(kind: str, item: Mapping[str, Any]) -> bool:
    """Whether nobody wrote it: it belongs to another object, or every namespace has it."""
    metadata = item["metadata"]
    owned = any(owner.get("controller") for owner in metadata.get("ownerReferences") or ())
    return owned or f"{kind}/{metadata['name']}" in _GIVEN


def exported(kind: str, item: Mapping[str, Any]) -> Manifest:
    """Write an object as it could be applied to another namespace."""
    clean = copy.deepcopy({key: value for key, value in item.items() if key != "status"})
    clean.setdefault("kind", kind)
    metadata = {key: value for key, value in clean["metadata"].items() if key in _METADATA}
    notes = metadata.pop("annotations", None) or {}
    if kept := {key: value for key, value in notes.items() if not key.startswith(_NOISE)}:
        metadata["annotations"] = kept
    clean["metadata"] = metadata
    if kind == "ServiceAccount":
        clean.pop("secrets", None)
    spec = clean.get("spec")
    if isinstance(spec, dict):
        is_headless = spec.get("clusterIP") == "None"
        for field in _ASSIGNED.get(kind, ()):
            spec.pop(field, None)
        if is_headless:
            spec["clusterIP"] = "None"
        if kind == "Service":
            for port in spec.get("ports") or ():
                port.pop("nodePort", None)
        _without_stamp(spec)
    order = ("apiVersion", "kind", "metadata")
    return {key: clean[key] for key in (*order, *sorted(set(clean) - set(order))) if key in clean}


def _without_stamp(spec: dict[str, Any]) -> None:
    """Drop the time stamp that an API server writes into every pod template."""
    for template in (spec.get("template"), (spec.get("jobTemplate") or {}).get("metadata")):
        if isinstance(template, dict):
            (template.get("metadata") or template).pop("creationTimestamp", None)
    for claim in spec.get("volumeClaimTemplates") or ():
        claim.pop("status", None)
        claim.get("metadata", {}).pop("creationTimestamp", None)


def awake(manifest: Manifest, replicas: int) -> Manifest:
    """The manifest of a workload that sleeps, as it is awake."""
    field, value = ("suspend", replicas == 0) if manifest["kind"] == "CronJob" else (
        "replicas", replicas,
    )  # fmt: skip
    return manifest | {"spec": manifest["spec"] | {field: value}}


def secrets_named(manifest: Manifest) -> set[str]:
    """Names of the Secrets that a manifest speaks of: whoever applies it must provide them."""
    return {name for name in _secret_names(manifest) if name}


def _secret_names(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _secret_names(each)
    if not isinstance(part, dict):
        return
    for key, value in part.items():
        match key, value:
            case (("secretKeyRef" | "secretRef"), {"name": str(name)}):
                yield name
            case "imagePullSecrets", [*references]:
                yield from (reference.get("name", "") for reference in references)
            case "secretName", str(name):
                yield name
            case "secret", {"name": str(name)}:
                yield name
            case _:
                pass
        yield from _secret_names(value)
