"""What people say while a plan is under way counts at once: restored, stopped, kept."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from nsaas_app.cleanup.advance import Advance
from nsaas_app.cleanup.book import PlanStateError
from nsaas_app.cleanup.moves import is_passing
from nsaas_app.cleanup.progress import Progress
from nsaas_app.domain.cleanup import Stage
from nsaas_app.domain.cleanup_plans import ActionState, Line, LineState, Plan
from nsaas_app.domain.errors import PortalError
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.provisioning.changes import WrongStateError
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from nsaas_app.store.cleanup import CleanupStore
from nsaas_app.store.turns import TurnStore
from tests.support.actors import actor
from tests.support.cleanup import made, remembered
from tests.support.requests import submission
from tests.support.waiting import eventually, eventually_async

QUIET = timedelta(days=20)


async def planned(portal: Runtime, *names: str, stage: Stage = Stage.DELETE) -> Plan:
    for name in names:
        await made(portal, name, sleep_windows=())
        await remembered(portal, name, quiet_for=QUIET)
    plan = await portal.cleanup.plans.create(names, stage, submission("admin"))
    assert all(line.actions for line in plan.lines), plan.lines
    return plan


def come_to(line: Line, stage: Stage) -> Line:
    """A line whose earlier stages are over without a request: somebody had released it before."""
    position = [one.stage for one in line.actions].index(stage)
    over = tuple(replace(one, state=ActionState.DONE) for one in line.actions[:position])
    return replace(line, state=LineState.RUNNING, actions=over + line.actions[position:])


async def test_what_was_restored_is_left_alone_whoever_had_released_it(
    portal: Runtime, name: str
) -> None:
    plan = await planned(portal, name)
    seen = (await portal.cleanup.candidates.now((name,)))[name]
    assert seen is not None
    for stage in (Stage.EXPORT, Stage.DELETE):
        line = come_to(plan.lines[0], stage)
        position = [one.stage for one in line.actions].index(stage)
        after = await portal.cleanup.progress._advance.begin_if_allowed(plan, line, position, seen)
        assert after.state is LineState.SKIPPED
        assert "restored since" in after.reason


async def test_no_plan_deletes_what_is_active(portal: Runtime, name: str) -> None:
    plan = replace(await planned(portal, name), confirmed_by="admin")
    moves = portal.cleanup.progress._advance.moves
    line = come_to(plan.lines[0], Stage.DELETE)
    with pytest.raises(WrongStateError, match="is active"):
        await moves.begin(plan, line, line.actions[-1])
    row = portal.directory.find_row(name)
    assert row is not None
    assert row.state is NamespaceState.ACTIVE


class Interrupted(Advance):
    """Carries lines on, and has something happen right after a stage has begun."""

    meanwhile: Callable[[], Awaitable[object]]

    async def _begin(self, plan: Plan, line: Line, position: int) -> Line:
        begun = await super()._begin(plan, line, position)
        await self.meanwhile()
        return begun


async def interrupted(portal: Runtime, meanwhile: Callable[[], Awaitable[object]]) -> Progress:
    """Such a runner of a portal; it has the turn, so that the portal's own leaves plans alone."""
    known = portal.cleanup.progress._advance
    advance = Interrupted(moves=known.moves, returns=known._returns, waits={}, clock=portal.clock)
    advance.meanwhile = meanwhile
    progress = Progress(
        candidates=portal.cleanup.candidates,
        advance=advance,
        stores=portal.stores,
        cleanup=CleanupStore(),
        turns=TurnStore(),
        directory=portal.directory,
        cluster_name=portal.cluster_name,
        clock=portal.clock,
    )
    await eventually_async(progress._has_turn, what="it is our turn")
    return progress


