"""Never: random plans over a random fleet that changes, judged by the API server's own audit log.

What the rules forbid is decided here by a second, simpler reading of the facts, not by the code
under test; a negative control shows that the judge sees a deletion that should not have been.

`NSAAS_RANDOM_PLANS=1000` makes as many plans (with `-o faulthandler_timeout=3600`, it takes some
minutes), `NSAAS_RANDOM_SEED` throws other dice.
"""

import os
import random
from collections.abc import AsyncIterator

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.domain.cleanup import Stage
from nsaas_app.domain.cleanup_plans import Plan
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.actors import actor
from tests.support.auditlog import portal_writes
from tests.support.cleanup import whole
from tests.support.controlplane import ControlPlane
from tests.support.namespaces import create_namespace, delete_namespace
from tests.support.randomfleet import Fleet
from tests.support.requests import submission
from tests.support.waiting import eventually, eventually_async

ADMIN = actor("admin")
PLANS = int(os.environ.get("NSAAS_RANDOM_PLANS", "48"))
SEED = int(os.environ.get("NSAAS_RANDOM_SEED", "20261128"))
A_ROUND = 24
"""So many plans are carried out at once, before the fleet changes again."""
SYSTEM = ("kube-system", "default", "platform-system", "nsaas-dryrun-development")


@pytest.fixture
async def hasty(settings: Settings) -> AsyncIterator[Runtime]:
    waits = {"cleanup_notice_days": 0, "cleanup_sleep_days": 0, "cleanup_revoke_days": 0}
    # What sweeps know is written by the dice.
    still = settings.model_copy(update=waits | {"cleanup_sweep_seconds": 1e6})
    async with serving(still) as runtime:
        yield runtime


def deleted(controlplane: ControlPlane, since: int) -> list[str]:
    """Namespaces that the portal's account deleted, by the API server's word."""
    return [
        entry["objectRef"]["name"]
        for entry in portal_writes(controlplane.audit_log, since=since)
        if entry["verb"] == "delete"
        and entry["objectRef"].get("resource") == "namespaces"
        and entry["stage"] == "ResponseComplete"
        and entry["responseStatus"]["code"] < 300
    ]


def judge(controlplane: ControlPlane, since: int, fair: set[str]) -> list[str]:
    """What was deleted and should not have been; twice is once too often."""
    found = deleted(controlplane, since)
    return sorted({*found} - fair) + sorted(name for name in {*found} if found.count(name) > 1)


class Planner:
    """Makes random plans, some of which are carried out only after the fleet has changed."""

    def __init__(self, portal: Runtime, fleet: Fleet, dice: random.Random) -> None:
        self._portal, self._fleet, self._dice = portal, fleet, dice
        self._stale: list[Plan] = []
        self.made = 0

    async def make(self, count: int) -> list[Plan]:
        """Random plans over everything there is, system namespaces too."""
        names = [*self._fleet.names, *SYSTEM]
        found = []
        for _ in range(count):
            chosen = self._dice.sample(names, self._dice.randint(1, 6))
            stage = self._dice.choice([*Stage, Stage.DELETE, Stage.DELETE, Stage.DELETE])
            plans = self._portal.cleanup.plans
            found.append(await plans.create(chosen, stage, submission("admin")))
        self.made += count
        return found

    async def carry_out(self, plans: list[Plan]) -> None:
        """Confirm all of them, and wait until each has ended."""
        known, begun = self._portal.cleanup.plans, []
        for plan in plans:
            if any(line.actions for line in plan.lines):
                await known.execute(plan.plan_id, plan.confirm, submission("admin"))
                begun.append(plan.plan_id)

        async def have_ended() -> bool:
            found = [await known.get(plan_id, actor=ADMIN) for plan_id in begun]
            return all(one.ended_at is not None for one in found)

        await eventually_async(have_ended, within_s=300, what="every plan has ended")


@pytest.mark.long
async def test_random_plans_delete_nothing_that_the_rules_forbid(
    hasty: Runtime, controlplane: ControlPlane
) -> None:
    await whole(hasty)
    dice = random.Random(SEED)  # noqa: S311 - the same dice every time
    fleet = Fleet(hasty, controlplane, dice)
    await fleet.fill()
    planner, stale = Planner(hasty, fleet, dice), list[Plan]()
    gone: list[str] = []
    while planner.made < PLANS:
        await fleet.change()
        since = controlplane.audit_log.stat().st_size
        # What was recreated is fair game for plans that know it, which those before do not.
        plans = [*stale, *await planner.make(A_ROUND // 2)]
        dice.shuffle(plans)
        fair = fleet.fair_game(plans)
        await planner.carry_out(plans)
        assert judge(controlplane, since, fair) == [], f"seed {SEED}, plan {planner.made}"
        gone += deleted(controlplane, since)
        stale = await planner.make(A_ROUND - A_ROUND // 2)
        await fleet.fill()
    assert gone, "plans that delete nothing prove nothing"


async def test_the_judge_sees_a_deletion_that_should_not_have_been(
    cluster: Cluster, controlplane: ControlPlane, name: str
) -> None:
    record = await create_namespace(cluster, name)
    since = controlplane.audit_log.stat().st_size
    await delete_namespace(cluster, record)
    await eventually(lambda: bool(deleted(controlplane, since)), what="it is in the log")
    assert judge(controlplane, since, set()) == [name]
    assert judge(controlplane, since, {name}) == []
