"""Failures the cluster answers with, produced for real: explained, and nothing left behind."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from nsaas_app.domain.requests import Phase, ProvisioningRequest
from nsaas_app.localcluster import Component
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.requests import ended, submission, submit
from tests.support.waiting import eventually


def _now(portal: Runtime, request: ProvisioningRequest) -> ProvisioningRequest:
    return portal.requests.get(request.request_id, actor=actor("admin"))


@contextlib.contextmanager
def _without_rule(controlplane: ControlPlane, resource: str) -> Iterator[None]:
    """Take a rule out of the portal's ClusterRole for a while."""
    role: dict[str, Any] = json.loads(
        controlplane.kubectl("get", "clusterrole", "nsaas-portal", "-o", "json")
    )
    for key in ("resourceVersion", "uid", "creationTimestamp", "managedFields"):
        role["metadata"].pop(key, None)
    rules = [rule for rule in role["rules"] if resource not in rule.get("resources", ())]
    assert len(rules) < len(role["rules"])
    controlplane.kubectl("replace", "-f", "-", stdin=json.dumps(role | {"rules": rules}))
    try:
        yield
    finally:
        controlplane.kubectl("replace", "-f", "-", stdin=json.dumps(role))


@pytest.mark.parametrize(
    ("resource", "code", "told"),
    [
        (
            "networkpolicies",
            "K8S_FORBIDDEN",
            ("lacks", 'resources: ["networkpolicies"], verbs: ['),
        ),
        ("clusterroles", "RBAC_ESCALATION", ("may not hand out the role behind nsaas-", "bind")),
    ],
)
@pytest.mark.produces("K8S_FORBIDDEN", "RBAC_ESCALATION")
async def test_a_right_taken_from_the_portal_is_named_and_nothing_is_left(
    portal: Runtime,
    controlplane: ControlPlane,
    name: str,
    resource: str,
    code: str,
    told: tuple[str, str],
) -> None:
    # Everything must have been listed before: the rule that goes lets the portal read, too.
    await ended(portal, await submit(portal, f"{name}-first"))
    with _without_rule(controlplane, resource):
        request = await ended(portal, await submit(portal, name), within_s=60)

    assert request.phase is Phase.ROLLED_BACK
    assert request.failure is not None
    assert request.failure.code == code
    assert told[0] in request.failure.message
    assert told[1] in request.failure.fix
    assert request.failure.raw
    assert request.failure.catalogued.who_can_fix == "platform admin"
    assert controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""


@pytest.mark.produces("NS_TERMINATING")
async def test_a_namespace_that_goes_away_is_waited_for(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    controlplane.kubectl("create", "ns", name)
    hold = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "hold", "namespace": name, "finalizers": ["example.com/hold"]},
    }
    controlplane.kubectl("create", "-f", "-", stdin=json.dumps(hold))
    controlplane.kubectl("delete", "ns", name, "--wait=false")
    await eventually(lambda: portal.directory.is_taken(name) is None, what="it is seen going away")

    request = await submit(portal, name)
    await eventually(
        lambda: _now(portal, request).phase is Phase.RETRYING, what="the request waits"
    )
    waiting = _now(portal, request)
    assert waiting.failure is not None
    assert waiting.failure.code == "NS_TERMINATING"
    assert waiting.trouble == waiting.failure
    unhold = '{"metadata":{"finalizers":null}}'
    controlplane.kubectl("patch", "cm", "hold", "-n", name, "--type=merge", "-p", unhold)

    done = await ended(portal, request, within_s=60)
    assert done.phase is Phase.DONE, done.failure
    assert done.trouble is None, "what held it up is over"


@pytest.mark.produces("FIELD_CONFLICT")
async def test_a_field_of_another_manager_is_left_alone_and_named(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    rival = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "nsaas-quota", "namespace": name},
        "spec": {"hard": {"pods": "10"}},
    }
    controlplane.kubectl(
        "apply", "--server-side", "--force-conflicts", "--field-manager=argo", "-f", "-",
        stdin=json.dumps(rival),
    )  # fmt: skip

    request = await portal.changes.change(name, {"tier": "medium"}, submission())
    assert request is not None
    failed = await ended(portal, request)

    assert failed.phase is Phase.ROLLED_BACK
    assert failed.failure is not None
    assert failed.failure.code == "FIELD_CONFLICT"
    assert "argo" in failed.failure.message
    assert portal.directory.row(name, actor=actor("admin")).tier == "small"


async def test_requests_are_accepted_while_the_api_server_is_away_and_carried_out_when_it_is_back(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    cluster = controlplane.cluster
    # A first request makes sure that everything has been listed.
    await ended(portal, await submit(portal, f"{name}-first"))
    cluster.pause(Component.APISERVER)
    try:
        request = await submit(portal, name)
        assert request.phase is Phase.QUEUED
        await eventually(
            lambda: portal.directory.freshness().liveness == "delayed",
            within_s=60,
            what="the picture is said to be delayed",
        )
    finally:
        cluster.resume(Component.APISERVER)

    done = await ended(portal, request, within_s=60)
    assert done.phase is Phase.DONE, done.failure
    await eventually(lambda: portal.directory.freshness().liveness == "live", within_s=60)
