"""What a cluster says no to, met by whole requests: coded, explained, and nothing left behind."""

import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from prometheus_client import REGISTRY

from nsaas_app.domain.requests import Phase, StepName, StepStatus
from nsaas_app.localcluster import LocalClusterError
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.failing import failed_with, waiting_with
from tests.support.faultproxy import FaultProxy, answer, drop_call
from tests.support.policies import denying, denying_network_policies
from tests.support.requests import ended, submission, submit
from tests.support.waiting import eventually
from tests.support.webhooks import asking_webhook


def _is_gone(controlplane: ControlPlane, name: str) -> bool:
    return controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""


@contextlib.contextmanager
def _applied(controlplane: ControlPlane, *documents: dict[str, Any]) -> Iterator[None]:
    """Have objects of somebody else in the cluster for a while."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": documents})
    controlplane.kubectl("create", "-f", "-", stdin=text)
    try:
        yield
    finally:
        controlplane.kubectl("delete", "--ignore-not-found", "-f", "-", stdin=text)


@pytest.mark.produces("WEBHOOK_DENIED")
async def test_a_webhooks_no_is_quoted_with_its_name(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    async with asking_webhook(controlplane, name) as webhook:
        failed = await failed_with(
            portal, await submit(portal, name), "WEBHOOK_DENIED", raw="denied the request"
        )
    assert webhook.asked >= 1
    assert failed.failure is not None
    assert "not today" in failed.failure.message
    assert "quotas.example.com" in failed.failure.message
    assert _is_gone(controlplane, name)


@pytest.mark.produces("MANAGED_BY_ARM")
async def test_a_namespace_of_the_cloud_is_left_to_it(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    words = "This namespace is managed by ARM."
    async with asking_webhook(controlplane, name, message=words, code=400):
        failed = await failed_with(
            portal, await submit(portal, name), "MANAGED_BY_ARM", raw="managed by ARM"
        )
    assert failed.failure is not None
    assert not failed.failure.catalogued.retryable


@pytest.mark.produces("WEBHOOK_DOWN")
async def test_a_webhook_that_does_not_answer_is_waited_for(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    async with asking_webhook(controlplane, name, answers=False):
        request = await submit(portal, name)
        await waiting_with(portal, request, "WEBHOOK_DOWN", raw="failed calling webhook")
    done = await ended(portal, request)
    assert (done.phase, done.failure) == (Phase.DONE, None)


@pytest.mark.produces("QUOTA_EXCEEDED")
async def test_a_quota_of_somebody_else_that_is_full_is_told_with_its_numbers(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    theirs = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "theirs", "namespace": name},
        "spec": {"hard": {"count/networkpolicies.networking.k8s.io": "6"}},
    }
    controlplane.kubectl("create", "-f", "-", stdin=json.dumps(theirs))
    used = "--for=jsonpath={.status.used}"
    controlplane.kubectl("wait", "-n", name, "quota/theirs", used, "--timeout=60s")

    request = await portal.changes.change(
        name, {"network": {"accept_from_gateway": True}}, submission()
    )
    await failed_with(portal, request, "QUOTA_EXCEEDED", raw="exceeded quota: theirs")
    assert portal.directory.row(name, actor=actor("admin")).state == "active"


@pytest.mark.produces("LIMITRANGE")
async def test_a_limit_range_of_somebody_else_that_lets_no_pod_in_is_found_by_the_sample(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    theirs = {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "theirs", "namespace": name},
        "spec": {"limits": [{"type": "Pod", "max": {"cpu": "1m"}}]},
    }
    controlplane.kubectl("create", "-f", "-", stdin=json.dumps(theirs))

    request = await portal.changes.change(name, {"description": "new"}, submission())
    await failed_with(portal, request, "LIMITRANGE", raw="maximum cpu usage per Pod")


@pytest.mark.produces("POLICY_DENY")
async def test_a_cluster_open_to_everybody_is_not_called_ready(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    group = "rbac.authorization.k8s.io"
    binding = {
        "apiVersion": f"{group}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": f"everybody-{name}"},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "view"},
        "subjects": [{"apiGroup": group, "kind": "Group", "name": "system:authenticated"}],
    }
    with _applied(controlplane, binding):
        request = await submit(portal, name)
        await failed_with(portal, request, "POLICY_DENY", raw="ClusterRoleBinding")
    assert _is_gone(controlplane, name)


@pytest.mark.produces("SUBJECT_UNKNOWN")
async def test_access_that_opens_nothing_is_not_called_granted(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    role: dict[str, Any] = json.loads(
        controlplane.kubectl("get", "clusterrole", "nsaas-viewer", "-o", "json")
    )
    for key in ("resourceVersion", "uid", "creationTimestamp", "managedFields"):
        role["metadata"].pop(key, None)
    controlplane.kubectl("replace", "-f", "-", stdin=json.dumps(role | {"rules": []}))
    access = ({"kind": "Group", "name": "frontend-viewers", "role": "viewer"},
              {"kind": "Group", "name": "frontend-leads", "role": "lead"})  # fmt: skip
    try:
        request = await submit(portal, name, access=access)
        failed = await failed_with(portal, request, "SUBJECT_UNKNOWN", raw="frontend-viewers")
    finally:
        controlplane.kubectl("replace", "-f", "-", stdin=json.dumps(role))
    assert failed.steps[-1].error == failed.failure
    assert _is_gone(controlplane, name)


@pytest.mark.produces("NS_EXISTS")
async def test_a_namespace_made_by_hand_after_the_submit_is_left_alone(
    behind: Runtime, proxy: FaultProxy, controlplane: ControlPlane, name: str
) -> None:
    proxy.freeze()
    request = await submit(behind, name)
    controlplane.kubectl("create", "ns", name)
    proxy.thaw()

    await failed_with(behind, request, "NS_EXISTS", raw=f'"{name}" already exists')
    seen = json.loads(controlplane.kubectl("get", "ns", name, "-o", "json"))
    assert seen["status"]["phase"] == "Active"
    assert "annotations" not in seen["metadata"]


@pytest.mark.produces("NOT_FOUND")
async def test_a_change_of_what_is_no_longer_there_is_told(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    controlplane.kubectl("annotate", "ns", name, f"platform.io/confirm-deletion={name}")
    controlplane.kubectl("delete", "ns", name)

    request = await portal.changes.change(name, {"description": "new"}, submission())
    failed = await ended(portal, request) if request else None

    assert failed is not None
    assert failed.steps[0].error is not None
    assert failed.steps[0].error.code == "NOT_FOUND"
    assert "missing" in failed.steps[0].error.raw


@pytest.mark.produces("NOT_MANAGED")
async def test_a_namespace_that_no_longer_carries_our_word_is_left_alone(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    controlplane.kubectl("annotate", "ns", name, "platform.io/request-id-")

    request = await portal.changes.change(name, {"description": "new"}, submission())
    failed = await ended(portal, request) if request else None

    assert failed is not None
    assert failed.steps[0].error is not None
    assert failed.steps[0].error.code == "NOT_MANAGED"


@pytest.mark.produces("ROLLBACK_PARTIAL")
async def test_what_cannot_be_taken_back_is_said_with_both_reasons(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    with (
        denying_network_policies(controlplane, namespace=name),
        denying(
            controlplane, namespace=name, resource="namespaces", operation="DELETE", words="keep it"
        ),
    ):
        failed = await failed_with(
            portal, await submit(portal, name), "ROLLBACK_PARTIAL", raw="keep it"
        )
    assert failed.failure is not None
    assert "no policies today" in failed.failure.message
    assert not _is_gone(controlplane, name)


@pytest.fixture
async def impatient(settings: Settings) -> AsyncIterator[Runtime]:
    """A portal that waits as short as it may for the end of a namespace."""
    async with serving(settings.model_copy(update={"deletion_wait_seconds": 6})) as runtime:
        yield runtime


@pytest.mark.produces("STUCK_TERMINATING")
async def test_a_deletion_that_somebody_holds_up_is_told_and_goes_on(
    impatient: Runtime, controlplane: ControlPlane, name: str
) -> None:
    portal = impatient
    await ended(portal, await submit(portal, name))
    hold = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "hold", "namespace": name, "finalizers": ["example.com/hold"]},
    }
    controlplane.kubectl("create", "-f", "-", stdin=json.dumps(hold))
    request = await portal.changes.delete(name, submission("admin"), confirm=name)

    await waiting_with(portal, request, "STUCK_TERMINATING", raw="still going away", within_s=120)
    unhold = '{"metadata":{"finalizers":null}}'
    controlplane.kubectl("patch", "cm", "hold", "-n", name, "--type=merge", "-p", unhold)
    assert (await ended(portal, request, within_s=60)).phase is Phase.DONE


@pytest.mark.produces("INTERNAL")
async def test_an_error_nobody_has_seen_keeps_its_words_and_is_counted(
    behind: Runtime, proxy: FaultProxy, name: str
) -> None:
    labels = {"kind": "provision", "status": "failed", "code": "INTERNAL"}

    def counted() -> float:
        return REGISTRY.get_sample_value("nsaas_requests_total", labels) or 0.0

    before = counted()
    words = "the flux capacitor is cold"
    proxy.faults.append(answer(417, method="PATCH", path="resourcequotas", message=words))

    failed = await failed_with(behind, await submit(behind, name), "INTERNAL", raw=words)

    assert counted() == before + 1
    quota = next(step for step in failed.steps if step.name is StepName.QUOTA)
    assert quota.status is StepStatus.FAILED


def _needs_limits(controlplane: ControlPlane, name: str) -> bool:
    """Whether the cluster refuses a pod there that states nothing."""
    pod = ("run", "probe", "-n", name, "--image=registry.invalid/probe", "--dry-run=server")
    try:
        controlplane.kubectl(*pod)
    except LocalClusterError as error:
        return "must specify" in str(error)
    return False


@pytest.mark.produces("QUOTA_MUST_SPECIFY")
async def test_limits_that_somebody_takes_away_before_the_proof_are_missed(
    behind: Runtime, proxy: FaultProxy, controlplane: ControlPlane, name: str
) -> None:
    unproven = drop_call(method="POST", path=f"/namespaces/{name}/pods", times=None)
    proxy.faults.append(unproven)
    request = await submit(behind, name)
    await waiting_with(behind, request, "API_UNREACHABLE", raw="")

    controlplane.kubectl("delete", "limitrange", "--all", "-n", name)
    await eventually(lambda: _needs_limits(controlplane, name), what="pods must state limits")
    proxy.faults.remove(unproven)

    await failed_with(behind, request, "QUOTA_MUST_SPECIFY", raw="must specify", within_s=60)
    assert _is_gone(controlplane, name)
