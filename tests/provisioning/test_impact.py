"""What runs, measured as the quota measures it, and against the bounds of a tier."""

from typing import Any

import pytest

from nsaas_app.domain.tiers import Tier
from nsaas_app.provisioning.impact import READ, Impact, impact_of
from tests.support.specs import spec_of

Document = dict[str, Any]


def resources(requests: Document | None = None, limits: Document | None = None) -> Document:
    return {"resources": {"requests": requests or {}, "limits": limits or {}}}


def pod(*containers: Document, name: str = "p", phase: str = "Running", **spec: Any) -> Document:
    listed = [{"name": f"c{number}", **one} for number, one in enumerate(containers)]
    owners = spec.pop("owners", [])
    return {
        "metadata": {"name": name, "ownerReferences": owners},
        "spec": {"containers": listed, **spec},
        "status": {"phase": phase},
    }


def impact(*pods: Document, tier: Tier = Tier.SMALL, **more: list[Document]) -> Impact:
    contents = {kind: more.get(kind, []) for kind in READ} | {"Pod": list(pods)}
    return impact_of(spec_of(tier=tier), contents)


def used(found: Impact) -> dict[str, tuple[str, str]]:
    return {line.resource: (line.used, line.after_restart) for line in found.quota}


CPU = resources({"cpu": "100m"}, {"cpu": "1"})


def test_an_empty_namespace_uses_nothing_and_nothing_breaks() -> None:
    found = impact()

    assert not any(line.is_over for line in found.quota)
    assert {line.used for line in found.quota} == {"0"}
    assert (found.defaulted, found.refused) == ((), ())
    assert set(found.not_counted) == {"secrets", "configmaps"}
    assert {line.resource for line in found.quota}.isdisjoint(found.not_counted)


def test_ended_pods_do_not_count() -> None:
    found = used(impact(pod(CPU), pod(CPU, phase="Succeeded"), pod(CPU, phase="Failed")))

    assert found["pods"] == ("1", "1")
    assert found["requests.cpu"] == ("100m", "100m")


def test_a_pod_counts_its_containers_or_its_largest_init_container() -> None:
    large, tiny = resources({"cpu": "700m"}), resources({"cpu": "50m"})

    assert used(impact(pod(CPU, CPU)))["requests.cpu"][0] == "200m"
    inits = [{"name": "i", **large}, {"name": "j", **tiny}]
    assert used(impact(pod(CPU, CPU, initContainers=inits)))["requests.cpu"][0] == "700m"
    sidecar = {"name": "s", "restartPolicy": "Always", **tiny}
    beside = [sidecar, {"name": "i", **large}]
    assert used(impact(pod(CPU, CPU, initContainers=beside)))["requests.cpu"][0] == "750m"
    assert used(impact(pod(CPU, CPU, initContainers=[sidecar])))["requests.cpu"][0] == "250m"


def test_overhead_and_amounts_of_the_whole_pod_count() -> None:
    assert used(impact(pod(CPU, overhead={"cpu": "10m"})))["requests.cpu"][0] == "110m"
    assert used(impact(pod(CPU, overhead={"cpu": "10m"})))["limits.cpu"][0] == "1010m"
    whole = pod(CPU, CPU, resources={"requests": {"cpu": "500m"}})
    assert used(impact(whole))["requests.cpu"][0] == "500m"


def test_what_states_nothing_counts_with_the_tiers_defaults_after_a_restart() -> None:
    found = impact(*[pod({}, name=f"p{n}") for n in range(11)])

    lines = {line.resource: line for line in found.quota}
    assert (lines["limits.cpu"].used, lines["limits.cpu"].after_restart) == ("0", "2200m")
    assert lines["limits.cpu"].is_over
    assert (lines["pods"].used, lines["pods"].hard, lines["pods"].is_over) == ("11", "10", True)
    assert found.defaulted[0].message == (
        "requests.cpu=50m, requests.memory=128Mi, requests.ephemeral-storage=500Mi, "
        "limits.cpu=200m, limits.memory=256Mi, limits.ephemeral-storage=500Mi"
    )


def test_pods_of_one_owner_are_told_once() -> None:
    owners = [{"kind": "ReplicaSet", "name": "web-1"}]
    found = impact(*[pod({}, name=f"web-1-{n}", owners=owners) for n in range(3)])

    (note,) = found.defaulted
    assert (note.owner, note.container, note.pods) == ("ReplicaSet/web-1", "c0", 3)


@pytest.mark.parametrize(
    ("container", "message"),
    [
        (resources(limits={"cpu": "3"}), "limits.cpu 3 is above the maximum 2"),
        (resources(limits={"memory": "5Gi"}), "limits.memory 5Gi is above the maximum 4Gi"),
        (resources({"cpu": "5m"}, {"cpu": "50m"}), "requests.cpu 5m is below the minimum 10m"),
        (resources({"cpu": "1"}), "requests.cpu 1 is above its limit 200m"),
        (
            resources({"cpu": "100m"}, {"cpu": "1500m"}),
            "limits.cpu 1500m is more than 10 times requests.cpu 100m",
        ),
    ],
)
def test_what_the_bounds_would_not_admit_again_is_told(container: Document, message: str) -> None:
    assert message in {note.message for note in impact(pod(container)).refused}


def test_services_and_claims_count() -> None:
    balanced = {"type": "LoadBalancer", "ports": [{"nodePort": 30001}, {"nodePort": 30002}]}
    services = [{"spec": balanced}, {"spec": {"type": "ClusterIP", "ports": [{"port": 80}]}}]
    sizes = ["512Mi", "5Gi"]
    claims = [
        {
            "metadata": {"name": f"d{number}"},
            "spec": {"resources": {"requests": {"storage": size}}},
        }
        for number, size in enumerate(sizes)
    ]
    found = impact(Service=services, PersistentVolumeClaim=claims)

    lines = used(found)
    assert lines["services"][0] == "2"
    assert lines["services.loadbalancers"][0] == "1"
    assert lines["services.nodeports"][0] == "2"
    assert lines["persistentvolumeclaims"][0] == "2"
    assert lines["requests.storage"][0] == "5632Mi"
    assert [(note.owner, note.message) for note in found.refused] == [
        ("PersistentVolumeClaim/d0", "512Mi is outside 1Gi to 20Gi")
    ]
