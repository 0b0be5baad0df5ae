"""Retry: under the same id, from the first step after a rollback, in place while it waits."""

import json
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import pytest

from nsaas_app.domain.errors import BudgetExceededError, PortalError
from nsaas_app.domain.namespaces import Intent, NamespaceState
from nsaas_app.domain.requests import Phase, ProvisioningRequest, StepName
from nsaas_app.domain.teams import Budget, Resources
from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.provisioning.decisions import AlreadyDecidedError
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.policies import denying
from tests.support.requests import ended, submission, submit
from tests.support.waiting import eventually


async def _change(portal: Runtime, name: str) -> ProvisioningRequest | None:
    patch = {"tier": "medium", "network": {"preset": "open"}}
    return await portal.changes.change(name, patch, submission())


async def _release(portal: Runtime, name: str) -> ProvisioningRequest | None:
    return await portal.changes.release(name, submission())


async def _restore(portal: Runtime, name: str) -> ProvisioningRequest | None:
    await ended(portal, await portal.changes.release(name, submission()))
    return await portal.changes.restore(name, submission("frontend-lead"))


async def _delete(portal: Runtime, name: str) -> ProvisioningRequest | None:
    return await portal.changes.delete(name, submission("admin"), confirm=name)


async def _retry(portal: Runtime, request: ProvisioningRequest) -> ProvisioningRequest:
    return await portal.decisions.retry(
        request.request_id, actor=actor("admin"), comment="", source="test"
    )


async def _failed(
    portal: Runtime,
    name: str,
    ask: Callable[[Runtime, str], Awaitable[ProvisioningRequest | None]],
) -> ProvisioningRequest:
    request = await ask(portal, name)
    assert request is not None
    failed = await ended(portal, request)
    assert failed.phase is Phase.ROLLED_BACK, failed
    assert failed.failure is not None
    assert failed.failure.code == "WEBHOOK_DENIED"
    return failed


def _record_state(portal: Runtime, name: str) -> NamespaceState | None:
    admin = actor("admin")
    try:
        return portal.directory.row(name, actor=admin).state
    except PortalError:
        return None


class Case(NamedTuple):
    """One kind of request, what stops it, and where the namespace stands then and in the end."""

    ask: Callable[[Runtime, str], Awaitable[ProvisioningRequest | None]]
    resource: str
    operation: str
    meanwhile: NamespaceState
    after: NamespaceState | None


ACTIVE, RELEASED = NamespaceState.ACTIVE, NamespaceState.RELEASED


@pytest.mark.parametrize(
    "case",
    [
        Case(_change, "networkpolicies", "CREATE", ACTIVE, ACTIVE),
        Case(_release, "rolebindings", "DELETE", ACTIVE, RELEASED),
        Case(_restore, "rolebindings", "CREATE", RELEASED, ACTIVE),
        Case(_delete, "namespaces", "DELETE", ACTIVE, None),
    ],
    ids=["change", "release", "restore", "delete"],
)
async def test_what_was_taken_back_runs_again_whole(
    portal: Runtime, controlplane: ControlPlane, name: str, case: Case
) -> None:
    ask, resource, operation, meanwhile, after = case
    await ended(portal, await submit(portal, name))
    with denying(controlplane, namespace=name, resource=resource, operation=operation):
        failed = await _failed(portal, name, ask)
    assert _record_state(portal, name) is meanwhile

    again = await _retry(portal, failed)
    assert (again.request_id, again.phase) == (failed.request_id, Phase.QUEUED)
    done = await ended(portal, again)

    assert done.phase is Phase.DONE, done.failure
    assert done.failure is None
    assert [step.attempts for step in done.steps if step.name is StepName.CHECKS] == [2]
    assert _record_state(portal, name) is after
    use = await portal.teams.budget_use(done.team)
    assert use.namespaces == (0 if after is None else 1)
    if ask is _change:
        assert use.used.to_quantities()["requests.cpu"] == "2"


@pytest.mark.produces("ALREADY_DECIDED")
async def test_a_change_whose_namespace_was_changed_since_is_asked_anew(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    with denying(controlplane, namespace=name, resource="networkpolicies"):
        failed = await _failed(portal, name, _change)
    other = await portal.changes.change(name, {"description": "other"}, submission())
    assert other is not None
    assert (await ended(portal, other)).phase is Phase.DONE

    with pytest.raises(AlreadyDecidedError, match="has changed since") as refusal:
        await _retry(portal, failed)
    assert refusal.value.code == "ALREADY_DECIDED"


@pytest.mark.produces("TEAM_POOL")
async def test_a_change_that_no_longer_fits_the_budget_is_refused(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    with denying(controlplane, namespace=name, resource="networkpolicies"):
        failed = await _failed(portal, name, _change)
    small = Budget(resources=Resources.parse("1", "32Gi", "400Gi"))
    team = DEV_TEAMS[0].__class__(name=DEV_TEAMS[0].name, groups=DEV_TEAMS[0].groups, budget=small)
    await portal.teams.put(team, actor=actor("admin"), source="test")

    with pytest.raises(BudgetExceededError) as refusal:
        await _retry(portal, failed)
    assert refusal.value.code == "TEAM_POOL"
    assert _record_state(portal, name) is NamespaceState.ACTIVE


@pytest.mark.produces("PROTECTED")
async def test_a_deletion_is_not_retried_once_the_namespace_is_protected(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    with denying(controlplane, namespace=name, resource="namespaces", operation="DELETE"):
        failed = await _failed(portal, name, _delete)
    async with portal.database.transaction() as connection:
        await portal.stores.namespaces.change(
            connection, cluster="local", name=name, is_protected=True
        )

    with pytest.raises(PortalError) as caught:
        await _retry(portal, failed)
    assert caught.value.code == "PROTECTED"
    record = portal.directory.record(name)
    assert record is not None
    assert record.intent is Intent.ACTIVE


async def test_a_request_that_waits_goes_on_in_place(
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
    await eventually(lambda: portal.directory.is_taken(name) is None, what="it is going away")
    request = await submit(portal, name)
    admin = actor("admin")

    def now() -> ProvisioningRequest:
        return portal.requests.get(request.request_id, actor=admin)

    await eventually(lambda: now().phase is Phase.RETRYING, what="it waits")
    waiting = now()
    if waiting.phase is Phase.RETRYING:
        assert waiting.failure is not None
        assert waiting.failure.retry_at is not None, "it says when it is tried again"
        assert waiting.failure.retry_at > waiting.created_at
    unhold = '{"metadata":{"finalizers":null}}'
    controlplane.kubectl("patch", "cm", "hold", "-n", name, "--type=merge", "-p", unhold)
    controlplane.kubectl("wait", "--for=delete", f"ns/{name}", "--timeout=30s")
    await eventually(lambda: now().phase in (Phase.RETRYING, Phase.DONE), within_s=30)
    if now().phase is Phase.RETRYING:
        await _retry(portal, request)

    done = await ended(portal, request)
    assert done.phase is Phase.DONE, done.failure
    attempts = {step.name: step.attempts for step in done.steps}
    assert attempts[StepName.QUOTA] == 1
    assert attempts[StepName.CHECKS] + attempts[StepName.NAMESPACE] > 2