async def test_stop_pressed_while_lines_begin_stops_the_rest(portal: Runtime, name: str) -> None:
    plans, other = portal.cleanup.plans, f"{name}-2"
    plan = await planned(portal, name, other, stage=Stage.NOTIFY)

    async def stop() -> None:
        await portal.cleanup.steering.stop(plan.plan_id, submission("admin"))

    progress = await interrupted(portal, stop)
    try:
        await plans.execute(plan.plan_id, plan.confirm, submission("admin"))
        await progress.step()
        after = await plans.get(plan.plan_id, actor=actor("admin"))
        first, second = after.lines
        # What had begun is not lost to the plan although it was stopped at that moment.
        assert first.actions[0].state is ActionState.DONE
        assert (second.state, second.actions[0].state) == (
            LineState.STOPPED,
            ActionState.PENDING,
        )
    finally:
        await progress._give_turn_back()


async def test_what_had_begun_is_found_again_whatever_speaks_against_it_now(
    portal: Runtime, name: str
) -> None:
    plan = replace(await planned(portal, name), confirmed_by="admin")
    line = come_to(plan.lines[0], Stage.SLEEP)
    position = [one.stage for one in line.actions].index(Stage.SLEEP)
    begun = await portal.cleanup.progress._advance.moves.begin(plan, line, line.actions[position])
    assert begun.state is ActionState.RUNNING
    progress = portal.cleanup.progress
    after = await progress._advance.begin_if_allowed(plan, line, position, None)
    assert after.actions[position].state is ActionState.RUNNING
    assert after.actions[position].request_id == begun.request_id


@pytest.fixture
async def hasty(settings: Settings) -> AsyncIterator[Runtime]:
    """A portal that waits for nobody, but seven days before what comes after taking access."""
    waits = {"cleanup_notice_days": 0, "cleanup_sleep_days": 0, "cleanup_revoke_days": 7}
    async with serving(settings.model_copy(update=waits)) as runtime:
        yield runtime


@pytest.mark.parametrize("word", ["keep", "stop"])
async def test_who_is_locked_out_gets_in_again_when_the_plan_goes_no_further(
    hasty: Runtime, name: str, word: str
) -> None:
    plans = hasty.cleanup.plans
    plan = await planned(hasty, name)
    await plans.execute(plan.plan_id, plan.confirm, submission("admin"))

    async def line() -> Line:
        return (await plans.get(plan.plan_id, actor=actor("admin"))).lines[0]

    async def is_revoked() -> bool:
        return any(
            one.stage is Stage.REVOKE and one.state is ActionState.DONE
            for one in (await line()).actions
        )

    await eventually_async(is_revoked, within_s=60, what="access is taken")
    if word == "keep":
        why = "We need it for the next release."
        await hasty.cleanup.candidates.keep(
            name, reason=why, days=9, submission=submission("frontend-lead")
        )
    else:
        await eventually_async(
            lambda: stopped(hasty, plan.plan_id), within_s=60, what="the plan is stopped"
        )

    def is_back() -> bool:
        row = hasty.directory.find_row(name)
        return row is not None and row.state is NamespaceState.ACTIVE

    await eventually(is_back, within_s=60, what="people get in again")

    async def has_ended() -> bool:
        return not (await line()).is_open

    await eventually_async(has_ended, within_s=60, what="the line has ended")
    ended = await line()
    assert ended.state is (LineState.SKIPPED if word == "keep" else LineState.STOPPED)
    assert "Access is given back." in ended.reason
    assert ended.actions[-1].state in (ActionState.PENDING, ActionState.SKIPPED)


async def stopped(portal: Runtime, plan_id: str) -> bool:
    try:
        await portal.cleanup.steering.stop(plan_id, submission("admin"))
    except PlanStateError:
        return False  # It moved at this moment.
    return True


async def test_an_export_that_is_refused_for_good_does_not_wait_for_ever(
    portal: Runtime, name: str
) -> None:
    record = replace(await made(portal, name), uid="of-another")
    archiving = portal.cleanup.progress._advance.moves._archiving
    with pytest.raises(PortalError) as refused:
        await archiving.keep(record, export_id=f"{name}-export", requested_by="admin")
    assert not is_passing(refused.value)
