"""Topology: who leads to whom in a namespace, from Ingress to pods, and what leads nowhere."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..cluster.mirror import Mirror
from ..cluster.workload_objects import Pod
from ..cluster.workloads import Workloads
from ..directory.directory import Directory
from ..domain.actors import Actor
from .lookup import readable
from .workload_words import Standing, StandingWord, pod_standing
from .workloads import NeighbourLine, WorkloadLine, neighbours_of, workloads_of

__all__ = ["MOST_NODES", "Edge", "Node", "Topologies", "Topology"]

MOST_NODES: Final = 150
"""More is no picture any more: problems come first, the rest is counted."""
_HARM: Final = {standing: place for place, standing in enumerate(Standing)}
_NO_POD: Final = StandingWord(Standing.BAD, "Matches no pod", "Its selector matches no pod.")


@dataclass(frozen=True, slots=True)
class Node:
    """One object, or the pods of one workload together."""

    key: str
    """`Kind/name`; `Pods/<workload>` for a group of pods."""
    kind: str
    name: str
    about: str
    standing: StandingWord


@dataclass(frozen=True, slots=True)
class Edge:
    """One object leads to another; a broken one leads nowhere."""

    source: str
    target: str
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Topology:
    """The picture of one namespace."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    total: int
    """Of nodes, those that are left out included."""


class Topologies:
    """Draws namespaces, from memory."""

    def __init__(self, *, directory: Directory, mirror: Mirror | None) -> None:
        self._directory = directory
        self._mirror = mirror

    def report(self, name: str, *, actor: Actor) -> Topology:
        """Draw one namespace.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        readable(self._directory, name, actor=actor)
        if self._mirror is None:
            return Topology((), (), 0)
        return _topology(self._mirror.workloads, name)


def _topology(seen: Workloads, name: str) -> Topology:
    pods = seen.pods.in_namespace(name)
    groups: dict[str, list[Pod]] = defaultdict(list)
    for pod in pods:
        groups[owner_of(pod)].append(pod)
    edges = [*_through_ingresses(seen, name), *_through_services(seen, name, groups)]
    edges += [Edge(owner, f"Pods/{owner}") for owner in groups if not owner.startswith("Pod/")]
    broken = {edge.source for edge in edges if edge.is_broken}
    nodes = [
        *(_neighbour(line, broken) for line in neighbours_of(seen, name)),
        *map(_workload, workloads_of(seen, name)),
        *(_pods(owner, members) for owner, members in groups.items()),
    ]
    nodes.sort(key=lambda node: (_HARM[node.standing.standing], node.kind, node.name))
    shown = tuple(nodes[:MOST_NODES])
    keys = {node.key for node in shown}
    kept = [one for one in edges if one.source in keys and (one.is_broken or one.target in keys)]
    return Topology(shown, tuple(kept), len(nodes))


def owner_of(pod: Pod) -> str:
    """Say whose pod it is, as `Kind/name`: the Deployment behind a ReplicaSet, or nobody's."""
    kind, name = pod.metadata.owner_kind, pod.metadata.owner_name
    if not kind:
        return f"Pod/{pod.metadata.name}"
    template = (pod.metadata.labels or {}).get("pod-template-hash", "")
    if kind == "ReplicaSet" and template and name.endswith(f"-{template}"):
        return f"Deployment/{name.removesuffix(f'-{template}')}"
    return f"{kind}/{name}"


def _through_ingresses(seen: Workloads, name: str) -> Iterator[Edge]:
    services = {service.metadata.name for service in seen.services.in_namespace(name)}
    for ingress in seen.ingresses.in_namespace(name):
        source = f"Ingress/{ingress.metadata.name}"
        for target in dict.fromkeys(ingress.spec.services):
            yield Edge(source, f"Service/{target}", is_broken=target not in services)


def _through_services(
    seen: Workloads, name: str, groups: Mapping[str, list[Pod]]
) -> Iterator[Edge]:
    for service in seen.services.in_namespace(name):
        selector = service.spec.selector
        if not selector:
            # Whoever sets the endpoints by hand is not to be seen.
            continue
        source = f"Service/{service.metadata.name}"
        owners = [
            owner
            for owner, pods in groups.items()
            if any(selector.items() <= (pod.metadata.labels or {}).items() for pod in pods)
        ]
        yield from (Edge(source, _target(owner)) for owner in owners)
        if not owners:
            yield Edge(source, "", is_broken=True)


def _target(owner: str) -> str:
    return f"Pods/{owner}" if owner.startswith("Pod/") else owner


def _neighbour(line: NeighbourLine, broken: set[str]) -> Node:
    key = f"{line.kind}/{line.name}"
    standing = _NO_POD if key in broken and line.kind == "Service" else line.standing
    if key in broken and line.kind == "Ingress":
        standing = StandingWord(Standing.BAD, "No such Service", "It names a Service that is gone.")
    return Node(key, line.kind, line.name, line.about, standing)


def _workload(line: WorkloadLine) -> Node:
    about = line.about or f"{line.there} of {line.wanted} available"
    return Node(f"{line.kind}/{line.name}", line.kind, line.name, about, line.standing)


def _pods(owner: str, pods: list[Pod]) -> Node:
    words = [pod_standing(pod) for pod in pods]
    worst = min(words, key=lambda word: _HARM[word.standing])
    counted = Counter(word.word for word in words)
    about = ", ".join(f"{number} {word.lower()}" for word, number in counted.most_common())
    name = f"{len(pods)} pods" if len(pods) > 1 else pods[0].metadata.name
    return Node(f"Pods/{owner}", "Pods", name, about, worst)
