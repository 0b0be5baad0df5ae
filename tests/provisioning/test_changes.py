"""A namespace changes as a whole or not at all."""

import asyncio
import json
from typing import Any

import pytest

from nsaas_app.domain.errors import InvalidFieldsError, NotFoundError
from nsaas_app.domain.requests import (
    Phase,
    ProvisioningRequest,
    RequestStatus,
    StepName,
    StepStatus,
)
from nsaas_app.provisioning.intake import InFlightError
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.policies import denying_network_policies
from tests.support.requests import ended, submission, submit


def _names(controlplane: ControlPlane, kinds: str, name: str) -> set[str]:
    found = json.loads(controlplane.kubectl("get", kinds, "-n", name, "-o", "json"))
    return {item["metadata"]["name"] for item in found["items"]}


def _hard(controlplane: ControlPlane, name: str) -> dict[str, str]:
    quota = json.loads(controlplane.kubectl("get", "quota", "nsaas-quota", "-n", name, "-o=json"))
    hard: dict[str, str] = quota["spec"]["hard"]
    return hard


async def _changed(portal: Runtime, name: str, patch: dict[str, Any]) -> ProvisioningRequest:
    request = await portal.changes.change(name, patch, submission())
    assert request is not None
    return await ended(portal, request)


async def test_a_full_quota_does_not_stand_in_the_way_of_a_change(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name, tier="micro"))
    for number in range(5):
        container = {"name": "c", "image": "x"}
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"p{number}", "namespace": name},
            "spec": {"containers": [container]},
        }
        controlplane.kubectl("create", "-f", "-", stdin=json.dumps(pod))

    request = await _changed(portal, name, {"description": "full"})

    assert request.phase is Phase.DONE, request.failure


async def test_a_change_touches_what_differs_and_takes_away_what_fell_out(
    portal_on_both: Runtime, controlplane: ControlPlane, name: str
) -> None:
    portal = portal_on_both
    await ended(portal, await submit(portal, name))

    patch = {"tier": "medium", "network": {"preset": "isolated"}, "description": "hello"}
    request = await _changed(portal, name, patch)

    assert request.phase is Phase.DONE, request.failure
    statuses = {step.name: step.status for step in request.steps}
    assert statuses[StepName.ACCESS] is StepStatus.SKIPPED
    assert statuses[StepName.NETWORK] is StepStatus.DONE
    assert _names(controlplane, "netpol", name) == {
        "nsaas-default-deny",
        "nsaas-allow-same-ns",
        "nsaas-allow-dns",
        "nsaas-allow-monitoring",
    }
    assert _hard(controlplane, name)["pods"] == "20"
    row = portal.directory.row(name, actor=actor("frontend-dev"))
    assert (row.tier, row.network, row.description) == ("medium", "isolated", "hello")
    use = await portal.teams.budget_use(row.team)
    assert use.used.to_quantities()["requests.cpu"] == "2"


async def test_a_refused_change_goes_back_to_what_was(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name, preset="isolated"))
    before = _names(controlplane, "netpol", name)

    with denying_network_policies(controlplane, namespace=name):
        patch = {"tier": "medium", "network": {"preset": "team-shared"}}
        request = await _changed(portal, name, patch)

    assert request.phase is Phase.ROLLED_BACK
    assert request.failure is not None
    assert request.failure.code == "WEBHOOK_DENIED"
    assert _names(controlplane, "netpol", name) == before
    assert _hard(controlplane, name)["pods"] == "10"
    row = portal.directory.row(name, actor=actor("frontend-dev"))
    assert row.tier == "small"
    use = await portal.teams.budget_use(row.team)
    assert use.used.to_quantities()["requests.cpu"] == "1"


async def test_a_smaller_tier_than_what_runs_is_refused_with_numbers(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    controlplane.kubectl("create", "deployment", "web", "-n", name, "--image=x", "--replicas=6")
    controlplane.kubectl(
        "wait", "deployment/web", "-n", name, "--for=condition=Available", "--timeout=30s"
    )
    with pytest.raises(InvalidFieldsError, match=r"pods: \d+ used, 5 allowed"):
        await portal.changes.change(name, {"tier": "micro"}, submission())


async def test_what_never_changes_and_what_is_so_already_are_said(
    portal: Runtime, name: str
) -> None:
    await ended(portal, await submit(portal, name))

    with pytest.raises(InvalidFieldsError, match="never changes"):
        await portal.changes.change(name, {"team": "payments"}, submission())
    assert await portal.changes.change(name, {"tier": "small"}, submission()) is None
    with pytest.raises(NotFoundError):
        await portal.changes.change(name, {"tier": "micro"}, submission("payments-dev"))
    with pytest.raises(InvalidFieldsError, match="no such field"):
        await portal.changes.change(name, {"colour": "red"}, submission())


@pytest.mark.produces("REQUEST_IN_FLIGHT")
async def test_two_changes_at_once_are_one_after_the_other(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, name))

    outcomes = await asyncio.gather(
        portal.changes.change(name, {"tier": "medium"}, submission()),
        portal.changes.change(name, {"tier": "micro"}, submission()),
        return_exceptions=True,
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, InFlightError)]
    assert [one.code for one in refused] == ["REQUEST_IN_FLIGHT"]
    for outcome in outcomes:
        if isinstance(outcome, ProvisioningRequest):
            assert (await ended(portal, outcome)).status is RequestStatus.COMPLETED


async def test_a_clone_is_alike_but_for_what_was_asked(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, name, tier="micro", description="first"))

    copy = await portal.changes.clone(name, f"{name}-b", {"tier": "medium"}, submission())

    assert (await ended(portal, copy)).phase is Phase.DONE
    row = portal.directory.row(f"{name}-b", actor=actor("frontend-dev"))
    assert (row.tier, row.description) == ("medium", "first")
