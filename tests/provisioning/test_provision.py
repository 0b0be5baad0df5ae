"""The main job: a request becomes a namespace, whole and proven, or nothing at all."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nsaas_app.domain.errors import (
    BudgetExceededError,
    ForbiddenError,
    IdempotencyMismatchError,
    InvalidFieldsError,
    NameTakenError,
)
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.requests import Phase, RequestStatus, StepName, StepStatus
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.policies import denying_network_policies
from tests.support.requests import draft, ended, submission, submit
from tests.support.waiting import eventually

NEVER = datetime.max.replace(tzinfo=UTC)


async def test_a_request_becomes_a_namespace_with_all_its_objects(
    portal_on_both: Runtime, controlplane: ControlPlane, name: str
) -> None:
    request = await ended(portal_on_both, await submit(portal_on_both, name))

    assert request.status is RequestStatus.COMPLETED, request.failure
    assert request.duration is not None
    found = json.loads(
        controlplane.kubectl("get", "quota,limitrange,netpol,rolebinding", "-n", name, "-o", "json")
    )
    assert sorted(f"{item['kind']}/{item['metadata']['name']}" for item in found["items"]) == [
        "LimitRange/nsaas-container-defaults",
        "NetworkPolicy/nsaas-allow-dns",
        "NetworkPolicy/nsaas-allow-internet",
        "NetworkPolicy/nsaas-allow-monitoring",
        "NetworkPolicy/nsaas-allow-same-ns",
        "NetworkPolicy/nsaas-allow-team",
        "NetworkPolicy/nsaas-default-deny",
        "ResourceQuota/nsaas-quota",
        "RoleBinding/nsaas-developers",
        "RoleBinding/nsaas-leads",
        "RoleBinding/nsaas-viewers",
    ]
    namespace = json.loads(controlplane.kubectl("get", "ns", name, "-o", "json"))["metadata"]
    assert namespace["labels"]["platform.io/team"] == "frontend"
    assert namespace["labels"]["platform.io/tier"] == "small"
    assert namespace["labels"]["pod-security.kubernetes.io/enforce"] == "baseline"
    assert namespace["annotations"]["platform.io/request-id"] == request.request_id
    assert namespace["annotations"]["platform.io/owner"] == "frontend-dev"


async def test_steps_end_in_order_and_skipped_ones_have_both_times(
    portal: Runtime, name: str
) -> None:
    request = await ended(portal, await submit(portal, name))

    statuses = {step.name: step.status for step in request.steps}
    assert statuses.pop(StepName.APPROVAL) is StepStatus.SKIPPED
    assert statuses.pop(StepName.FEATURES) is StepStatus.SKIPPED
    assert set(statuses.values()) == {StepStatus.DONE}
    begun = {step.name: step.started_at or NEVER for step in request.steps}
    ended_at = {step.name: step.finished_at or NEVER for step in request.steps}
    assert NEVER not in (*begun.values(), *ended_at.values())
    assert all(begun[name] <= ended_at[name] for name in begun)
    assert list(begun.values()) == sorted(begun.values())
    # Limits stand before anybody gets in.
    limits = (StepName.QUOTA, StepName.LIMITS, StepName.NETWORK)
    assert max(ended_at[name] for name in limits) <= begun[StepName.ACCESS]


async def test_a_pod_runs_inside_the_quota_and_one_too_big_is_refused(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "big", "namespace": name},
        "spec": {
            "containers": [
                {"name": "c", "image": "x", "resources": {"requests": {"cpu": "1500m"}}},
            ]
        },
    }
    with pytest.raises(Exception, match=r"must be less than or equal to cpu limit|exceeded quota"):
        controlplane.kubectl("create", "-f", "-", stdin=json.dumps(pod))
    pod["metadata"] = {"name": "fits", "namespace": name}
    pod["spec"] = {"containers": [{"name": "c", "image": "x"}]}
    controlplane.kubectl("create", "-f", "-", stdin=json.dumps(pod))
    controlplane.kubectl("wait", "pod/fits", "-n", name, "--for=condition=Ready", "--timeout=60s")


async def test_the_same_key_is_the_same_request_also_when_posted_at_once(
    portal_on_both: Runtime, name: str
) -> None:
    same = [submit(portal_on_both, name, key="k1") for _ in range(10)]
    requests = await asyncio.gather(*same)

    assert len({request.request_id for request in requests}) == 1
    with pytest.raises(IdempotencyMismatchError):
        await submit(portal_on_both, name, key="k1", tier="micro")


async def test_a_taken_name_is_refused_with_free_ones(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, name))

    with pytest.raises(NameTakenError) as refusal:
        await submit(portal, name)

    assert refusal.value.suggestions[0] == f"{name}-2"
    assert "owned by team frontend" in refusal.value.message


async def test_another_teams_holder_is_not_told(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, name))

    with pytest.raises(NameTakenError) as refusal:
        await submit(portal, name, who="payments-dev", team="payments")

    assert "frontend" not in refusal.value.message


async def test_an_existing_namespace_is_never_taken_over(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    controlplane.kubectl("create", "ns", name)
    before = controlplane.kubectl("get", "ns", name, "-o", "json")

    await eventually(lambda: portal.directory.is_taken(name) is not None)
    with pytest.raises(NameTakenError):
        await submit(portal, name)

    assert controlplane.kubectl("get", "ns", name, "-o", "json") == before


@pytest.mark.produces("NS_NAME_INVALID", "NS_RESERVED", "POLICY_DENY", "CRD_MISSING")
async def test_a_broken_rule_is_told_at_its_field(portal: Runtime, name: str) -> None:
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"name": "Not-A-Label"}, "name", "NS_NAME_INVALID"),
        ({"name": "kube-flannel"}, "name", "NS_RESERVED"),
        ({"tier": "large"}, "tier", "POLICY_DENY"),
        ({"tier": "huge"}, "tier", "INVALID_FIELD"),
        ({"environment": "moon"}, "environment", "INVALID_FIELD"),
        ({"egress": "cidrs", "cidrs": ("1.2.3.4/99",)}, "network.cidrs[0]", "INVALID_FIELD"),
        ({"egress": "cidrs", "cidrs": ("169.254.0.0/16",)}, "network.cidrs[0]", "INVALID_FIELD"),
        ({"expires_in_days": 91}, "expires_in_days", "POLICY_DENY"),
        ({"labels": {"platform.io/team": "x"}}, "labels.platform.io/team", "INVALID_FIELD"),
        ({"description": "x" * 501}, "description", "INVALID_FIELD"),
        ({"cost_center": "-bad"}, "cost_center", "INVALID_FIELD"),
        ({"team": "payments"}, "team", "INVALID_FIELD"),
        ({"features": ("gpu-access",)}, "features[0]", "CRD_MISSING"),
        (
            {"access": ({"kind": "Group", "name": "system:masters", "role": "lead"},)},
            "access[0].name",
            "INVALID_FIELD",
        ),
    ]
    for fields, field, code in cases:
        wrong = draft(name, **fields) if "name" not in fields else draft(**fields)
        with pytest.raises(InvalidFieldsError) as refusal:
            await portal.provisioner.submit(wrong, submission())

        assert (field, code) in {(issue.field, issue.code) for issue in refusal.value.issues}
        checked = await portal.provisioner.check(wrong, actor=actor("frontend-dev"))
        assert field in {issue.field for issue in checked.issues}


async def test_a_viewer_may_not_request(portal: Runtime, name: str) -> None:
    with pytest.raises(ForbiddenError):
        await submit(portal, name, who="frontend-viewer")


async def test_production_waits_for_approval_and_touches_nothing(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    request = await submit(portal, name, environment="production", cost_center="cc")

    assert request.phase is Phase.AWAITING_APPROVAL
    assert controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""


async def test_a_refusal_by_policy_leaves_nothing_and_is_explained(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    with denying_network_policies(controlplane, namespace=name):
        request = await ended(portal, await submit(portal, name), within_s=60)

    assert request.phase is Phase.ROLLED_BACK
    assert request.failure is not None
    assert request.failure.code == "WEBHOOK_DENIED"
    assert "no policies today" in request.failure.message
    assert controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""
    use = await portal.teams.budget_use(request.team)
    assert use.namespaces == 0
    with_same_name = await portal.provisioner.check(draft(name), actor=actor("frontend-dev"))
    assert not with_same_name.issues


@pytest.mark.produces("TEAM_LIMIT")
async def test_fifty_at_once_against_room_for_three_accept_three(
    portal_on_both: Runtime, name: str
) -> None:
    team = await portal_on_both.teams.require(TeamName("frontend"))
    small = replace(team, budget=replace(team.budget, namespaces=3))
    await portal_on_both.teams.put(small, actor=actor("admin"), source="test")

    outcomes = await asyncio.gather(
        *(submit(portal_on_both, f"{name}-{n}") for n in range(50)), return_exceptions=True
    )

    accepted = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, BudgetExceededError)]
    assert (len(accepted), len(refused)) == (3, 47)
    assert {refusal.code for refusal in refused} == {"TEAM_LIMIT"}
    for request in accepted:
        assert (await ended(portal_on_both, request)).status is RequestStatus.COMPLETED
