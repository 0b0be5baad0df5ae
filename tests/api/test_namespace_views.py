"""Views of one namespace over REST, on the real control plane: what they tell, and to whom."""

import asyncio
import io
import tarfile
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client import REGISTRY

from nsaas_app.domain.tiers import TIERS, Tier
from nsaas_app.insights.access import QUESTIONS
from nsaas_app.localcluster import LocalClusterError
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.namespaces import apply_as_admin, deployment_manifest
from tests.support.requests import ended, submit
from tests.support.waiting import eventually, eventually_async, eventually_sync

VIEWS = (
    "topology",
    "manifests",
    "usage",
    "usage/trend",
    "events",
    "access",
    "connectivity",
    "drift",
    "kubeconfig",
)
RUN = next(question for question in QUESTIONS if question.key == "run-workloads")


@pytest.fixture
async def namespace(portal: Runtime, name: str) -> str:
    """A ready, isolated namespace of team frontend."""
    done = await ended(portal, await submit(portal, name, preset="isolated"))
    assert done.failure is None
    return name


def open_policy(namespace: str) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "let-all-in", "namespace": namespace},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}]},
    }


async def view(client: httpx.AsyncClient, namespace: str, which: str) -> Any:
    answer = await client.get(f"/namespaces/{namespace}/{which}")
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


async def test_a_view_is_for_who_may_see_the_namespace(calling: Caller, namespace: str) -> None:
    readers = [await calling(who) for who in ("frontend-viewer", "admin", "auditor")]
    stranger = await calling("payments-lead")
    blind = await calling("frontend-dev", scopes=frozenset({"write"}))
    for which in VIEWS:
        for reader in readers:
            answer = await reader.get(f"/namespaces/{namespace}/{which}")
            assert answer.status_code == httpx.codes.OK, answer.text
        theirs = problem_in(
            await stranger.get(f"/namespaces/{namespace}/{which}"), 404, "NOT_FOUND"
        )
        absent = problem_in(await stranger.get(f"/namespaces/none/{which}"), 404, "NOT_FOUND")
        assert theirs["detail"].replace(namespace, "none") == absent["detail"]
        problem_in(await blind.get(f"/namespaces/{namespace}/{which}"), 403, "NOT_ALLOWED")


async def test_usage_tells_what_is_left_here_and_in_the_team(
    calling: Caller, namespace: str
) -> None:
    lines = (await view(await calling("frontend-viewer"), namespace, "usage"))["items"]
    by_name = {line["resource"]: line for line in lines}

    hard = TIERS[Tier.SMALL].quota
    assert {name: line["hard"] for name, line in by_name.items()} == hard
    assert by_name["pods"]["left"] == hard["pods"]
    assert by_name["requests.cpu"]["left"] == hard["requests.cpu"]
    assert by_name["requests.cpu"]["team_left"] == str(200 - int(hard["requests.cpu"]))
    assert by_name["pods"]["team_left"] is None


async def test_manifests_tell_asked_and_observed_and_can_be_applied(
    calling: Caller, namespace: str, controlplane: ControlPlane
) -> None:
    client = await calling("frontend-viewer")
    items = (await view(client, namespace, "manifests"))["items"]

    assert [item["object"].partition("/")[0] for item in items[:3]] == [
        "Namespace", "ResourceQuota", "LimitRange",
    ]  # fmt: skip
    assert all(item["managed"] and item["observed"] and not item["differences"] for item in items)
    assert "Secret" not in str(items)

    file = await client.get(f"/namespaces/{namespace}/manifests", params={"format": "yaml"})
    assert f'filename="{namespace}.yaml"' in file.headers["Content-Disposition"]
    assert list(yaml.safe_load_all(file.text)) == [item["desired"] for item in items]
    said = await asyncio.to_thread(
        controlplane.kubectl, "apply", "--dry-run=server", "-f", "-", stdin=file.text
    )
    assert said.count("(server dry run)") == len(items)


