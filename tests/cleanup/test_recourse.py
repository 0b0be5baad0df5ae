"""What is left to do about a failed line: it says who is locked out, goes on or goes back."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from nsaas_app.cleanup.book import PlanStateError
from nsaas_app.domain.audit import AuditFilter
from nsaas_app.domain.cleanup import Stage
from nsaas_app.domain.cleanup_plans import ActionState, Line, LineState, Plan
from nsaas_app.domain.cleanup_recourse import advice, retryable, undoable
from nsaas_app.domain.errors import ForbiddenError
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.actors import actor
from tests.support.cleanup import made, remembered
from tests.support.controlplane import ControlPlane
from tests.support.policies import denying
from tests.support.requests import submission
from tests.support.waiting import eventually, eventually_async

ADMIN = actor("admin")
WITHIN_S = 90.0


@pytest.fixture
async def hasty(settings: Settings) -> AsyncIterator[Runtime]:
    """A portal that waits for nobody between two stages."""
    waits = dict.fromkeys(("notice", "sleep", "revoke"), 0)
    without = settings.model_copy(update={f"cleanup_{k}_days": v for k, v in waits.items()})
    async with serving(without) as runtime:
        yield runtime


async def stands(portal: Runtime, plan: Plan, state: LineState) -> tuple[Plan, Line]:
    """Wait until the only line of a plan stands so."""

    async def is_so() -> bool:
        return (await portal.cleanup.plans.get(plan.plan_id, actor=ADMIN)).lines[0].state is state

    await eventually_async(is_so, within_s=WITHIN_S, what=f"the line is {state}")
    now = await portal.cleanup.plans.get(plan.plan_id, actor=ADMIN)
    return now, now.lines[0]


async def failed_deletion(portal: Runtime, controlplane: ControlPlane, name: str) -> Plan:
    """A plan whose line failed at its last stage: a policy of the cluster held the namespace."""
    await made(portal, name)
    await remembered(portal, name, quiet_for=timedelta(days=20))
    plans = portal.cleanup.plans
    plan = await plans.create((name,), Stage.DELETE, submission("admin"))
    with denying(controlplane, namespace=name, resource="namespaces", operation="DELETE"):
        await plans.execute(plan.plan_id, plan.confirm, submission("admin"))
        plan, line = await stands(portal, plan, LineState.FAILED)
    assert line.actions[-1].state is ActionState.FAILED
    return plan


async def test_a_failed_deletion_says_who_is_locked_out_and_is_tried_again(
    hasty: Runtime, controlplane: ControlPlane, name: str
) -> None:
    plan = await failed_deletion(hasty, controlplane, name)
    (line,) = plan.lines
    assert advice(line, plan) == (
        "Nobody has access to it: retry delete, or undo revoke to let people in again."
    )
    failed, steering = retryable(line, plan), hasty.cleanup.steering
    assert failed is not None
    with pytest.raises(ForbiddenError):
        await steering.retry(failed.action_id, submission("auditor"))
    with pytest.raises(PlanStateError, match="nothing to try again"):
        await steering.retry(line.actions[0].action_id, submission("admin"))

    await steering.retry(failed.action_id, submission("admin"))

    _, line = await stands(hasty, plan, LineState.DONE)
    assert line.actions[-1].request_id not in ("", failed.request_id), "it was asked for anew"
    mirror = hasty.mirror
    assert mirror is not None
    await eventually(lambda: mirror.namespaces.get(name) is None, what="it is gone")
    with pytest.raises(PlanStateError):
        await steering.retry(failed.action_id, submission("admin"))
    async with hasty.database.reading() as connection:
        events = await hasty.stores.audit.find(
            connection, AuditFilter(namespace=name), teams=None, limit=50
        )
    said = [one.outcome.value for one in events if one.action == "cleanup.delete"]
    assert said == ["completed", "failed"]
    assert sum(one.action == "cleanup.retry" for one in events) == 1


async def test_a_failed_deletion_is_taken_back_and_people_get_in_again(
    hasty: Runtime, controlplane: ControlPlane, name: str
) -> None:
    plan = await failed_deletion(hasty, controlplane, name)
    revoke = undoable(plan.lines[0], plan)
    assert revoke is not None
    assert revoke.stage is Stage.REVOKE

    undone = await hasty.cleanup.steering.undo(revoke.action_id, submission("admin"))

    assert undone.lines[0].state is LineState.UNDONE
    assert advice(undone.lines[0], undone) == ""

    def is_back() -> bool:
        row = hasty.directory.find_row(name)
        return row is not None and row.state is NamespaceState.ACTIVE

    await eventually(is_back, within_s=WITHIN_S, what="people get in again")
