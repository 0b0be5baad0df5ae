"""Rules: people are told by themselves, at a pace, once for all processes, and nothing else."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from nsaas_app.cleanup import rules as rules_module
from nsaas_app.cleanup.rules import MOST_AT_ONCE, CleanupRules, _plans
from nsaas_app.domain.cleanup import Reason, Stage
from nsaas_app.domain.cleanup_plans import Plan, PlanState
from nsaas_app.domain.cleanup_rules import candidate_of
from nsaas_app.domain.cleanup_schedule import TOLD_OF, CleanupRule
from nsaas_app.domain.errors import ForbiddenError, InvalidFieldsError
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.runtime import Runtime
from nsaas_app.store.cleanup import CleanupStore
from nsaas_app.store.cleanup_rules import CleanupRuleStore
from tests.support.actors import actor
from tests.support.cleanup import made, remembered, sighting
from tests.support.clocks import Clock
from tests.support.requests import submission
from tests.support.specs import NOW
from tests.support.waiting import eventually, eventually_async

ADMIN = actor("admin")


def rules_at(
    portal: Runtime, clock: Clock, *, kind: type[CleanupRules] = CleanupRules
) -> CleanupRules:
    """The rules of a running portal by another clock."""
    return kind(
        candidates=portal.cleanup.candidates,
        stores=portal.stores,
        cleanup=CleanupStore(),
        rules=CleanupRuleStore(),
        directory=portal.directory,
        cluster_name=portal.cluster_name,
        clock=clock,
        wake=portal.cleanup.progress.wake,
    )


async def test_what_is_idle_is_told_of_at_its_pace_and_nothing_is_done_to_it(
    portal_on_both: Runtime, name: str
) -> None:
    portal = portal_on_both
    await made(portal, name, sleep_windows=())
    await remembered(portal, name, quiet_for=timedelta(days=20))
    portal.cleanup.candidates.forget()
    clock = Clock(portal.clock())
    rules = rules_at(portal, clock)
    assert await rules.run_due() == [], "nobody turned one on"
    await rules.change(Reason.IDLE, is_on=True, every_days=7, submission=submission("admin"))

    runs = await asyncio.gather(*(rules_at(portal, clock).run_due() for _ in range(3)))
    # The portal's own loop may have been the first: in the end there is one plan, whoever made it.
    made_plans = await plans_about(portal, name)
    assert sum(map(len, runs)) <= 1
    (plan,) = made_plans
    assert {one.stage for line in plan.lines for one in line.actions} == {Stage.NOTIFY}

    async def has_ended() -> bool:
        return (await plans_about(portal, name))[0].state is PlanState.DONE

    await eventually_async(has_ended, within_s=60, what="people are told")
    await eventually(
        lambda: any(
            one.notice.namespace == name and one.notice.kind.value == "cleanup"
            for one in portal.lifetime.inbox.of(actor("frontend-dev"))
        ),
        what="the owner has the notice",
    )
    row = portal.directory.find_row(name)
    assert row is not None
    assert row.state is NamespaceState.ACTIVE

    clock.now = portal.clock() + timedelta(days=6)
    assert await rules_at(portal, clock).run_due() == [], "too early"
    clock.now += timedelta(days=2)
    assert len(await rules_at(portal, clock).run_due()) == 1
    await rules.change(Reason.IDLE, is_on=False, every_days=7, submission=submission("admin"))


async def plans_about(portal: Runtime, name: str) -> list[Plan]:
    plans = await portal.cleanup.plans.latest(actor=ADMIN)
    return [plan for plan in plans if any(line.namespace == name for line in plan.lines)]


async def test_admins_alone_change_rules_and_only_of_what_somebody_can_be_told(
    portal: Runtime,
) -> None:
    rules = portal.cleanup.rules
    with pytest.raises(ForbiddenError):
        await rules.change(
            Reason.IDLE, is_on=True, every_days=7, submission=submission("frontend-lead")
        )
    with pytest.raises(ForbiddenError):
        await rules.all(actor=actor("frontend-lead"))
    with pytest.raises(InvalidFieldsError) as refused:
        await rules.change(Reason.ORPHAN, is_on=True, every_days=0, submission=submission("admin"))
    assert [issue.field for issue in refused.value.issues] == ["reason", "every_days"]
    every = await rules.all(actor=actor("auditor"))
    assert [rule.reason for rule in every] == list(TOLD_OF)
    assert not any(rule.is_on for rule in every)


def test_nobody_is_left_out_however_many_there_are() -> None:
    one = candidate_of(sighting(expires_at=NOW - timedelta(days=1)), now=NOW)
    assert one is not None
    found = [replace(one, namespace=f"n-{n}", uid=f"u-{n}") for n in range(2 * MOST_AT_ONCE + 1)]
    plans = _plans(CleanupRule(Reason.EXPIRED), found, cluster="local", now=NOW)
    assert [len(plan.lines) for plan in plans] == [MOST_AT_ONCE, MOST_AT_ONCE, 1]
    assert len({plan.plan_id for plan in plans}) == len(plans)
    assert {line.namespace for plan in plans for line in plan.lines} == {
        one.namespace for one in found
    }


async def test_rules_go_on_after_a_look_that_fell_over(
    portal: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules_module, "LOOK_EVERY_S", 0.01)
    looked: list[int] = []

    class Odd(CleanupRules):
        async def run_due(self) -> list[Plan]:
            looked.append(1)
            raise ZeroDivisionError

    rules = rules_at(portal, Clock(portal.clock()), kind=Odd)
    running = asyncio.create_task(rules.run())
    try:
        await eventually(lambda: len(looked) > 1, what="it looks again")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
