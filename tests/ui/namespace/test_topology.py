"""The topology on the page: a still picture, a list with the same facts, one panel by address."""

from itertools import pairwise
from typing import Any

from nsaas_app.insights.topology import Edge, EdgeKind, Node, NodeWarning, Topology
from nsaas_app.insights.workload_words import Standing, StandingWord
from nsaas_app.ui.namespace.topology_layout import HEIGHT, WIDTH, layout_of
from nsaas_app.ui.namespace.topology_view import NodePanel, NodeView, topology_vars

FINE = StandingWord(Standing.RUNNING, "There")
GONE = StandingWord(Standing.BAD, "Matches no pod", "Its selector matches no pod.")
CHAIN = ("Ingress/shop", "Service/web", "Deployment/web", "Pods/Deployment/web")


def node(key: str, standing: StandingWord = FINE, **fields: Any) -> Node:
    kind, _, name = key.partition("/")
    return Node(key, kind, name, fields.pop("about", ""), standing, **fields)


def drawn(*nodes: Node, edges: tuple[Edge, ...] = (), total: int = 0) -> Topology:
    return Topology(nodes, edges, total or len(nodes))


def shown(found: Topology, **query: str) -> dict[str, Any]:
    return topology_vars("shop", found, query)


def chain() -> Topology:
    edges = tuple(Edge(source, target) for source, target in pairwise(CHAIN))
    # Given the wrong way round: the picture does not depend on it.
    return drawn(*map(node, reversed(CHAIN)), edges=edges)


def test_what_leads_to_something_stands_to_the_left_of_it() -> None:
    places = layout_of(chain()).places
    lefts = [places[key][0] for key in CHAIN]
    assert lefts == sorted(set(lefts))
    assert {places[key][1] for key in CHAIN} == {places[CHAIN[0]][1]}


def test_no_node_covers_another_and_all_are_inside() -> None:
    keys = [f"{kind}/{number}" for kind in ("Service", "Deployment", "CronJob", "Pods")
            for number in range(40)]  # fmt: skip
    layout = layout_of(drawn(*map(node, keys), edges=(Edge("Service/0", "", is_broken=True),)))
    spots = [*layout.places.values(), *((one.x, one.y) for one in layout.nowhere)]
    assert len(set(spots)) == len(keys) + 1
    assert all(x + WIDTH <= layout.width and y + HEIGHT <= layout.height for x, y in spots)
    for column in {x for x, _ in spots}:
        rows = sorted(y for x, y in spots if x == column)
        assert all(below - above > HEIGHT for above, below in pairwise(rows))


def test_what_turns_red_does_not_move() -> None:
    before = drawn(node("Service/a"), node("Service/b"))
    after = drawn(node("Service/b", GONE), node("Service/a"))
    assert layout_of(before).places == layout_of(after).places


def test_a_line_that_leads_nowhere_ends_beside_where_it_begins() -> None:
    found = drawn(
        node("Service/lost", GONE),
        *(node(f"Deployment/{number}") for number in range(9)),
        edges=(Edge("Service/lost", "", is_broken=True, note="matches no pod"),),
    )
    layout = layout_of(found)
    (end,) = layout.nowhere
    assert end.y == layout.places["Service/lost"][1]


def test_what_leads_somewhere_stands_in_line_with_it_and_broken_ends_below() -> None:
    found = drawn(
        node("Ingress/shop"),
        node("Service/web"),
        edges=(
            Edge("Ingress/shop", "Service/gone", is_broken=True, note="no Service gone"),
            Edge("Ingress/shop", "Service/web"),
        ),
    )
    layout = layout_of(found)
    assert layout.places["Service/web"][1] == layout.places["Ingress/shop"][1] < layout.nowhere[0].y


def test_a_selector_without_pods_ends_in_the_words() -> None:
    found = drawn(
        node("Service/lost", GONE),
        node("Deployment/web"),
        edges=(Edge("Service/lost", "", is_broken=True, note="matches no pod"),),
    )
    layout = layout_of(found)
    assert [one.text for one in layout.nowhere] == ["matches no pod"]
    assert [(edge.key, edge.look) for edge in layout.edges] == [
        ("Service/lost>matches no pod", "broken")
    ]
    nodes: list[NodeView] = shown(found)["nodes"]
    assert nodes[0].leads == "matches no pod"


def test_the_list_says_in_words_what_the_lines_say() -> None:
    found = drawn(
        node("Pods/Deployment/web", about="2 running"),
        node("PersistentVolumeClaim/data"),
        node("NetworkPolicy/preset"),
        edges=(
            Edge("Pods/Deployment/web", "PersistentVolumeClaim/data", kind=EdgeKind.MOUNTS),
            Edge("NetworkPolicy/preset", "Pods/Deployment/web", kind=EdgeKind.POLICY),
        ),
    )
    leads = {one.key: one.leads for one in shown(found)["nodes"]}
    assert leads["Pods/Deployment/web"] == "mounts Volume claim data"
    assert leads["NetworkPolicy/preset"] == "holds for Pods Deployment/web"
    assert shown(found)["nodes"][0].label == "Pods Deployment/web, there, 2 running"
    assert {edge.look for edge in shown(found)["lines"]} == {"mounts", "policy"}


def test_a_circle_ends() -> None:
    found = drawn(
        node("Service/a"),
        node("Service/b"),
        edges=(Edge("Service/a", "Service/b"), Edge("Service/b", "Service/a")),
    )
    assert len(layout_of(found).edges) == 2


def test_the_panel_stands_in_the_address_and_stays_when_its_node_is_gone() -> None:
    told = NodeWarning("BackOff", "It keeps ending.", 3, "2026-11-28T10:00:00Z")
    found = drawn(node("Service/lost", GONE, warnings=(told,)))
    closed: NodePanel = shown(found)["panel"]
    assert closed.key == ""
    open_one: NodePanel = shown(found, node="Service/lost", view="list")["panel"]
    assert (open_one.word, open_one.reason) == (GONE.word, GONE.reason)
    assert [(one.reason, one.times) for one in open_one.warnings] == [("BackOff", "3 times")]
    assert open_one.close_href == "/namespaces/shop?tab=workloads&view=list"
    gone: NodePanel = shown(found, node="Pods/Deployment/old")["panel"]
    assert (gone.word, gone.name) == ("Not there", "Deployment/old")


def test_too_many_are_a_list_unless_somebody_asks_for_the_graph() -> None:
    few, many = drawn(node("Service/a")), drawn(node("Service/a"), total=412)
    assert (shown(few)["graph_view"], shown(few)["graph_note"]) == ("graph", "")
    assert shown(many)["graph_view"] == "list"
    assert shown(many)["graph_note"] == "Showing 1 of 412, problems first"
    assert shown(many, view="graph")["graph_view"] == "graph"
    assert shown(few, view="nonsense")["graph_view"] == "graph"
