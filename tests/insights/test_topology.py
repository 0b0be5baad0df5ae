"""The topology at scale: never more nodes than a picture holds, what is wrong first."""

from typing import Any

import msgspec
import pytest

from nsaas_app.cluster.objects import NetworkPolicy
from nsaas_app.cluster.workload_objects import Ingress, Pod, Service, WarningEvent
from nsaas_app.domain.errors import NotFoundError
from nsaas_app.insights.topology import MOST_NODES, EdgeKind, Topologies, Topology
from nsaas_app.insights.workloads import WorkloadReports
from nsaas_app.ui.namespace.topology_view import topology_vars
from tests.directory.samples import ADMIN, FRONTEND, PAYMENTS, Desk, deployment, member, record

LISTED = 412


def metadata(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "namespace": "shop", "uid": f"u-{name}", "resourceVersion": "1"} | fields


def pod(name: str, template: str, **fields: Any) -> Pod:
    owner = {"kind": "ReplicaSet", "name": f"{template}-abc", "controller": True}
    labels = {"app": template, "pod-template-hash": "abc"}
    body = {
        "metadata": metadata(name, labels=labels, ownerReferences=[owner]),
        "status": {"phase": "Running"},
    }
    return msgspec.convert(body | fields, type=Pod)


def service(name: str, app: str) -> Service:
    return msgspec.convert(
        {"metadata": metadata(name), "spec": {"type": "ClusterIP", "selector": {"app": app}}},
        type=Service,
    )


def policy(name: str, *, is_ours: bool, pods: dict[str, str]) -> NetworkPolicy:
    labels = {"platform.io/managed": "true"} if is_ours else {}
    body = {
        "metadata": metadata(name, labels=labels),
        "spec": {"podSelector": {"matchLabels": pods} if pods else {}},
    }
    return msgspec.convert(body, type=NetworkPolicy)


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.put(record("shop"), record("ledger", team=PAYMENTS))
    made.sync()
    return made


def drawn(desk: Desk) -> Topology:
    topologies = Topologies(directory=desk.directory, mirror=desk.mirror)
    return topologies.report("shop", actor=member(FRONTEND))


def test_of_many_objects_those_with_a_problem_are_drawn_and_the_rest_is_counted(
    desk: Desk,
) -> None:
    for number in range(LISTED - 1):
        desk.mirror.workloads.deployments.put(deployment(f"app-{number:03}", "shop"))
    desk.mirror.workloads.deployments.put(deployment("zz-down", "shop", available=0))

    found = drawn(desk)

    assert (len(found.nodes), found.total) == (MOST_NODES, LISTED)
    assert found.nodes[0].key == "Deployment/zz-down"
    shown = topology_vars("shop", found, {})
    assert shown["graph_note"] == f"Showing {MOST_NODES} of {LISTED}, problems first"
    assert shown["graph_view"] == "list"


def test_lines_lead_to_what_is_drawn_and_nowhere_else(desk: Desk) -> None:
    seen = desk.mirror.workloads
    for number in range(200):
        seen.deployments.put(deployment(f"app-{number:03}", "shop"))
        seen.pods.put(pod(f"app-{number:03}-abc-x", f"app-{number:03}"))
        seen.services.put(service(f"svc-{number:03}", f"app-{number:03}"))
    found = drawn(desk)
    keys = {node.key for node in found.nodes}
    assert len(keys) == MOST_NODES
    assert all(edge.source in keys and edge.target in keys for edge in found.edges)


def test_policies_of_the_preset_are_one_node_and_each_other_one_its_own(desk: Desk) -> None:
    seen = desk.mirror.workloads
    for app in ("web", "cart"):
        seen.deployments.put(deployment(app, "shop"))
        seen.pods.put(pod(f"{app}-abc-x", app))
    for name in ("nsaas-default-deny", "nsaas-allow-dns"):
        desk.mirror.policies.put(policy(name, is_ours=True, pods={}))
    desk.mirror.policies.put(policy("open-web", is_ours=False, pods={"app": "web"}))

    found = drawn(desk)

    lines = {(e.source, e.target) for e in found.edges if e.kind is EdgeKind.POLICY}
    assert lines == {
        ("NetworkPolicy/preset/", "Pods/Deployment/web"),
        ("NetworkPolicy/preset/", "Pods/Deployment/cart"),
        ("NetworkPolicy/open-web", "Pods/Deployment/web"),
    }
    nodes = {node.key: node for node in found.nodes}
    assert nodes["NetworkPolicy/preset/"].about == "allow-dns, default-deny"
    assert nodes["NetworkPolicy/open-web"].standing.word == "Not from the portal"


