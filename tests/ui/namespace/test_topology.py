"""The topology as paths: from the outside to the pods, and what leads nowhere says so."""

from nsaas_app.insights.topology import Edge, Node, Topology
from nsaas_app.insights.workload_words import Standing, StandingWord
from nsaas_app.ui.namespace.topology_view import PathRow, topology_vars

FINE = StandingWord(Standing.RUNNING, "There")
GONE = StandingWord(Standing.BAD, "Matches no pod", "Its selector matches no pod.")


def node(key: str, standing: StandingWord = FINE) -> Node:
    kind, _, name = key.partition("/")
    return Node(key, kind, name, "", standing)


def paths(*edges: tuple[str, str], nodes: dict[str, StandingWord]) -> list[list[str]]:
    known = tuple(node(key, standing) for key, standing in nodes.items())
    lines = tuple(Edge(source, target, is_broken=not target) for source, target in edges)
    found = topology_vars(Topology(known, lines, len(known)))["paths"]
    assert isinstance(found, list)
    rows: list[PathRow] = found
    return [[cell.key for cell in row.cells] + ["!"] * row.is_broken for row in rows]


def test_a_path_goes_from_the_outside_to_the_pods() -> None:
    keys = ("Pods/Deployment/web", "Deployment/web", "Service/web", "Ingress/shop")
    edges = [(keys[at + 1], keys[at]) for at in range(3)]
    assert paths(*edges, nodes=dict.fromkeys(keys, FINE)) == [list(reversed(keys))]


def test_every_way_has_its_row_and_what_nothing_leads_to_begins_one() -> None:
    nodes = dict.fromkeys(("Service/all", "Deployment/a", "Deployment/b", "CronJob/night"), FINE)
    found = paths(("Service/all", "Deployment/a"), ("Service/all", "Deployment/b"), nodes=nodes)
    assert found == [
        ["Service/all", "Deployment/a"],
        ["Service/all", "Deployment/b"],
        ["CronJob/night"],
    ]


def test_a_selector_without_pods_leads_nowhere() -> None:
    nodes = {"Service/lost": GONE, "Deployment/web": FINE}
    assert paths(("Service/lost", ""), nodes=nodes) == [["Service/lost", "!"], ["Deployment/web"]]


def test_volumes_begin_no_path() -> None:
    assert paths(nodes={"PersistentVolumeClaim/data": FINE}) == []


def test_a_circle_ends() -> None:
    nodes = dict.fromkeys(("Ingress/a", "Service/b"), FINE)
    edges = (("Ingress/a", "Service/b"), ("Service/b", "Service/b"))
    assert len(paths(*edges, nodes=nodes)) == 1
