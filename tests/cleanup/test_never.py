"""Never: random plans over random namespaces, judged by the API server's own audit log.

What the rules forbid is decided here by a second, simpler reading of the facts, not by the code
under test; a negative control shows that the judge sees a deletion that should not have been.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.domain.cleanup import Stage
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.actors import actor
from tests.support.auditlog import portal_writes
from tests.support.cleanup import remembered, whole
from tests.support.controlplane import ControlPlane
from tests.support.names import fresh_name
from tests.support.namespaces import apply_as_admin, create_namespace, delete_namespace
from tests.support.requests import ended, submission, submit
from tests.support.waiting import eventually, eventually_async

ADMIN = actor("admin")
SEED = 20_261_128
PLANS = 12
QUIET = timedelta(days=20)
WHY = "Somebody needs it for a while."


@dataclass(frozen=True)
class Thing:
    """A namespace of the random cluster, and whether a plan may ever delete it."""

    name: str
    uid: str
    is_fair_game: bool


@pytest.fixture
async def hasty(settings: Settings) -> AsyncIterator[Runtime]:
    waits = {"cleanup_notice_days": 0, "cleanup_sleep_days": 0, "cleanup_revoke_days": 0}
    async with serving(settings.model_copy(update=waits)) as runtime:
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


def judge(controlplane: ControlPlane, since: int, things: list[Thing]) -> set[str]:
    """What was deleted and should not have been."""
    fair = {thing.name for thing in things if thing.is_fair_game}
    return set(deleted(controlplane, since)) - fair


async def recorded(portal: Runtime) -> list[Thing]:
    """Namespaces with records: busy, idle by two signals, protected, kept."""
    names = {kind: fresh_name(f"never-{kind}-") for kind in ("busy", "idle", "guarded", "kept")}
    accepted = [await submit(portal, name, sleep_windows=()) for name in names.values()]
    for request in accepted:
        await ended(portal, request, within_s=60)
    for kind in ("idle", "guarded", "kept"):
        await remembered(portal, names[kind], quiet_for=QUIET)
    await portal.cleanup.candidates.keep(
        names["kept"], reason=WHY, days=9, submission=submission("frontend-lead")
    )
    async with portal.database.transaction() as connection:
        await portal.stores.namespaces.change(
            connection, cluster="local", name=names["guarded"], is_protected=True
        )
        guarded = await portal.stores.namespaces.get(
            connection, cluster="local", name=names["guarded"]
        )
    assert guarded is not None
    portal.directory.put_record(guarded)
    found = []
    for kind, name in names.items():
        record = portal.directory.record(name)
        assert record is not None
        found.append(Thing(name, record.uid, is_fair_game=kind == "idle"))
    return found


async def strange(cluster: Cluster, controlplane: ControlPlane) -> list[Thing]:
    """Namespaces without records: orphans, one to keep, one without our label."""
    orphan, kept, foreign = (fresh_name(f"never-{kind}-") for kind in ("orphan", "wish", "foreign"))
    made = [await create_namespace(cluster, name) for name in (orphan, kept)]
    annotate = ("annotate", "namespace", kept, "platform.io/keep=the audit of the year")
    await asyncio.to_thread(controlplane.kubectl, *annotate)
    plain: dict[str, Any] = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": foreign}}
    await apply_as_admin(controlplane, plain)
    uid = json.loads(
        await asyncio.to_thread(controlplane.kubectl, "get", "namespace", foreign, "-o", "json")
    )["metadata"]["uid"]
    return [
        Thing(orphan, made[0].uid, is_fair_game=True),
        Thing(kept, made[1].uid, is_fair_game=False),
        Thing(foreign, uid, is_fair_game=False),
    ]


async def carried_out(portal: Runtime, names: list[str], stage: Stage) -> str:
    """Plan and confirm; give the id."""
    plans = portal.cleanup.plans
    plan = await plans.create(names, stage, submission("admin"))
    if any(line.actions for line in plan.lines):
        await plans.execute(plan.plan_id, plan.confirm, submission("admin"))
    return plan.plan_id


async def until_ended(portal: Runtime, plan_ids: list[str]) -> None:
    async def have_ended() -> bool:
        found = [await portal.cleanup.plans.get(one, actor=ADMIN) for one in plan_ids]
        return not any(one.confirmed_at and one.ended_at is None for one in found)

    await eventually_async(have_ended, within_s=90, what="every plan has ended")


async def test_random_plans_delete_nothing_that_the_rules_forbid(
    hasty: Runtime, controlplane: ControlPlane
) -> None:
    mirror = await whole(hasty)
    things = [*await recorded(hasty), *await strange(mirror.cluster, controlplane)]
    await eventually(
        lambda: all(mirror.namespaces.get(thing.name) is not None for thing in things),
        what="all of them are seen",
    )
    since = controlplane.audit_log.stat().st_size
    dice = random.Random(SEED)  # noqa: S311 - the same dice every time
    names = [*(thing.name for thing in things), "kube-system", "default", "platform-system"]
    ids = []
    for _ in range(PLANS):
        chosen = dice.sample(names, dice.randint(1, len(names)))
        ids.append(await carried_out(hasty, chosen, dice.choice(list(Stage))))
    await until_ended(hasty, ids)
    # Now nobody is at any of them: all that is left and may go, goes.
    await until_ended(hasty, [await carried_out(hasty, names, Stage.DELETE)])
    assert judge(controlplane, since, things) == set()
    fair = {thing.name for thing in things if thing.is_fair_game}
    assert set(deleted(controlplane, since)) == fair, "plans that delete nothing prove nothing"


async def test_the_judge_sees_a_deletion_that_should_not_have_been(
    cluster: Cluster, controlplane: ControlPlane, name: str
) -> None:
    record = await create_namespace(cluster, name)
    since = controlplane.audit_log.stat().st_size
    await delete_namespace(cluster, record)
    thing = Thing(name, record.uid, is_fair_game=False)
    await eventually(lambda: bool(deleted(controlplane, since)), what="it is in the log")
    assert judge(controlplane, since, [thing]) == {name}