async def test_the_kustomization_builds_to_what_was_asked(
    calling: Caller, namespace: str, controlplane: ControlPlane, tmp_path: Path
) -> None:
    client = await calling("frontend-viewer")
    items = (await view(client, namespace, "manifests"))["items"]
    path = f"/namespaces/{namespace}/manifests"

    file = await client.get(path, params={"format": "kustomize"})
    again = await client.get(path, params={"format": "kustomize"})

    assert f'filename="{namespace}-kustomize.tar.gz"' in file.headers["Content-Disposition"]
    assert file.content == again.content
    with tarfile.open(fileobj=io.BytesIO(file.content)) as archive:
        archive.extractall(tmp_path, filter="data")
    built = await asyncio.to_thread(controlplane.kubectl, "kustomize", str(tmp_path / namespace))
    assert list(yaml.safe_load_all(built)) == [item["desired"] for item in items]


async def test_connectivity_flags_what_somebody_else_lets_in(
    calling: Caller, namespace: str, portal: Runtime, controlplane: ControlPlane
) -> None:
    client = await calling("frontend-viewer")
    before = await view(client, namespace, "connectivity")
    strangers = {"from": "other teams", "to": "this namespace"}

    def cell(report: Any) -> Any:
        return next(one for one in report["items"] if strangers.items() <= one.items())

    assert (before["preset"], cell(before)["reach"]) == ("isolated", "blocked")
    assert cell(before)["rule"] == "nsaas-default-deny"
    assert {policy["managed"] for policy in before["policies"]} == {True}

    await apply_as_admin(controlplane, open_policy(namespace))
    admin = actor("admin")
    await eventually(
        lambda: any(
            not policy.is_ours
            for policy in portal.reports.network.report(namespace, actor=admin).policies
        )
    )
    after = await view(client, namespace, "connectivity")
    assert (cell(after)["reach"], cell(after)["rule"]) == ("widened", "let-all-in")
    assert (cell(after)["allowed"], cell(after)["asked"]) == (True, False)
    assert after["policies"][0] == {
        "name": "let-all-in", "managed": False, "pods": "all", "rules": ["In from anywhere"],
    }  # fmt: skip


def asked() -> float:
    labels = {"verb": "POST", "code": "201"}
    return REGISTRY.get_sample_value("nsaas_kube_requests_total", labels) or 0.0


async def test_who_looks_at_the_same_time_shares_one_proof(namespace: str, portal: Runtime) -> None:
    before = asked()
    viewer = actor("frontend-viewer")
    proofs = await asyncio.gather(
        *(portal.reports.access.prove(namespace, actor=viewer) for _ in range(5))
    )
    assert asked() - before == len(proofs[0]) * len(QUESTIONS)
    assert set(proofs) == {proofs[0]}


async def test_a_proof_does_not_outlive_the_bindings_it_was_asked_for(
    namespace: str, portal: Runtime, controlplane: ControlPlane
) -> None:
    viewer, group = actor("frontend-viewer"), "frontend-viewers"

    async def may_run() -> bool:
        proofs = await portal.reports.access.prove(namespace, actor=viewer)
        answers = next(proof.answers for proof in proofs if proof.who.name == group)
        return dict(zip(QUESTIONS, answers, strict=True))[RUN]

    def does_count() -> bool:
        """Whether the API server's own authorizer has seen the binding."""
        ask = ("auth", "can-i", "create", "deployments.apps", "-n", namespace)
        try:
            controlplane.kubectl(*ask, "--as=somebody", f"--as-group={group}")
        except LocalClusterError:
            return False
        return True

    assert portal.mirror is not None
    bindings = portal.mirror.bindings
    assert await may_run() is False
    create = ("create", "rolebinding", "more", "-n", namespace)
    role = ("--clusterrole=nsaas-developer", f"--group={group}")
    await asyncio.to_thread(controlplane.kubectl, *create, *role)
    await asyncio.to_thread(eventually_sync, does_count, what="the binding counts")
    await eventually(lambda: bindings.get("more", namespace) is not None)
    assert await may_run() is True


async def test_access_is_proven_for_each_subject_and_against_a_stranger(
    calling: Caller, namespace: str
) -> None:
    found = await view(await calling("frontend-dev"), namespace, "access")

    roles = {line["name"]: line["role"] for line in found["bindings"]}
    assert roles == {
        "frontend-leads": "nsaas-lead",
        "frontend-devs": "nsaas-developer",
        "frontend-viewers": "nsaas-viewer",
    }
    asked = {one["name"]: f"nsaas-{one['role']}" for one in found["grants"]}
    assert asked == roles
    may = {
        proof["name"]: {key for key, is_allowed in proof["allowed"].items() if is_allowed}
        for proof in found["proofs"]
    }
    assert may["frontend-viewers"] == {"see-pods"}
    assert may["frontend-devs"] == {"see-pods", "run-workloads", "read-secrets"}
    assert may["frontend-leads"] == may["frontend-devs"] | {"publish", "give-access"}
    assert may["Anybody signed in"] == set()
    assert found["proofs"][0]["kind"] == "You"
    assert may["frontend-dev"] == may["frontend-devs"]


