"""Admission policies against the shipped ones: each way to differ is told apart."""

import copy
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.insights.policies import PolicyState, differs, review_policies
from nsaas_app.insights.shipped import ShippedPolicy, read_shipped
from tests.support.controlplane import MANIFESTS, ControlPlane
from tests.support.names import fresh_name

SHIPPED = read_shipped(MANIFESTS)


@pytest.fixture
async def admin(controlplane: ControlPlane) -> AsyncIterator[Cluster]:
    """The client as cluster administrator: it may read policies of any name."""
    opened = await connect(ClusterAddress(kubeconfig=controlplane.kubeconfig))
    yield opened
    await opened.close()


def harmless(name: str) -> ShippedPolicy:
    """A policy that decides about nothing there is."""
    group = "admissionregistration.k8s.io/v1"
    rule = {
        "apiGroups": ["nowhere.example"], "apiVersions": ["v1"],
        "operations": ["CREATE"], "resources": ["nothings"],
    }  # fmt: skip
    policy = {
        "apiVersion": group, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name},
        "spec": {
            "matchConstraints": {"resourceRules": [rule]},
            "validations": [{"expression": "true", "message": "fine"}],
        },
    }  # fmt: skip
    binding = {
        "apiVersion": group, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": name},
        "spec": {"policyName": name, "validationActions": ["Deny"]},
    }  # fmt: skip
    return ShippedPolicy(policy, binding, "Decides about nothing.")


@pytest.fixture
def planted(controlplane: ControlPlane) -> Iterator[ShippedPolicy]:
    """The harmless policy, taken away again at the end."""
    shipped = harmless(fresh_name("policy"))
    yield shipped
    for kind in ("validatingadmissionpolicybinding", "validatingadmissionpolicy"):
        controlplane.kubectl("delete", kind, shipped.name, "--ignore-not-found")


async def state_of(cluster: Cluster, shipped: ShippedPolicy) -> PolicyState:
    (report,) = await review_policies(cluster, (shipped,))
    return report.state


async def test_all_that_is_shipped_is_active_and_the_portal_may_see_it(cluster: Cluster) -> None:
    reports = await review_policies(cluster, SHIPPED.policies)
    assert {one.name: (one.state, one.reason) for one in reports} == {
        path.stem if path.stem.startswith("nsaas-") else f"nsaas-{path.stem}": (
            PolicyState.ACTIVE, ""
        )
        for path in (MANIFESTS / "policies").glob("*.yaml")
    }  # fmt: skip
    assert all(one.words and not one.fix for one in reports)


async def test_each_way_to_be_unprotected_has_its_word(
    admin: Cluster, cluster: Cluster, controlplane: ControlPlane, planted: ShippedPolicy
) -> None:
    assert await state_of(admin, planted) is PolicyState.MISSING
    controlplane.kubectl("apply", "-f", "-", stdin=json.dumps(planted.policy))
    assert await state_of(admin, planted) is PolicyState.UNBOUND
    binding = copy.deepcopy(planted.binding)
    assert binding is not None
    controlplane.kubectl("apply", "-f", "-", stdin=json.dumps(binding))
    assert await state_of(admin, planted) is PolicyState.ACTIVE
    assert await state_of(cluster, planted) is PolicyState.UNKNOWN

    binding["spec"]["validationActions"] = ["Audit"]
    controlplane.kubectl("apply", "-f", "-", stdin=json.dumps(binding))
    assert await state_of(admin, planted) is PolicyState.NOT_ENFORCED


async def test_another_text_is_noticed(cluster: Cluster) -> None:
    shipped = next(one for one in SHIPPED.policies if one.name == "nsaas-guard-deletion")
    policy = copy.deepcopy(shipped.policy)
    policy["spec"]["validations"][0]["expression"] = "true"
    (report,) = await review_policies(cluster, (replace(shipped, policy=policy),))
    assert (report.state, report.reason) == (
        PolicyState.ALTERED, "Its text is not the shipped one."
    )  # fmt: skip
    assert report.fix == "kubectl apply -k apps/portal --server-side"


@pytest.mark.parametrize(
    ("shipped", "seen", "is_other"),
    [
        ({"a": 1}, {"a": 1, "matchPolicy": "Equivalent", "objectSelector": {}}, False),
        ({"a": 1}, {"a": 1, "matchPolicy": "Exact"}, True),
        ({"a": 1}, {"a": 1, "namespaceSelector": {"matchLabels": {"x": "y"}}}, True),
        ({"a": 1}, {}, True),
        ({"a": []}, {}, False),
        ([1, 2], [1], True),
        ([{"x": "a"}], [{"x": "b"}], True),
        ([{"x": "a"}], [{"x": "a", "scope": "*"}], False),
        ("a", "b", True),
    ],
)
def test_defaults_of_the_server_are_no_difference(
    shipped: Any, seen: Any, *, is_other: bool
) -> None:
    assert differs(shipped, seen) is is_other