def test_a_warning_stands_at_the_node_of_what_it_is_about(desk: Desk) -> None:
    seen = desk.mirror.workloads
    seen.deployments.put(deployment("web", "shop", available=0))
    seen.pods.put(pod("web-abc-x", "web"))

    def warn(kind: str, name: str, at: str) -> None:
        body = {
            "metadata": metadata(f"{name}.{at[-3:-1]}"),
            "involvedObject": {"kind": kind, "name": name},
            "reason": "BackOff",
            "message": f"about {name}",
            "lastTimestamp": at,
        }
        seen.warnings.put(msgspec.convert(body, type=WarningEvent))

    for second in range(10, 16):
        warn("Pod", "web-abc-x", f"2026-11-28T10:00:{second}Z")
    warn("ReplicaSet", "web-abc", "2026-11-28T10:00:01Z")
    warn("ReplicaSet", "late-abc", "2026-11-28T10:00:02Z")

    told = {node.key: [one.last_seen for one in node.warnings] for node in drawn(desk).nodes}
    assert told["Pods/Deployment/web"] == [f"2026-11-28T10:00:{second}Z" for second in (15, 14, 13)]
    assert told["Deployment/web"] == ["2026-11-28T10:00:01Z"]


def test_the_list_of_services_says_of_what_leads_nowhere_what_the_picture_says(desk: Desk) -> None:
    seen = desk.mirror.workloads
    seen.pods.put(pod("web-abc-x", "web"))
    seen.services.put(service("web", "web"))
    seen.services.put(service("lost", "nobody"))
    paths = [{"backend": {"service": {"name": name}}} for name in ("web", "old", "older")]
    body = {"metadata": metadata("shop"), "spec": {"rules": [{"http": {"paths": paths}}]}}
    seen.ingresses.put(msgspec.convert(body, type=Ingress))

    reports = WorkloadReports(directory=desk.directory, mirror=desk.mirror)
    listed = reports.report("shop", actor=member(FRONTEND)).neighbours
    in_list = {f"{line.kind}/{line.name}": line.standing for line in listed}
    in_picture = {node.key: node.standing for node in drawn(desk).nodes if node.key in in_list}
    assert in_list == in_picture
    assert {key: standing.word for key, standing in in_list.items()} == {
        "Service/web": "There",
        "Service/lost": "Matches no pod",
        "Ingress/shop": "No such Service",
    }
    assert in_list["Ingress/shop"].reason == "There is no Service old, no Service older."


def test_a_service_is_broken_only_where_a_pod_could_be(desk: Desk) -> None:
    seen = desk.mirror.workloads
    seen.services.put(service("web", "web"))
    seen.deployments.put(deployment("web", "shop", replicas=0, available=0))
    reports = WorkloadReports(directory=desk.directory, mirror=desk.mirror)

    def told() -> tuple[str, bool]:
        (line,) = reports.report("shop", actor=member(FRONTEND)).neighbours
        found = drawn(desk)
        assert line.standing in [node.standing for node in found.nodes]
        return line.standing.word, any(edge.is_broken for edge in found.edges)

    assert told() == ("Asleep", False)
    seen.deployments.put(deployment("cart", "shop"))
    assert told() == ("Matches no pod", True)
    for reflector in desk.mirror.reflectors:
        reflector.synced.clear()
    assert told() == ("There", False), "pods were not listed yet"


def test_another_teams_picture_is_not_there(desk: Desk) -> None:
    topologies = Topologies(directory=desk.directory, mirror=desk.mirror)
    with pytest.raises(NotFoundError):
        topologies.report("shop", actor=member(PAYMENTS))
    assert topologies.report("shop", actor=ADMIN).total == 0
