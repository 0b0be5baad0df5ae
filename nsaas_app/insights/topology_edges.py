"""Edges of a topology: what leads to what, which volumes are mounted, which policies hold. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ..cluster.objects import NetworkPolicy
from ..cluster.workload_objects import Pod
from ..cluster.workloads import Workloads
from ..manifests.peers import selects
from .policy_words import pods_of

__all__ = [
    "Edge",
    "EdgeKind",
    "PolicyNode",
    "edges_of",
    "leading_nowhere",
    "owner_of",
    "pods_by_owner",
    "policy_nodes",
    "services_asleep",
]

PRESET_KEY: Final = "NetworkPolicy/preset/"
"""The portal's policies for every pod stand together: a line from each of them says nothing.

No policy has a key like it, whatever somebody calls one.
"""


class EdgeKind(StrEnum):
    """What a line between two nodes means."""

    LEADS = "leads"
    """Traffic, or who makes whom."""
    MOUNTS = "mounts"
    POLICY = "policy"
    """The policy holds for these pods."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One object leads to another; a broken one leads nowhere."""

    source: str
    target: str
    is_broken: bool = False
    kind: EdgeKind = EdgeKind.LEADS
    note: str = ""
    """Why it is broken, in a few words."""


@dataclass(frozen=True, slots=True)
class PolicyNode:
    """One NetworkPolicy, or those of the preset together."""

    key: str
    name: str
    about: str
    spec: Mapping[str, Any]
    is_ours: bool


def policy_nodes(policies: Iterable[NetworkPolicy]) -> tuple[PolicyNode, ...]:
    """Give each policy a node, but those of the portal for every pod one together."""
    preset, others = [], []
    for policy in policies:
        name = policy.metadata.name
        if policy.is_managed and not pods_of(policy.spec):
            preset.append(name)
        else:
            key = f"NetworkPolicy/{name}"
            others.append(PolicyNode(key, name, "", policy.spec, policy.is_managed))
    if not preset:
        return tuple(others)
    names = ", ".join(name.removeprefix("nsaas-") for name in sorted(preset))
    count = f"{len(preset)} of the preset" if len(preset) > 1 else preset[0]
    return (PolicyNode(PRESET_KEY, count, names, {"podSelector": {}}, is_ours=True), *others)


def owner_of(pod: Pod) -> str:
    """Say whose pod it is, as `Kind/name`: the Deployment behind a ReplicaSet, or nobody's."""
    kind, name = pod.metadata.owner_kind, pod.metadata.owner_name
    if not kind:
        return f"Pod/{pod.metadata.name}"
    template = (pod.metadata.labels or {}).get("pod-template-hash", "")
    if kind == "ReplicaSet" and template and name.endswith(f"-{template}"):
        return f"Deployment/{name.removesuffix(f'-{template}')}"
    return f"{kind}/{name}"


def pods_by_owner(seen: Workloads, name: str) -> dict[str, list[Pod]]:
    """Gather the pods of a namespace by whose they are."""
    groups: dict[str, list[Pod]] = defaultdict(list)
    for pod in seen.pods.in_namespace(name):
        groups[owner_of(pod)].append(pod)
    return groups


def leading_nowhere(seen: Workloads, name: str) -> dict[str, str]:
    """Say of each Service and Ingress, as `Kind/name`, what it leads to that is not there."""
    groups = pods_by_owner(seen, name)
    found: dict[str, list[str]] = defaultdict(list)
    for edge in (*_through_ingresses(seen, name), *_through_services(seen, name, groups)):
        if edge.is_broken:
            found[edge.source].append(edge.note)
    return {source: ", ".join(notes) for source, notes in found.items()}


def services_asleep(seen: Workloads, name: str) -> frozenset[str]:
    """Name the Services, as `Service/name`, that match no pod while all is scaled to zero."""
    if not _is_asleep(seen, name):
        return frozenset()
    owners = _owners_by_service(seen, name, pods_by_owner(seen, name))
    return frozenset(source for source, found in owners if not found)


def edges_of(
    seen: Workloads,
    name: str,
    groups: Mapping[str, Sequence[Pod]],
    policies: Iterable[PolicyNode],
) -> tuple[Edge, ...]:
    """Draw every line of a namespace.

    Args:
        seen: what the cluster shows.
        name: of the namespace.
        groups: its pods by whose they are.
        policies: what `policy_nodes` gave.
    """
    return (
        *_through_ingresses(seen, name),
        *_through_services(seen, name, groups),
        *(Edge(owner, f"Pods/{owner}") for owner in groups if not owner.startswith("Pod/")),
        *_to_volumes(seen, name, groups),
        *_from_policies(groups, policies),
    )


def _through_ingresses(seen: Workloads, name: str) -> Iterator[Edge]:
    services = {service.metadata.name for service in seen.services.in_namespace(name)}
    for ingress in seen.ingresses.in_namespace(name):
        source = f"Ingress/{ingress.metadata.name}"
        for target in dict.fromkeys(ingress.spec.services):
            is_broken = target not in services
            note = f"no Service {target}" if is_broken else ""
            yield Edge(source, f"Service/{target}", is_broken=is_broken, note=note)


def _through_services(
    seen: Workloads, name: str, groups: Mapping[str, Sequence[Pod]]
) -> Iterator[Edge]:
    can_miss = seen.has_pods and not _is_asleep(seen, name)
    for source, owners in _owners_by_service(seen, name, groups):
        yield from (Edge(source, _target(owner)) for owner in owners)
        if can_miss and not owners:
            yield Edge(source, "", is_broken=True, note="matches no pod")


def _owners_by_service(
    seen: Workloads, name: str, groups: Mapping[str, Sequence[Pod]]
) -> Iterator[tuple[str, list[str]]]:
    for service in seen.services.in_namespace(name):
        selector = service.spec.selector
        if not selector:
            # Whoever sets the endpoints by hand is not to be seen.
            continue
        owners = [
            owner
            for owner, pods in groups.items()
            if any(selector.items() <= (pod.metadata.labels or {}).items() for pod in pods)
        ]
        yield f"Service/{service.metadata.name}", owners


def _is_asleep(seen: Workloads, name: str) -> bool:
    """Whether there are workloads with replicas and every one of them wants none."""
    wanted = [
        *(one.spec.replicas for one in seen.deployments.in_namespace(name)),
        *(one.spec.replicas for one in seen.stateful_sets.in_namespace(name)),
    ]
    return bool(wanted) and all(replicas == 0 for replicas in wanted)


def _target(owner: str) -> str:
    return f"Pods/{owner}" if owner.startswith("Pod/") else owner


def _to_volumes(seen: Workloads, name: str, groups: Mapping[str, Sequence[Pod]]) -> Iterator[Edge]:
    there = {claim.metadata.name for claim in seen.claims.in_namespace(name)}
    for owner, pods in groups.items():
        for claim in sorted({claim for pod in pods for claim in pod.spec.claims}):
            is_broken = claim not in there
            yield Edge(
                f"Pods/{owner}",
                f"PersistentVolumeClaim/{claim}",
                is_broken=is_broken,
                kind=EdgeKind.MOUNTS,
                note=f"no claim {claim}" if is_broken else "",
            )


def _from_policies(
    groups: Mapping[str, Sequence[Pod]], policies: Iterable[PolicyNode]
) -> Iterator[Edge]:
    for policy in policies:
        selector = policy.spec.get("podSelector") or {}
        for owner, pods in groups.items():
            if any(selects(selector, pod.metadata.labels or {}) for pod in pods):
                yield Edge(policy.key, f"Pods/{owner}", kind=EdgeKind.POLICY)