async def test_a_kubeconfig_leads_to_the_cluster_and_holds_no_credential(
    calling: Caller, namespace: str, portal: Runtime
) -> None:
    answer = await (await calling("frontend-dev")).get(f"/namespaces/{namespace}/kubeconfig")

    document = yaml.safe_load(answer.text)
    assert document["users"] == [{"name": "frontend-dev", "user": {}}]
    assert document["contexts"][0]["context"]["namespace"] == namespace
    assert portal.mirror is not None
    server = document["clusters"][0]["cluster"]
    assert server["server"] == portal.mirror.cluster.endpoint.server
    assert server["server"].startswith("https://")
    assert server["certificate-authority-data"]
    assert "--as frontend-dev --as-group frontend-devs" in answer.text
    assert "token" not in answer.text


async def test_pods_that_a_quota_refuses_are_named_with_what_is_short(
    calling: Caller, namespace: str, portal: Runtime, controlplane: ControlPlane
) -> None:
    client, admin = await calling("frontend-viewer"), actor("admin")
    assert await view(client, namespace, "events") == {"items": [], "total": 0}
    most = int(TIERS[Tier.SMALL].quota["pods"])
    await apply_as_admin(controlplane, deployment_manifest("shop", namespace, replicas=most + 5))

    def refused() -> bool:
        report = portal.reports.warnings.report(namespace, actor=admin)
        return any(group.code == "QUOTA_EXCEEDED" for group in report)

    await eventually(refused, within_s=30)
    found = (await view(client, namespace, "events"))["items"]
    group = next(item for item in found if item["code"] == "QUOTA_EXCEEDED")
    assert group["objects"][0].startswith("ReplicaSet/shop-")
    assert any(one["short_by"] != "0" for one in group["shortfalls"])
    assert group["fix"] == "Free something or ask for a larger tier."
    report = portal.reports.workloads.report(namespace, actor=admin)
    await eventually(
        lambda: (
            "The quota is used up"
            in portal.reports.workloads.report(namespace, actor=admin).workloads[0].standing.reason
        )
    )
    assert report.workloads[0].name == "shop"


def with_volume(namespace: str) -> list[dict[str, Any]]:
    """A Deployment whose pods mount one claim that is there and one that is not."""
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": namespace},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    stateful = deployment_manifest("store", namespace)
    stateful["spec"]["template"]["spec"]["volumes"] = [
        {"name": name, "persistentVolumeClaim": {"claimName": name}} for name in ("data", "gone")
    ]
    return [claim, stateful]


async def test_the_topology_leads_from_the_ingress_to_the_volumes(
    namespace: str, calling: Caller, controlplane: ControlPlane
) -> None:
    def kubectl(*arguments: str) -> None:
        controlplane.kubectl("-n", namespace, *arguments)

    kubectl("create", "deployment", "web", "--image=web", "--replicas=2")
    kubectl("expose", "deployment", "web", "--port=80")
    kubectl("create", "service", "clusterip", "lost", "--tcp=80:80")
    kubectl("create", "ingress", "shop", "--rule=shop.example/=web:80")
    narrow = open_policy(namespace)
    narrow["spec"]["podSelector"] = {"matchLabels": {"app": "web"}}
    await apply_as_admin(controlplane, narrow, *with_volume(namespace))
    mine = await calling("frontend-viewer")

    async def drawn() -> dict[str, Any]:
        found: dict[str, Any] = (await mine.get(f"/namespaces/{namespace}/topology")).json()
        return found

    wanted = {
        ("Ingress/shop", "Service/web", "leads", ""),
        ("Service/web", "Deployment/web", "leads", ""),
        ("Deployment/web", "Pods/Deployment/web", "leads", ""),
        ("Deployment/store", "Pods/Deployment/store", "leads", ""),
        ("Service/lost", "", "leads", "matches no pod"),
        ("Pods/Deployment/store", "PersistentVolumeClaim/data", "mounts", ""),
        ("Pods/Deployment/store", "PersistentVolumeClaim/gone", "mounts", "no claim gone"),
        ("NetworkPolicy/preset/", "Pods/Deployment/web", "policy", ""),
        ("NetworkPolicy/preset/", "Pods/Deployment/store", "policy", ""),
        ("NetworkPolicy/let-all-in", "Pods/Deployment/web", "policy", ""),
    }

    async def is_whole() -> bool:
        edges = (await drawn())["edges"]
        fields = ("source", "target", "kind", "note")
        return wanted == {tuple(one[field] for field in fields) for one in edges}

    await eventually_async(is_whole, within_s=60)
    found = await drawn()
    assert all(edge["broken"] is bool(edge["note"]) for edge in found["edges"])
    nodes = {node["key"]: node for node in found["nodes"]}
    assert nodes["Service/lost"]["word"] == "Matches no pod"
    assert nodes["Pods/Deployment/web"]["name"] == "2 pods"
    assert nodes["NetworkPolicy/let-all-in"]["word"] == "Not from the portal"
    assert nodes["NetworkPolicy/let-all-in"]["about"] == "pods with app=web"


