"""Every refusal the real API server can give, produced for real: its code and what to do next."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.cluster.faults import MAX_RAW, ClusterError
from nsaas_app.cluster.objects import ResourceQuota
from nsaas_app.domain.environments import Environment
from nsaas_app.manifests.namespace import namespace_claim
from nsaas_app.manifests.resource_quota import resource_quota
from tests.cluster.signals import PERMANENT, RETRY, manifest, pod, quota, refused
from tests.support.controlplane import ControlPlane
from tests.support.namespaces import create_namespace, delete_namespace
from tests.support.specs import spec_of

OURS = {"labels": {"platform.io/managed": "true"}}
"""Without it a policy would be the first to refuse."""


async def test_a_name_that_is_taken(cluster: Cluster, name: str) -> None:
    claim = namespace_claim(spec_of(name), request_id="r1")
    await cluster.create(claim)
    seen = await refused(cluster.create(claim), f'namespaces "{name}" already exists')
    assert seen == (409, "NS_EXISTS", PERMANENT)


async def test_a_namespace_that_is_going_away(cluster: Cluster, name: str) -> None:
    record = await create_namespace(cluster, name)
    await delete_namespace(cluster, record)
    again = cluster.create(namespace_claim(record.spec, request_id="r1"))
    assert await refused(again, "is being deleted") == (409, "NS_TERMINATING", RETRY)
    late = resource_quota(record.spec)
    late["metadata"]["name"] = "nsaas-late"
    for inside in (cluster.create(late), cluster.apply(late, force=False)):
        seen = await refused(inside, "because it is being terminated")
        assert seen == (403, "NS_TERMINATING", RETRY)


async def test_amounts_that_do_not_fit(cluster: Cluster, admin: Cluster, name: str) -> None:
    await create_namespace(cluster, name)
    too_much = admin.create(pod(name, cpu="2", memory="256Mi", requests={"cpu": "1500m"}))
    assert await refused(too_much, "exceeded quota") == (403, "QUOTA_EXCEEDED", PERMANENT)
    for words, limits, requests in (
        ("maximum cpu usage per Container", {"cpu": "3"}, {"cpu": "500m"}),
        ("minimum cpu usage per Container", {"cpu": "100m"}, {"cpu": "5m"}),
        ("limit to request ratio", {"cpu": "600m"}, {"cpu": "50m"}),
    ):
        tried = admin.create(pod(name, requests=requests, **limits))
        assert await refused(tried, words) == (403, "LIMITRANGE", PERMANENT)


@pytest.mark.produces("QUOTA_MUST_SPECIFY")
async def test_a_pod_that_states_nothing_under_a_bare_quota(
    admin: Cluster, controlplane: ControlPlane, name: str
) -> None:
    await admin.create(manifest("Namespace", name))
    await admin.create(quota("bare", name, **{"limits.cpu": "1"}))
    await asyncio.to_thread(
        controlplane.kubectl, "wait", "-n", name, "quota/bare", "--for=jsonpath={.status.hard}"
    )
    seen = await refused(admin.create(pod(name)), "must specify limits.cpu")
    assert seen == (403, "QUOTA_MUST_SPECIFY", PERMANENT)


@pytest.mark.produces("PSA_VIOLATION")
async def test_a_pod_below_the_security_level(cluster: Cluster, admin: Cluster, name: str) -> None:
    await create_namespace(cluster, name, environment=Environment.STAGING)
    seen = await refused(admin.create(pod(name)), 'violates PodSecurity "restricted:latest"')
    assert seen == (403, "PSA_VIOLATION", PERMANENT)


async def test_a_policy_says_no(cluster: Cluster, name: str) -> None:
    tried = cluster.create(manifest("Namespace", name))
    seen = await refused(tried, "ValidatingAdmissionPolicy 'nsaas-confine-portal-namespaces'")
    assert seen == (403, "WEBHOOK_DENIED", PERMANENT)


async def test_a_policy_without_a_reason_of_its_own_says_no(
    admin: Cluster, controlplane: ControlPlane, name: str
) -> None:
    await admin.create(manifest("Namespace", name))
    with _policy(controlplane, name):
        await _enforced(admin, name)
        seen = await refused(admin.create(quota("q", name, pods="1")), "ValidatingAdmissionPolicy")
    assert seen == (422, "WEBHOOK_DENIED", PERMANENT)


async def _enforced(admin: Cluster, namespace: str) -> None:
    """Wait until the policy is in force: the API server takes about a second."""
    async with asyncio.timeout(60):
        with contextlib.suppress(ClusterError):
            while True:
                await admin.create(quota("probe", namespace, pods="1"), is_dry_run=True)
                await asyncio.sleep(0.05)


@contextlib.contextmanager
def _policy(controlplane: ControlPlane, namespace: str) -> Iterator[None]:
    """Refuse every quota of a namespace, with the API server's default reason."""
    name = f"no-quotas-{namespace}"
    rule = {
        "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
        "resources": ["resourcequotas"],
    }  # fmt: skip
    spec = {
        "matchConstraints": {"resourceRules": [rule]},
        "matchConditions": [{"name": "here", "expression": f"request.namespace == '{namespace}'"}],
        "validations": [{"expression": "false", "message": "no quotas here"}],
    }
    group = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": name}}
    documents = [
        group | {"kind": "ValidatingAdmissionPolicy", "spec": spec},
        group
        | {
            "kind": "ValidatingAdmissionPolicyBinding",
            "spec": {"policyName": name, "validationActions": ["Deny"]},
        },
    ]
    text = yaml.safe_dump_all(documents)
    controlplane.kubectl("apply", "-f", "-", stdin=text)
    try:
        yield
    finally:
        controlplane.kubectl("delete", "-f", "-", stdin=text)


