"""Which workloads can sleep, and why another one is left alone. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..domain.sleep import SleepingWorkload

__all__ = ["SCALED", "is_awake", "replicas_of", "skipped_of", "why_left_alone"]

SCALED: Final = ("StatefulSet", "Deployment")
"""Kinds that are scaled, in the order in which they wake."""

_WRITERS: Final = {
    "kustomize.toolkit.fluxcd.io/name": "Flux",
    "helm.toolkit.fluxcd.io/name": "Flux",
    "argocd.argoproj.io/instance": "Argo CD",
    "argocd.argoproj.io/tracking-id": "Argo CD",
}
"""Labels and annotations by which GitOps controllers mark what they write."""


def replicas_of(kind: str, item: Mapping[str, Any]) -> int:
    """How many replicas a workload wants; 1 for a CronJob that is not suspended."""
    spec = item.get("spec") or {}
    if kind == "CronJob":
        return 0 if spec.get("suspend") else 1
    return int(spec.get("replicas", 1))


def is_awake(kind: str, item: Mapping[str, Any]) -> bool:
    """Whether there is something to put to sleep."""
    return replicas_of(kind, item) > 0


def why_left_alone(
    kind: str, item: Mapping[str, Any], autoscalers: Iterable[Mapping[str, Any]] = ()
) -> str:
    """Why a workload cannot be put to sleep: somebody else would undo it; empty when it can.

    A HorizontalPodAutoscaler stands still by itself while its target is at zero, and goes on when
    it wakes; one that may scale from zero would not.
    """
    metadata = item["metadata"]
    marks = {**(metadata.get("labels") or {}), **(metadata.get("annotations") or {})}
    for key, program in _WRITERS.items():
        if key in marks:
            return f"{program} writes it and would undo this: let it sleep in Git."
    if owner := _controller(metadata):
        return f"It belongs to {owner}, which would undo this."
    for scaler in autoscalers:
        target = scaler["spec"]["scaleTargetRef"]
        if (target.get("kind"), target.get("name")) != (kind, metadata["name"]):
            continue
        scaled_by = f"HorizontalPodAutoscaler {scaler['metadata']['name']}"
        if owner := _controller(scaler["metadata"]):
            return f"{scaled_by} belongs to {owner}, which would wake it."
        if scaler["spec"].get("minReplicas") == 0:
            return f"{scaled_by} may scale it from zero."
    return ""


def skipped_of(
    daemon_sets: Iterable[Mapping[str, Any]],
    pods: Iterable[Mapping[str, Any]],
    jobs: Iterable[Mapping[str, Any]],
) -> list[SleepingWorkload]:
    """Name what runs on, each with the reason."""
    found = [
        SleepingWorkload(
            "DaemonSet", item["metadata"]["name"],
            skipped="It runs once per node: there is no number to set to zero.",
        )
        for item in daemon_sets
    ]  # fmt: skip
    found += [
        SleepingWorkload("Pod", item["metadata"]["name"], skipped="Nothing would bring it back.")
        for item in pods
        if not _controller(item["metadata"])
        and item.get("status", {}).get("phase") in ("Running", "Pending")
    ]
    found += [
        SleepingWorkload("Job", item["metadata"]["name"], skipped="It runs to its end.")
        for item in jobs
        if item.get("status", {}).get("active")
    ]
    return found


def _controller(metadata: Mapping[str, Any]) -> str:
    owners = metadata.get("ownerReferences") or ()
    return next((f"{o['kind']} {o['name']}" for o in owners if o.get("controller")), "")
