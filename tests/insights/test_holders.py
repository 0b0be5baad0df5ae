"""Who uses the quota: what pods ask for, gathered by the workload that made them."""

from typing import Any

import msgspec

from nsaas_app.cluster.workload_objects import Pod
from nsaas_app.insights.holders import holders_of

HARD = {"requests.cpu": "2", "requests.memory": "4Gi", "pods": "20"}


def pod(name: str, owner: str = "", *, phase: str = "Running", **requests: str) -> Pod:
    metadata: dict[str, Any] = {"name": name, "namespace": "shop"}
    if owner:
        kind, _, owner_name = owner.partition("/")
        metadata["ownerReferences"] = [{"kind": kind, "name": owner_name, "controller": True}]
    container = {"name": "c", "resources": {"requests": requests}}
    body = {
        "metadata": metadata,
        "spec": {"containers": [container, container]},
        "status": {"phase": phase},
    }
    return msgspec.convert(body, type=Pod)


def test_pods_of_one_workload_count_together_and_who_holds_most_is_first() -> None:
    found = holders_of(
        [
            pod("a", "StatefulSet/store", cpu="100m", memory="1536Mi"),
            pod("b", "StatefulSet/web", cpu="250m", memory="64Mi"),
            pod("c", "StatefulSet/web", cpu="250m", memory="64Mi"),
        ],
        HARD,
    )
    # Three gibibytes of four; one core of two: whichever limit is nearer decides.
    assert [(one.workload, one.pods, one.share) for one in found] == [
        ("StatefulSet/store", 1, 0.75),
        ("StatefulSet/web", 2, 0.5),
    ]
    assert found[1].requests == {"requests.cpu": "1", "requests.memory": "256Mi"}


def test_what_has_ended_holds_nothing() -> None:
    assert holders_of([pod("done", phase="Succeeded", cpu="1")], HARD) == ()


def test_a_pod_of_nobody_stands_for_itself_and_may_ask_for_nothing() -> None:
    found = holders_of([pod("lone")], HARD)
    assert [(one.workload, one.share) for one in found] == [("Pod/lone", 0.0)]


def test_without_limits_nobody_has_a_share() -> None:
    assert [one.share for one in holders_of([pod("lone", cpu="1")], {})] == [0.0]


def test_a_pod_counts_as_kubernetes_counts_it() -> None:
    def container(cpu: str, **more: str) -> dict[str, Any]:
        return {"name": "c", "resources": {"requests": {"cpu": cpu}}, **more}

    def counted(**spec: Any) -> str:
        body = {"metadata": {"name": "lone", "namespace": "shop"}, "spec": spec}
        (found,) = holders_of([msgspec.convert(body, type=Pod)], HARD)
        return found.requests["requests.cpu"]

    proxy, plain = container("100m", restartPolicy="Always"), [container("200m")]
    assert counted(containers=plain, initContainers=[proxy]) == "300m"
    # Before the containers: the largest init container beside the sidecars that have begun.
    assert counted(containers=plain, initContainers=[container("900m"), proxy]) == "900m"
    assert counted(containers=plain, initContainers=[proxy, container("900m")]) == "1"
    assert counted(containers=plain, overhead={"cpu": "50m"}) == "250m"
