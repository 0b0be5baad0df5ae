"""Plans on the real control plane: staged, held against the moment, stopped, taken back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import generate_latest

from nsaas_app.cleanup.book import PlanStateError
from nsaas_app.domain.audit import AuditFilter
from nsaas_app.domain.cleanup import Stage
from nsaas_app.domain.cleanup_plans import ActionState, Line, LineState, Plan, PlanState
from nsaas_app.domain.errors import (
    ForbiddenError,
    IdempotencyMismatchError,
    InvalidFieldsError,
    NotFoundError,
)
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from nsaas_app.store.cleanup import CleanupStore
from tests.support.actors import actor
from tests.support.cleanup import made, remembered, whole
from tests.support.controlplane import ControlPlane
from tests.support.namespaces import create_namespace
from tests.support.requests import submission
from tests.support.waiting import eventually, eventually_async

ADMIN = actor("admin")
QUIET = timedelta(days=20)


@pytest.fixture
async def hasty(settings: Settings) -> AsyncIterator[Runtime]:
    """A portal that waits for nobody between two stages."""
    waits = dict.fromkeys(("notice", "sleep", "revoke"), 0)
    without = settings.model_copy(update={f"cleanup_{k}_days": v for k, v in waits.items()})
    async with serving(without) as runtime:
        yield runtime


async def plan_for(portal: Runtime, *names: str, stage: Stage = Stage.DELETE) -> Plan:
    return await portal.cleanup.plans.create(names, stage, submission("admin"))


async def confirmed(portal: Runtime, plan: Plan) -> Plan:
    return await portal.cleanup.plans.execute(plan.plan_id, plan.confirm, submission("admin"))


async def now(portal: Runtime, plan: Plan) -> Plan:
    return await portal.cleanup.plans.get(plan.plan_id, actor=ADMIN)


async def until(portal: Runtime, plan: Plan, state: LineState) -> Line:
    """Wait until the only line of a plan stands so."""

    async def stands() -> bool:
        return (await now(portal, plan)).lines[0].state is state

    await eventually_async(stands, within_s=60, what=f"the line is {state}")
    return (await now(portal, plan)).lines[0]


async def until_stage(portal: Runtime, plan: Plan, stage: Stage) -> None:
    async def done() -> bool:
        actions = (await now(portal, plan)).lines[0].actions
        return any(one.stage is stage and one.state is ActionState.DONE for one in actions)

    await eventually_async(done, within_s=60, what=f"stage {stage} is done")


def state_of(portal: Runtime, name: str) -> NamespaceState | None:
    row = portal.directory.find_row(name)
    return row.state if row else None


async def test_an_idle_namespace_goes_stage_by_stage_and_each_is_written_down(
    hasty: Runtime, name: str
) -> None:
    await made(hasty, name, sleep_windows=())
    await remembered(hasty, name, quiet_for=QUIET)
    plan = await plan_for(hasty, name)
    assert (plan.state, plan.confirm) == (PlanState.PLANNED, "delete 1 namespace")
    assert state_of(hasty, name) is NamespaceState.ACTIVE, "nothing has happened yet"
    assert await hasty.cleanup.plans.try_out(plan.plan_id, actor=ADMIN) == {name: ""}
    await confirmed(hasty, plan)
    line = await until(hasty, plan, LineState.DONE)
    assert [(one.stage, one.state) for one in line.actions] == [
        (stage, ActionState.DONE) for stage in Stage
    ]
    mirror = hasty.mirror
    assert mirror is not None
    await eventually(lambda: mirror.namespaces.get(name) is None, what="it is gone")

    async def has_ended() -> bool:
        return (await now(hasty, plan)).state is PlanState.DONE

    await eventually_async(has_ended, what="the plan has ended")
    async with hasty.database.reading() as connection:
        told = await hasty.stores.audit.find(
            connection, AuditFilter(namespace=name), teams=None, limit=50, offset=0
        )
    actions = {event.action for event in told}
    assert {f"cleanup.{stage}" for stage in Stage} <= actions
    counted = generate_latest().decode()
    for stage in Stage:
        assert f'nsaas_cleanup_actions_total{{outcome="done",stage="{stage}"}}' in counted


async def test_only_the_plans_own_words_by_an_admin_begin_it(portal: Runtime, name: str) -> None:
    await made(portal, name, sleep_windows=())
    await remembered(portal, name, quiet_for=QUIET)
    plans = portal.cleanup.plans
    for who in ("frontend-lead", "auditor"):
        with pytest.raises(ForbiddenError):
            await plans.create([name], Stage.DELETE, submission(who))
    plan = await plans.create([name], Stage.REVOKE, submission("admin", key="once"))
    assert await plans.create([name], Stage.REVOKE, submission("admin", key="once")) == plan
    with pytest.raises(IdempotencyMismatchError):
        await plans.create([name], Stage.DELETE, submission("admin", key="once"))
    with pytest.raises(InvalidFieldsError, match="revoke 1 namespace"):
        await plans.execute(plan.plan_id, "delete 1 namespace", submission("admin"))
    with pytest.raises(ForbiddenError):
        await plans.execute(plan.plan_id, plan.confirm, submission("auditor"))
    with pytest.raises(NotFoundError):
        await plans.get("plan-of-nobody", actor=ADMIN)
    assert await now(portal, plan) == plan


async def test_what_nothing_speaks_for_is_left_alone_and_the_plan_says_so(
    portal: Runtime, name: str
) -> None:
    await made(portal, name, sleep_windows=())
    plan = await plan_for(portal, name, "kube-system", "no-such-namespace")
    assert [line.state for line in plan.lines] == [LineState.SKIPPED] * 3
    with pytest.raises(PlanStateError, match="nothing to do"):
        await confirmed(portal, plan)


async def test_a_line_that_changed_since_the_plan_is_skipped_with_the_reason(
    portal: Runtime, name: str
) -> None:
    await made(portal, name, sleep_windows=())
    await remembered(portal, name, quiet_for=QUIET)
    plan = await plan_for(portal, name)
    why = "The owner came back from holidays."
    await portal.cleanup.candidates.keep(
        name, reason=why, days=9, submission=submission("frontend-lead")
    )
    tried = await portal.cleanup.plans.try_out(plan.plan_id, actor=ADMIN)
    assert why in tried[name]
    await confirmed(portal, plan)
    line = await until(portal, plan, LineState.SKIPPED)
    assert why in line.reason
    assert state_of(portal, name) is NamespaceState.ACTIVE


async def test_a_plan_waits_between_stages_and_is_stopped(portal: Runtime, name: str) -> None:
    await made(portal, name, sleep_windows=())
    await remembered(portal, name, quiet_for=QUIET)
    plan = await confirmed(portal, await plan_for(portal, name))
    await until_stage(portal, plan, Stage.NOTIFY)
    _, following, *_ = (await now(portal, plan)).lines[0].actions
    assert following.state is ActionState.PENDING
    assert following.due_at is not None
    assert following.due_at > portal.clock() + timedelta(days=6)

    async def stopped() -> bool:
        try:
            await portal.cleanup.steering.stop(plan.plan_id, submission("admin"))
        except PlanStateError:
            return False
        return True

    await eventually_async(stopped, what="it is stopped")
    ended = await now(portal, plan)
    assert (ended.state, ended.lines[0].state) == (PlanState.STOPPED, LineState.STOPPED)
    assert ended.ended_at is not None
    assert state_of(portal, name) is NamespaceState.ACTIVE


async def test_taken_access_comes_back_and_the_line_goes_no_further(
    hasty: Runtime, name: str
) -> None:
    await made(hasty, name, sleep_windows=())
    await remembered(hasty, name, quiet_for=QUIET)
    plan = await confirmed(hasty, await plan_for(hasty, name, stage=Stage.REVOKE))
    line = await until(hasty, plan, LineState.DONE)
    assert state_of(hasty, name) is NamespaceState.RELEASED
    record = hasty.directory.record(name)
    assert record is not None
    await eventually(
        lambda: (r := hasty.directory.record(name)) is not None and r.restorable_until is None,
        what="nothing but a plan may delete it",
    )
    revoke = line.actions[-1]
    with pytest.raises(PlanStateError, match="revoke first"):
        await hasty.cleanup.steering.undo(line.actions[0].action_id, submission("admin"))
    undone = await hasty.cleanup.steering.undo(revoke.action_id, submission("admin"))
    assert undone.lines[0].state is LineState.UNDONE
    await eventually(lambda: state_of(hasty, name) is NamespaceState.ACTIVE, what="access is back")


async def test_an_orphan_is_removed_by_its_uid_and_another_of_its_name_is_not(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    mirror = await whole(portal)
    await create_namespace(mirror.cluster, name)
    await eventually(lambda: mirror.namespaces.get(name) is not None, what="it is seen")
    late = await plan_for(portal, name)
    plan = await confirmed(portal, await plan_for(portal, name))
    await until(portal, plan, LineState.DONE)
    assert mirror.namespaces.get(name) is None
    await create_namespace(mirror.cluster, name)
    await eventually(lambda: mirror.namespaces.get(name) is not None, what="another one is seen")
    await confirmed(portal, late)
    line = await until(portal, late, LineState.SKIPPED)
    assert "uid changed" in line.reason
    again = mirror.namespaces.get(name)
    assert again is not None
    assert again.is_active


async def test_two_plans_do_not_work_on_one_namespace(portal: Runtime, name: str) -> None:
    await made(portal, name, sleep_windows=())
    await remembered(portal, name, quiet_for=QUIET)
    first, second = await plan_for(portal, name), await plan_for(portal, name)
    await confirmed(portal, first)
    other = await confirmed(portal, second)
    assert other.lines[0].state is LineState.SKIPPED
    assert first.plan_id in other.lines[0].reason


async def test_a_plan_goes_on_after_a_restart_and_repeats_nothing(
    settings: Settings, name: str
) -> None:
    async with serving(settings) as portal:
        await made(portal, name, sleep_windows=())
        await remembered(portal, name, quiet_for=QUIET)
        plan = await confirmed(portal, await plan_for(portal, name, stage=Stage.SLEEP))
        await until_stage(portal, plan, Stage.NOTIFY)
    async with serving(settings) as portal:
        # The clock of a test: what was to begin in a week is due now.
        async def moved() -> bool:
            current = await now(portal, plan)
            line = current.lines[0]
            due = tuple(
                replace(one, due_at=portal.clock()) if one.due_at and one.is_open else one
                for one in line.actions
            )
            async with portal.database.transaction() as connection:
                return await CleanupStore().change_plan(
                    connection, replace(current, lines=(replace(line, actions=due),))
                )

        await eventually_async(moved, what="the time has come")
        await until(portal, plan, LineState.DONE)
        async with portal.database.reading() as connection:
            told = await portal.stores.audit.find(
                connection, AuditFilter(namespace=name), teams=None, limit=50, offset=0
            )
        assert [event.action for event in told].count("cleanup.notify") == 1