async def test_what_the_portal_has_no_right_to(cluster: Cluster, name: str) -> None:
    secrets = cluster.list_page("/api/v1/secrets", [])
    seen = await refused(secrets, 'cannot list resource "secrets"')
    assert seen == (403, "K8S_FORBIDDEN", PERMANENT)


async def test_a_role_the_portal_may_not_hand_out(cluster: Cluster, name: str) -> None:
    await create_namespace(cluster, name)
    group = "rbac.authorization.k8s.io"
    too_much = manifest(
        "RoleBinding",
        "x",
        name,
        subjects=[{"apiGroup": group, "kind": "Group", "name": "frontend-devs"}],
        roleRef={"apiGroup": group, "kind": "ClusterRole", "name": "edit"},
        metadata=OURS,
    )
    with pytest.raises(ClusterError) as caught:
        await cluster.create(too_much)
    error = caught.value
    assert (error.status, error.code, error.verdict) == (403, "RBAC_ESCALATION", PERMANENT)
    assert "attempting to grant RBAC permissions" in error.message
    assert len(error.message) == len(str(error)) == MAX_RAW


async def test_a_field_that_somebody_else_owns(
    cluster: Cluster, controlplane: ControlPlane, name: str
) -> None:
    record = await create_namespace(cluster, name)
    mine = resource_quota(record.spec)
    theirs = quota("nsaas-quota", name, pods="99")
    await asyncio.to_thread(
        controlplane.kubectl,
        *("apply", "--server-side", "--force-conflicts", "--field-manager=them", "-f", "-"),
        stdin=yaml.safe_dump(theirs),
    )
    seen = await refused(cluster.apply(mine, force=False), 'conflict with "them"')
    assert seen == (409, "FIELD_CONFLICT", PERMANENT)
    await cluster.apply(mine, force=True)


async def test_a_picture_that_is_out_of_date(cluster: Cluster, name: str) -> None:
    await create_namespace(cluster, name)
    found = await cluster.get("ResourceQuota", "nsaas-quota", name, model=ResourceQuota)
    assert found is not None
    first, second = (
        {"metadata": {"resourceVersion": found.metadata.resource_version, "labels": {"a": value}}}
        for value in "12"
    )
    await cluster.merge("ResourceQuota", "nsaas-quota", first, name)
    tried = cluster.merge("ResourceQuota", "nsaas-quota", second, name)
    seen = await refused(tried, "the object has been modified")
    assert seen == (409, "FIELD_CONFLICT", RETRY)


async def test_an_object_that_is_not_the_one_that_was_meant(cluster: Cluster, name: str) -> None:
    record = await create_namespace(cluster, name)
    other = "00000000-0000-0000-0000-000000000000"
    for deleting in (
        cluster.delete("ResourceQuota", "nsaas-quota", name, uid=other),
        cluster.delete("Namespace", name, uid=other),
    ):
        assert await refused(deleting, "UID in ") == (409, "UID_CHANGED", PERMANENT)
    patch = {"metadata": {"uid": other, "annotations": {"a": "1"}}}
    merging = cluster.merge("Namespace", name, patch)
    assert await refused(merging, "metadata.uid") == (422, "UID_CHANGED", PERMANENT)
    gone = resource_quota(record.spec)
    gone["metadata"] |= {"name": "nsaas-gone", "uid": other}
    applying = cluster.apply(gone, force=False)
    assert await refused(applying, "uid mismatch") == (409, "UID_CHANGED", PERMANENT)


async def test_malformed_amounts_and_fields_whatever_status_they_get(
    cluster: Cluster, name: str
) -> None:
    await create_namespace(cluster, name)
    wrong = manifest("ResourceQuota", "q", name, spec={"hard": {"pods": "many"}}, metadata=OURS)
    unknown = manifest("ResourceQuota", "q", name, spec={"hrd": {}}, metadata=OURS)
    negative = manifest("ResourceQuota", "q", name, spec={"hard": {"pods": "-1"}}, metadata=OURS)
    for words, tried, status in (
        ("quantities must match", cluster.apply(wrong, force=False), 500),
        ("field not declared in schema", cluster.apply(unknown, force=False), 500),
        ("quantities must match", cluster.create(wrong), 400),
        ("unknown field", cluster.create(unknown), 400),
        ("Invalid value", cluster.apply(negative, force=False), 422),
    ):
        assert await refused(tried, words) == (status, "INVALID_FIELD", PERMANENT)


async def test_a_namespace_that_is_not_there(cluster: Cluster, name: str) -> None:
    inside = cluster.create(resource_quota(spec_of(name)))
    assert await refused(inside, f'namespaces "{name}" not found') == (404, "NOT_FOUND", PERMANENT)


async def test_an_api_and_a_method_that_are_not_there(admin: Cluster) -> None:
    missing = admin.list_page("/apis/nothing.example.com/v1/things", [])
    assert await refused(missing, "404 page not found") == (404, "NOT_FOUND", PERMANENT)
    nobody_may = admin._calls.make("DELETE", "/api/v1/namespaces")
    assert await refused(nobody_may) == (405, "INTERNAL", PERMANENT)


async def test_a_credential_that_is_not_ours(
    controlplane: ControlPlane, tmp_path: Path, name: str
) -> None:
    document = yaml.safe_load(controlplane.portal_kubeconfig.read_text())
    document["users"][0]["user"] = {"token": "not.a.token"}
    path = tmp_path / "stranger.kubeconfig"
    path.write_text(yaml.safe_dump(document))
    stranger = await connect(ClusterAddress(kubeconfig=path))
    seen = await refused(stranger.create(manifest("Namespace", name)), "Unauthorized")
    assert seen == (401, "API_UNREACHABLE", RETRY)
    await stranger.close()