async def test_a_node_tells_of_the_warnings_about_its_objects(
    namespace: str, calling: Caller, controlplane: ControlPlane
) -> None:
    most = int(TIERS[Tier.SMALL].quota["pods"])
    await apply_as_admin(controlplane, deployment_manifest("shop", namespace, replicas=most + 5))
    mine = await calling("frontend-viewer")

    async def is_told() -> bool:
        nodes = (await view(mine, namespace, "topology"))["nodes"]
        told: list[Any] = next(
            (one["warnings"] for one in nodes if one["key"] == "Deployment/shop"), []
        )
        return any("exceeded quota" in warning["message"] for warning in told)

    await eventually_async(is_told, within_s=60)


async def test_policies_that_nothing_enforces_are_said_to_be_so(
    calling: Caller, namespace: str
) -> None:
    client = await calling("frontend-viewer")

    async def is_said() -> bool:
        # Simulated nodes carry no traffic: no plugin runs on them.
        found = await view(client, namespace, "connectivity")
        return (found["enforced"], found["plugin"]) == (False, None)

    await eventually_async(is_said, within_s=60)


async def test_one_connection_can_be_asked_about(calling: Caller, namespace: str) -> None:
    client, path = await calling("frontend-viewer"), f"/namespaces/{namespace}/connectivity/check"

    async def answer(**query: str) -> Any:
        return (await client.get(path, params=query)).json()

    inside = await answer(**{"from": "this namespace", "to": "this namespace", "port": "5432"})
    assert (inside["allowed"], inside["rule"]) == (True, "nsaas-allow-same-ns")
    out = await answer(**{"from": "this namespace", "to": "198.51.100.7", "port": "443"})
    assert (out["allowed"], out["reach"]) == (False, "blocked")
    assert {step["policy"] for step in out["chain"] if step["allows"]} == set()
    assert "nsaas-default-deny" in {step["policy"] for step in out["chain"]}
    server = await answer(**{"from": "this namespace", "to": "API server", "port": "443"})
    assert (server["reach"], server["allowed"], server["asked"]) == ("unknown", False, None)
    assert "NSAAS_APISERVER_CIDRS" in server["reason"]
    listed = (await view(client, namespace, "connectivity"))["items"]
    assert server in listed
    assert {"gateway", "monitoring", "database"} <= {one["to"] for one in listed}
    database = await answer(**{"from": "this namespace", "to": "database", "port": "5432"})
    assert (database["reach"], database["asked"]) == ("unknown", None)
    assert "NSAAS_DATABASE_CIDRS" in database["reason"]
    own = await answer(**{"from": namespace, "to": "this namespace"})
    assert own["allowed"] is True
    for wrong in ({"port": "0"}, {"port": "http"}, {"to": "nobody's"}, {"to": "gateway"}):
        query = {"from": "this namespace", "to": "this namespace", "port": "80"} | wrong
        query |= {"from": "own team"} if wrong == {"to": "gateway"} else {}
        refused = await client.get(path, params=query)
        problem_in(refused, 422, "INVALID_FIELD", field=next(iter(wrong)))
