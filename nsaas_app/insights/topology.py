"""Topology: who leads to whom in a namespace, from Ingress to volumes, and what leads nowhere.

Edges are drawn in `topology_edges`; what stands at a node is gathered here.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..cluster.mirror import Mirror
from ..cluster.workload_objects import Pod, WarningEvent
from ..cluster.workloads import Workloads
from ..directory.directory import Directory
from ..domain.actors import Actor
from .lookup import readable
from .policy_words import pods_of
from .topology_edges import Edge, EdgeKind, PolicyNode, edges_of, pods_by_owner, policy_nodes
from .workload_words import Standing, StandingWord, pod_standing
from .workloads import NeighbourLine, WorkloadLine, neighbours_of, workloads_of

__all__ = ["MOST_NODES", "Edge", "EdgeKind", "Node", "NodeWarning", "Topologies", "Topology"]

MOST_NODES: Final = 150
"""More is no picture any more: problems come first, the rest is counted."""
_MOST_WARNINGS: Final = 3
_HARM: Final = {standing: place for place, standing in enumerate(Standing)}
_IN_FORCE: Final = StandingWord(Standing.RUNNING, "In force")
_FOREIGN: Final = StandingWord(
    Standing.PARTLY, "Not from the portal", "Policies add up: it can widen what the preset closes."
)


@dataclass(frozen=True, slots=True)
class NodeWarning:
    """One warning the cluster gave about the objects of a node."""

    reason: str
    message: str
    times: int
    last_seen: str


@dataclass(frozen=True, slots=True)
class Node:
    """One object, the pods of one workload together, or the policies that hold for every pod."""

    key: str
    """`Kind/name`; `Pods/<workload>` for a group of pods."""
    kind: str
    name: str
    about: str
    standing: StandingWord
    warnings: tuple[NodeWarning, ...] = ()
    """The newest first, a few at most; of the last hour."""


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
        return _topology(self._mirror, name)


def _topology(mirror: Mirror, name: str) -> Topology:
    seen = mirror.workloads
    groups = pods_by_owner(seen, name)
    # Policies without anything they hold for are told of in the network section.
    policies = policy_nodes(mirror.policies.in_namespace(name)) if groups else ()
    edges = edges_of(seen, name, groups, policies)
    told = _warnings_by_node(seen, name, groups)
    nodes = [
        _told(node, told) for node in (*_things(seen, name, groups, edges), *map(_policy, policies))
    ]
    nodes.sort(key=lambda node: (_HARM[node.standing.standing], node.kind, node.name))
    shown = tuple(nodes[:MOST_NODES])
    keys = {node.key for node in shown}
    kept = [one for one in edges if one.source in keys and (one.is_broken or one.target in keys)]
    return Topology(shown, tuple(kept), len(nodes))


def _things(
    seen: Workloads, name: str, groups: Mapping[str, list[Pod]], edges: Iterable[Edge]
) -> Iterator[Node]:
    broken = {edge.source for edge in edges if edge.is_broken}
    yield from map(_neighbour, neighbours_of(seen, name))
    yield from map(_workload, workloads_of(seen, name))
    for owner, members in groups.items():
        yield _pods(owner, members, broken)


def _told(node: Node, told: Mapping[str, list[WarningEvent]]) -> Node:
    if node.key not in told:
        return node
    newest = sorted(told[node.key], key=lambda event: event.seen_at, reverse=True)
    warnings = tuple(
        NodeWarning(event.reason, event.message, event.times, event.seen_at)
        for event in newest[:_MOST_WARNINGS]
    )
    return Node(node.key, node.kind, node.name, node.about, node.standing, warnings)


def _warnings_by_node(
    seen: Workloads, name: str, groups: Mapping[str, list[Pod]]
) -> dict[str, list[WarningEvent]]:
    """Gather warnings by the node that stands for what they are about."""
    by_pod = {pod.metadata.name: f"Pods/{owner}" for owner, pods in groups.items() for pod in pods}
    sets = {
        pod.metadata.owner_name: owner
        for owner, pods in groups.items()
        for pod in pods
        if pod.metadata.owner_kind == "ReplicaSet"
    }
    found: dict[str, list[WarningEvent]] = defaultdict(list)
    for event in seen.warnings.in_namespace(name):
        about = event.involved_object
        match about.kind:
            case "Pod":
                key = by_pod.get(about.name, "")
            case "ReplicaSet":
                # One that could make no pod at all is known by its name alone.
                guessed = f"Deployment/{about.name.rpartition('-')[0]}"
                key = sets.get(about.name, guessed)
            case _:
                key = f"{about.kind}/{about.name}"
        found[key].append(event)
    return found


def _neighbour(line: NeighbourLine) -> Node:
    return Node(f"{line.kind}/{line.name}", line.kind, line.name, line.about, line.standing)


def _workload(line: WorkloadLine) -> Node:
    about = line.about or f"{line.there} of {line.wanted} available"
    return Node(f"{line.kind}/{line.name}", line.kind, line.name, about, line.standing)


def _pods(owner: str, pods: list[Pod], broken: Container[str]) -> Node:
    key = f"Pods/{owner}"
    words = [pod_standing(pod) for pod in pods]
    worst = min(words, key=lambda word: _HARM[word.standing])
    if key in broken:
        worst = StandingWord(Standing.BAD, "No such claim", "A volume claim it mounts is gone.")
    counted = Counter(word.word for word in words)
    about = ", ".join(f"{number} {word.lower()}" for word, number in counted.most_common())
    name = f"{len(pods)} pods" if len(pods) > 1 else pods[0].metadata.name
    return Node(key, "Pods", name, about, worst)


def _policy(node: PolicyNode) -> Node:
    standing = _IN_FORCE if node.is_ours else _FOREIGN
    about = node.about or (f"pods with {pods_of(node.spec)}" if pods_of(node.spec) else "every pod")
    return Node(node.key, "NetworkPolicy", node.name, about, standing)
