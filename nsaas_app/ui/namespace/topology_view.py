"""The topology as paths, from what nothing leads to down to pods, or to nowhere. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...insights.topology import Edge, Node, Topology
from ..figures import count
from .workloads_view import TONES

__all__ = ["PathCell", "PathRow", "topology_vars"]

_MOST: Final = 60
"""More paths are no picture any more; the list below has everything."""
_DEEPEST: Final = 6
_RANK: Final = ("Ingress", "Service")
"""What leads to something begins a path; the rest in the order of harm."""
_PASSIVE: Final = ("PersistentVolumeClaim", "Pods")
"""What leads nowhere by its nature."""


@dataclass(frozen=True)
class PathCell:
    """One object on a path."""

    key: str
    kind: str
    name: str
    about: str
    word: str
    tone: str
    reason: str


@dataclass(frozen=True)
class PathRow:
    """One path from the outside to the pods."""

    key: str
    cells: tuple[PathCell, ...]
    is_broken: bool
    sentence: str


def topology_vars(found: Topology) -> dict[str, object]:
    """Compute what the card shows."""
    paths = list(_paths(found))
    rows = [_row(path) for path in paths[:_MOST]]
    hidden = found.total > len(found.nodes) or len(paths) > _MOST
    note = f"Problems first; not all of {count(found.total)} objects fit." if hidden else ""
    return {"paths": rows, "paths_note": note}


def _paths(found: Topology) -> Iterator[list[Node]]:
    nodes = {node.key: node for node in found.nodes}
    leads: dict[str, list[str]] = {}
    for edge in found.edges:
        if not edge.is_broken:
            leads.setdefault(edge.source, []).append(edge.target)
    for node in _beginnings(found.nodes, found.edges):
        yield from _walk([node], nodes, leads)


def _beginnings(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[Node]:
    reached = {edge.target for edge in edges if not edge.is_broken}
    free = [
        node
        for node in nodes
        if node.key not in reached and (node.kind not in _PASSIVE or "Pod/" in node.key)
    ]
    return sorted(free, key=lambda one: _RANK.index(one.kind) if one.kind in _RANK else len(_RANK))


def _walk(
    path: list[Node], nodes: Mapping[str, Node], leads: Mapping[str, list[str]]
) -> Iterator[list[Node]]:
    targets = [nodes[key] for key in leads.get(path[-1].key, ()) if key in nodes]
    if not targets or len(path) == _DEEPEST:
        yield path
        return
    for target in targets:
        yield from _walk([*path, target], nodes, leads)


def _row(path: list[Node]) -> PathRow:
    cells = tuple(
        PathCell(
            key=node.key,
            kind=node.kind,
            name=node.name,
            about=node.about,
            word=node.standing.word,
            tone=TONES[node.standing.standing].value,
            reason=node.standing.reason,
        )
        for node in path
    )
    last = path[-1]
    sentence = ", leads to ".join(f"{node.kind} {node.name}, {node.standing.word}" for node in path)
    return PathRow(
        key=" ".join(node.key for node in path),
        cells=cells,
        is_broken=last.kind in _RANK and last.standing.standing.value == "bad",
        sentence=sentence,
    )
