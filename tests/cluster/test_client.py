"""The client against the real API server: what each verb does and gives."""

import asyncio
import json

import pytest
from asgi_correlation_id import correlation_id
from prometheus_client import REGISTRY

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.objects import Namespace, ResourceQuota, RoleBinding
from nsaas_app.cluster.paths import RESOURCES, path_of
from nsaas_app.manifests.namespace import namespace_claim
from nsaas_app.manifests.resource_quota import resource_quota
from tests.support.controlplane import ControlPlane
from tests.support.faultproxy import FaultProxy
from tests.support.namespaces import create_namespace
from tests.support.specs import spec_of


async def test_what_was_created_is_read_with_the_fields_that_matter(
    cluster: Cluster, name: str
) -> None:
    record = await create_namespace(cluster, name)
    found = await cluster.get("Namespace", name, model=Namespace)
    assert found is not None
    assert (found.metadata.name, found.metadata.uid) == (name, record.uid)
    assert found.is_active
    assert found.labels["platform.io/team"] == "frontend"
    binding = await cluster.get("RoleBinding", "nsaas-leads", name, model=RoleBinding)
    assert binding is not None
    assert binding.role_ref.name == "nsaas-lead"
    assert [(each.kind, each.name) for each in binding.subjects or ()] == [
        ("Group", "frontend-leads")
    ]
    assert await cluster.get("Namespace", f"{name}-x", model=Namespace) is None
    assert await cluster.read(resource_quota(spec_of(f"{name}-x"))) is None


async def test_a_dry_run_of_a_deletion_deletes_nothing(cluster: Cluster, name: str) -> None:
    await create_namespace(cluster, name)
    binding = await cluster.get("RoleBinding", "nsaas-leads", name, model=RoleBinding)
    assert binding is not None

    uid = binding.metadata.uid
    assert await cluster.delete("RoleBinding", "nsaas-leads", name, uid=uid, is_dry_run=True)

    still = await cluster.get("RoleBinding", "nsaas-leads", name, model=RoleBinding)
    assert still is not None
    assert still.metadata == binding.metadata
    assert await cluster.delete("RoleBinding", "nsaas-leads", name, uid=uid)
    assert await cluster.get("RoleBinding", "nsaas-leads", name, model=RoleBinding) is None


async def test_a_dry_run_changes_nothing(cluster: Cluster, name: str) -> None:
    claim = namespace_claim(spec_of(name), request_id="r1")
    tried = await cluster.create(claim, is_dry_run=True)
    assert tried.metadata.name == name
    assert await cluster.get("Namespace", name, model=Namespace) is None
    record = await create_namespace(cluster, name)
    quota = resource_quota(record.spec)
    quota["spec"]["hard"]["pods"] = "77"
    await cluster.apply(quota, force=False, is_dry_run=True)
    found = await cluster.get("ResourceQuota", "nsaas-quota", name, model=ResourceQuota)
    assert found is not None
    assert (found.spec.hard or {})["pods"] == "10"


async def test_a_tried_apply_gives_the_warnings_and_changes_nothing(
    cluster: Cluster, controlplane: ControlPlane, name: str
) -> None:
    await create_namespace(cluster, name)
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "root", "namespace": name},
        "spec": {"containers": [{"name": "c", "image": "x"}]},
    }
    await asyncio.to_thread(controlplane.kubectl, "create", "-f", "-", stdin=json.dumps(pod))
    namespace = namespace_claim(spec_of(name), request_id=f"r-{name}")
    assert await cluster.try_apply(namespace, force=True) == ()
    level = {"pod-security.kubernetes.io/enforce": "restricted"}
    namespace["metadata"]["labels"] |= level

    first, second = await cluster.try_apply(namespace, force=True)

    words = f'existing pods in namespace "{name}" violate the new PodSecurity enforce level'
    assert first.startswith(words)
    assert second.startswith("root: ")
    found = await cluster.get("Namespace", name, model=Namespace)
    assert found is not None
    assert found.labels["pod-security.kubernetes.io/enforce"] == "baseline"
    assert [one["metadata"]["name"] for one in await cluster.read_all("Pod", name)] == ["root"]


async def test_only_our_objects_are_listed_as_ours(
    cluster: Cluster, controlplane: ControlPlane, name: str
) -> None:
    await create_namespace(cluster, name)
    await asyncio.to_thread(
        controlplane.kubectl, "create", "quota", "theirs", "-n", name, "--hard=pods=1"
    )
    ours = await cluster.list_managed("ResourceQuota", name)
    assert [each.metadata.name for each in ours] == ["nsaas-quota"]


async def test_deleting_what_is_gone_is_told_and_no_error(cluster: Cluster, name: str) -> None:
    await create_namespace(cluster, name)
    quota = await cluster.get("ResourceQuota", "nsaas-quota", name, model=ResourceQuota)
    assert quota is not None
    assert await cluster.delete("ResourceQuota", "nsaas-quota", name, uid=quota.metadata.uid)
    assert not await cluster.delete("ResourceQuota", "nsaas-quota", name, uid=quota.metadata.uid)


@pytest.mark.parametrize(
    ("group", "verb", "resource", "allowed"),
    [
        ("frontend-viewers", "get", "pods", True),
        ("frontend-viewers", "create", "pods", False),
        ("frontend-devs", "create", "pods", True),
        ("strangers", "get", "pods", False),
    ],
)
async def test_the_api_server_is_asked_who_may_what(
    cluster: Cluster, name: str, group: str, verb: str, resource: str, *, allowed: bool
) -> None:
    await create_namespace(cluster, name)

    async def asked() -> bool:
        return await cluster.review_access(
            user="somebody", groups=[group], verb=verb, resource=resource, namespace=name
        )

    # The authorizer learns of a binding some milliseconds after it was written.
    async with asyncio.timeout(60):
        while True:
            if await asked() is allowed:
                return
            await asyncio.sleep(0.02)


async def test_a_call_carries_the_correlation_id_and_is_counted(
    behind: Cluster, proxy: FaultProxy
) -> None:
    def counted() -> float:
        labels = {"verb": "GET", "code": "200"}
        return REGISTRY.get_sample_value("nsaas_kube_requests_total", labels) or 0.0

    before = counted()
    token = correlation_id.set("corr-4711")
    try:
        await behind.version()
    finally:
        correlation_id.reset(token)
    assert counted() == before + 1
    head = proxy.calls[-1].head.lower()
    assert head.count(b"x-correlation-id: corr-4711") == 1
    assert b"user-agent: nsaas-portal" in head


def test_every_kind_has_its_place() -> None:
    assert RESOURCES["Namespace"].item("x") == "/api/v1/namespaces/x"
    assert RESOURCES["ResourceQuota"].collection() == "/api/v1/resourcequotas"
    assert (
        path_of({"kind": "NetworkPolicy", "metadata": {"name": "p", "namespace": "n"}})
        == "/apis/networking.k8s.io/v1/namespaces/n/networkpolicies/p"
    )
    assert (
        RESOURCES["RoleBinding"].item("b", "n")
        == "/apis/rbac.authorization.k8s.io/v1/namespaces/n/rolebindings/b"
    )
