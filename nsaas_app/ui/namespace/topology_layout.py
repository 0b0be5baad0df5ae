"""Where each node of a topology stands and how its lines run, in pixels. Pure.

Places follow from names and lines alone, never from how things stand: what turns red does not
move.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...insights.topology import Edge, EdgeKind, Node, Topology

__all__ = ["GraphEdge", "Layout", "Nowhere", "Place", "layout_of"]

WIDTH: Final = 168
HEIGHT: Final = 76
GAP_X: Final = 44
GAP_Y: Final = 16
MARGIN: Final = 4
_COLUMNS: Final = {
    "Ingress": 0,
    "Service": 1,
    "Pods": 3,
    "PersistentVolumeClaim": 4,
    "NetworkPolicy": 4,
}
"""From the outside in; workloads stand between Services and pods."""
_WORKLOADS: Final = 2
_LAST: Final = 4

Place = tuple[int, int]
"""Left and top of a node."""


@dataclass(frozen=True)
class Nowhere:
    """The end of a line that leads nowhere."""

    key: str
    text: str
    x: int
    y: int


@dataclass(frozen=True)
class GraphEdge:
    """One line."""

    key: str
    path: str
    """As SVG writes it."""
    look: str
    """`leads`, `mounts`, `policy` or `broken`."""


@dataclass(frozen=True)
class Layout:
    """A whole picture."""

    places: Mapping[str, Place]
    edges: tuple[GraphEdge, ...]
    nowhere: tuple[Nowhere, ...]
    width: int
    height: int


def layout_of(found: Topology) -> Layout:
    """Place everything: columns by kind, rows so that what belongs together stands together."""
    columns = _filled(found.nodes, found.edges)
    kinds = {node.key: node.kind for node in found.nodes}
    broken = {_edge_key(edge): edge for edge in found.edges if edge.is_broken}
    places: dict[str, Place] = {}
    nowhere: list[Nowhere] = []
    depth: Counter[int] = Counter()
    for key in _walked(found):
        edge = broken.get(key)
        column = _column(kinds[key]) if edge is None else _beyond(edge)
        spot = _spot(columns[column], depth[column])
        depth[column] += 1
        if edge is None:
            places[key] = spot
        else:
            nowhere.append(Nowhere(key, edge.note, *spot))
    ends = {one.key: (one.x, one.y) for one in nowhere}
    return Layout(
        places=places,
        edges=tuple(_lines(found.edges, places, ends)),
        nowhere=tuple(nowhere),
        width=len(columns) * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN,
        height=max(depth.values(), default=0) * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN,
    )


def _column(kind: str) -> int:
    return _COLUMNS.get(kind, _WORKLOADS)


def _beyond(edge: Edge) -> int:
    """The column in which a line that leads nowhere ends."""
    return min(_LAST, _column(edge.source.partition("/")[0]) + 1)


def _filled(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[int, int]:
    """Give each column that holds something its place among those that do."""
    used = {_column(node.kind) for node in nodes}
    used |= {_beyond(edge) for edge in edges if edge.is_broken}
    return {column: position for position, column in enumerate(sorted(used))}


def _spot(column: int, row: int) -> Place:
    return MARGIN + column * (WIDTH + GAP_X), MARGIN + row * (HEIGHT + GAP_Y)


def _walked(found: Topology) -> list[str]:
    """Order nodes and broken ends as a walk from the outside meets them: few lines cross then."""
    leads: dict[str, list[str]] = {}
    broken = {_edge_key(edge) for edge in found.edges if edge.is_broken}
    for edge in found.edges:
        if edge.kind is not EdgeKind.POLICY:
            target = _edge_key(edge) if edge.is_broken else edge.target
            leads.setdefault(edge.source, []).append(target)
    met: dict[str, None] = {}

    def walk(key: str) -> None:
        waiting = [key]
        while waiting:
            at = waiting.pop()
            if at not in met:
                met[at] = None
                # What leads somewhere stands in line with it, broken ends below.
                waiting += sorted(
                    leads.get(at, ()), key=lambda key: (key in broken, key), reverse=True
                )

    known = sorted(found.nodes, key=lambda node: (_column(node.kind), node.kind, node.name))
    for node in known:
        walk(node.key)
    return list(met)


def _lines(
    edges: Sequence[Edge], places: Mapping[str, Place], nowhere: Mapping[str, Place]
) -> Iterator[GraphEdge]:
    for edge in edges:
        key = _edge_key(edge)
        start = places[edge.source]
        end = nowhere[key] if edge.is_broken else places[edge.target]
        look = "broken" if edge.is_broken else edge.kind.value
        yield GraphEdge(key, _curve(start, end), look)


def _curve(start: Place, end: Place) -> str:
    """Draw from one node to another; to the left where the other one stands there."""
    is_leftward = end[0] < start[0]
    x1 = start[0] if is_leftward else start[0] + WIDTH
    x2 = end[0] + WIDTH if is_leftward else end[0]
    y1, y2 = start[1] + HEIGHT // 2, end[1] + HEIGHT // 2
    bend = max(16, abs(x2 - x1) // 2) * (-1 if is_leftward else 1)
    return f"M {x1} {y1} C {x1 + bend} {y1}, {x2 - bend} {y2}, {x2} {y2}"


def _edge_key(edge: Edge) -> str:
    return f"{edge.source}>{edge.target or edge.note}"
