"""The topology's vars: nodes for graph and list alike, and the one whose panel is open. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ...insights.topology import MOST_NODES, Edge, EdgeKind, Node, Topology
from ..figures import count
from ..routes import Pill
from .tabs import tab_address
from .topology_layout import layout_of
from .workloads_view import TONES

__all__ = ["NodePanel", "NodeView", "TopologyVars", "WarningLine", "topology_vars"]

_VIEWS: Final = {"graph": "Graph", "list": "List"}
_KINDS: Final = {"PersistentVolumeClaim": "Volume claim", "NetworkPolicy": "Network policy"}

TopologyVars = dict[str, object]


@dataclass(frozen=True)
class NodeView:
    """One node, in the graph and in the list."""

    key: str
    test_key: str
    kind: str
    name: str
    about: str
    word: str
    tone: str
    reason: str
    leads: str
    """Where its lines lead, in words."""
    label: str
    """Everything at once, for who does not see the picture."""
    left: str
    top: str
    href: str
    is_open: bool


@dataclass(frozen=True)
class WarningLine:
    """One warning about the node whose panel is open."""

    key: str
    reason: str
    message: str
    times: str
    last_seen: str


@dataclass(frozen=True)
class NodePanel:
    """The open panel; without a key none is."""

    key: str = ""
    kind: str = ""
    name: str = ""
    about: str = ""
    word: str = ""
    tone: str = "none"
    reason: str = ""
    leads: tuple[str, ...] = ()
    led_by: tuple[str, ...] = ()
    warnings: tuple[WarningLine, ...] = ()
    close_href: str = ""


def topology_vars(name: str, found: Topology, query: Mapping[str, str]) -> TopologyVars:
    """Compute what graph, list and panel show.

    Args:
        name: of the namespace.
        found: the picture.
        query: of the address: `view`, and the `node` whose panel is open.
    """
    is_large = found.total > MOST_NODES
    usual = "list" if is_large else "graph"
    view = query.get("view", "")
    view = view if view in _VIEWS else usual
    kept = {"view": "" if view == usual else view}
    opened = query.get("node", "")
    drawn = layout_of(found)
    words = _words_of(found)
    nodes = [
        _node(name, node, words, drawn.places[node.key], kept=kept, opened=opened)
        for node in found.nodes
    ]
    return {
        "graph_view": view,
        "graph_views": [
            Pill(
                key,
                label,
                tab_address(name, "workloads", view="" if key == usual else key, node=opened),
                key == view,
            )
            for key, label in _VIEWS.items()
        ],
        "nodes": nodes,
        "lines": list(drawn.edges),
        "nowhere": list(drawn.nowhere),
        "graph_width": drawn.width,
        "graph_height": drawn.height,
        "graph_note": f"Showing {len(found.nodes)} of {count(found.total)}, problems first"
        if is_large
        else "",
        "panel": _panel(found, words, opened, tab_address(name, "workloads", **kept)),
    }


Words = Mapping[str, tuple[list[str], list[str]]]
"""By node: where its lines lead, and whence lines lead to it."""


def _words_of(found: Topology) -> Words:
    named = {node.key: f"{_kind(node)} {node.name}" for node in found.nodes}
    words: dict[str, tuple[list[str], list[str]]] = {key: ([], []) for key in named}
    for edge in found.edges:
        words[edge.source][0].append(_leads(edge, named.get(edge.target, "")))
        if not edge.is_broken:
            words[edge.target][1].append(_led_by(edge, named[edge.source]))
    return words


def _leads(edge: Edge, target: str) -> str:
    if edge.is_broken:
        return edge.note
    verb = {EdgeKind.MOUNTS: "mounts", EdgeKind.POLICY: "holds for"}.get(edge.kind, "leads to")
    return f"{verb} {target}"


def _led_by(edge: Edge, source: str) -> str:
    verb = {EdgeKind.MOUNTS: "mounted by", EdgeKind.POLICY: "under"}.get(edge.kind, "reached from")
    return f"{verb} {source}"


def _kind(node: Node) -> str:
    return _KINDS.get(node.kind, node.kind)


def _node(
    name: str,
    node: Node,
    words: Words,
    place: tuple[int, int],
    *,
    kept: Mapping[str, str],
    opened: str,
) -> NodeView:
    standing = node.standing
    said = ", ".join(
        part for part in (f"{_kind(node)} {node.name}", standing.word.lower(), node.about) if part
    )
    return NodeView(
        key=node.key,
        test_key=node.key.replace("/", "-"),
        kind=_kind(node),
        name=node.name,
        about=node.about,
        word=standing.word,
        tone=TONES[standing.standing].value,
        reason=standing.reason,
        leads="; ".join(words[node.key][0]),
        label=said,
        left=f"{place[0]}px",
        top=f"{place[1]}px",
        href=tab_address(name, "workloads", **kept, node=node.key),
        is_open=node.key == opened,
    )


def _panel(found: Topology, words: Words, opened: str, close_href: str) -> NodePanel:
    if not opened:
        return NodePanel()
    node = next((one for one in found.nodes if one.key == opened), None)
    if node is None:
        kind, _, gone = opened[:300].partition("/")
        return NodePanel(
            opened[:300], kind, gone, word="Not there", reason="It is gone, or was never there.",
            close_href=close_href,
        )  # fmt: skip
    return NodePanel(
        key=node.key,
        kind=_kind(node),
        name=node.name,
        about=node.about,
        word=node.standing.word,
        tone=TONES[node.standing.standing].value,
        reason=node.standing.reason,
        leads=tuple(words[node.key][0]),
        led_by=tuple(words[node.key][1]),
        warnings=tuple(_warnings(node)),
        close_href=close_href,
    )


def _warnings(node: Node) -> Iterator[WarningLine]:
    for position, one in enumerate(node.warnings):
        times = "once" if one.times == 1 else f"{count(one.times)} times"
        yield WarningLine(str(position), one.reason, one.message, times, one.last_seen)
