"""Approvals by four eyes; cancelling and retrying."""

import pytest

from nsaas_app.domain.errors import ForbiddenError, InvalidFieldsError, NotFoundError
from nsaas_app.domain.requests import Phase, ProvisioningRequest, StepName, StepStatus
from nsaas_app.provisioning.decisions import AlreadyDecidedError
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.policies import denying_network_policies
from tests.support.requests import draft, ended, submit


async def _production(portal: Runtime, name: str, who: str) -> ProvisioningRequest:
    return await submit(portal, name, who=who, environment="production", cost_center="cc")


async def _approve(portal: Runtime, request: ProvisioningRequest, who: str) -> ProvisioningRequest:
    return await portal.decisions.approve(
        request.request_id, actor=actor(who), comment="fine", source="test"
    )


async def test_a_developers_production_request_needs_a_lead_and_an_admin(
    portal_on_both: Runtime, name: str
) -> None:
    portal = portal_on_both
    request = await _production(portal, name, "frontend-dev")

    with pytest.raises(ForbiddenError):
        await _approve(portal, request, "frontend-dev")
    with pytest.raises(NotFoundError):
        await _approve(portal, request, "payments-lead")
    with pytest.raises(ForbiddenError):
        await _approve(portal, request, "auditor")
    half = await _approve(portal, request, "frontend-lead")
    assert (half.phase, half.queued_at) == (Phase.AWAITING_APPROVAL, None)
    with pytest.raises(AlreadyDecidedError):
        await _approve(portal, request, "frontend-lead")
    assert (await _approve(portal, request, "admin")).queued_at is not None

    done = await ended(portal, request)
    assert done.phase is Phase.DONE, done.failure
    assert {s.name: s.status for s in done.steps}[StepName.APPROVAL] is StepStatus.DONE
    with pytest.raises(AlreadyDecidedError):
        await _approve(portal, request, "admin")


async def test_a_leads_request_needs_only_an_admin_and_nobody_approves_their_own(
    portal: Runtime, name: str
) -> None:
    request = await _production(portal, name, "frontend-lead")

    with pytest.raises(ForbiddenError, match="Four eyes"):
        await _approve(portal, request, "frontend-lead")
    assert (await _approve(portal, request, "admin")).phase is Phase.QUEUED
    assert (await ended(portal, request)).phase is Phase.DONE


@pytest.mark.produces("APPROVAL_REJECTED")
async def test_one_no_ends_it_and_frees_name_and_budget(portal: Runtime, name: str) -> None:
    request = await _production(portal, name, "frontend-dev")
    lead = actor("frontend-lead")

    with pytest.raises(InvalidFieldsError):
        await portal.decisions.reject(request.request_id, actor=lead, comment=" ", source="test")
    rejected = await portal.decisions.reject(
        request.request_id, actor=lead, comment="too early", source="test"
    )

    assert rejected.phase is Phase.REJECTED
    assert rejected.failure is not None
    assert rejected.failure.code == "APPROVAL_REJECTED"
    assert "too early" in rejected.failure.message
    use = await portal.teams.budget_use(request.team)
    assert use.namespaces == 0
    again = await portal.provisioner.check(draft(name), actor=actor("frontend-dev"))
    assert not again.issues


async def test_a_waiting_request_is_cancelled_at_once_by_its_owner_or_a_lead_only(
    portal: Runtime, name: str
) -> None:
    request = await _production(portal, name, "frontend-lead")

    with pytest.raises(ForbiddenError):
        await portal.decisions.cancel(
            request.request_id, actor=actor("frontend-dev"), comment="", source="test"
        )
    cancelled = await portal.decisions.cancel(
        request.request_id, actor=actor("frontend-lead"), comment="", source="test"
    )

    assert cancelled.phase is Phase.CANCELLED
    assert {step.status for step in cancelled.steps} == {StepStatus.SKIPPED}


async def test_a_running_request_is_cancelled_between_steps_and_leaves_nothing(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    request = await submit(portal, name)
    await portal.decisions.cancel(
        request.request_id, actor=actor("frontend-dev"), comment="", source="test"
    )

    gone = await ended(portal, request)

    assert gone.phase is Phase.CANCELLED
    assert controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""


async def test_retry_runs_a_failed_request_again_under_its_id(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    with denying_network_policies(controlplane, namespace=name):
        request = await submit(portal, name)
        assert (await ended(portal, request)).phase is Phase.ROLLED_BACK

    again = await portal.decisions.retry(
        request.request_id, actor=actor("frontend-dev"), comment="", source="test"
    )

    assert again.request_id == request.request_id
    # At the end of the queue, not where it stood the first time.
    assert again.queued_at is not None
    assert request.queued_at is not None
    assert again.queued_at > request.queued_at
    done = await ended(portal, again)
    assert done.phase is Phase.DONE, done.failure
    assert done.failure is None
    assert done.queued_at == again.queued_at, "as it is stored"
