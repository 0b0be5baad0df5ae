"""The stages of a plan on the real cluster: told, asleep, locked out, exported, gone, and back."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from nsaas_app.domain import keys
from nsaas_app.domain.cleanup import Stage
from nsaas_app.domain.cleanup_plans import Action, ActionState, Line, LineState, Plan
from nsaas_app.domain.namespaces import Intent, NamespaceState
from nsaas_app.domain.requests import Phase, RequestKind
from nsaas_app.domain.sleep import SleepCause
from nsaas_app.lifecycle.inbox import InboxItem
from nsaas_app.manifests.bundle import bundle
from nsaas_app.manifests.network_policies import NetworkSettings
from nsaas_app.provisioning.closing import restore_record
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.lifecycle.at import timetable_at
from tests.support.actors import actor
from tests.support.cleanup import made, swept
from tests.support.clocks import Clock
from tests.support.controlplane import ControlPlane
from tests.support.namespaces import apply_as_admin, deployment_manifest
from tests.support.receivers import PostBox, receiving_posts
from tests.support.requests import ended, submission
from tests.support.waiting import eventually, eventually_async

ADMIN = actor("admin")
NIGHTS = {"sleep_timezone": "Europe/Berlin", "sleep_windows": ("daily 20:00-07:00",)}


@pytest.fixture
async def posts() -> AsyncIterator[PostBox]:
    async with receiving_posts() as box:
        yield box


@pytest.fixture
async def hasty(settings: Settings, posts: PostBox) -> AsyncIterator[Runtime]:
    """A portal that waits for nobody, but seven days before what comes after taking access."""
    waits = {"cleanup_notice_days": 0, "cleanup_sleep_days": 0, "cleanup_revoke_days": 7}
    ways = {"webhook_url": posts.url, "webhook_secret": SecretStr("s3cret")}
    async with serving(settings.model_copy(update=waits | ways)) as runtime:
        yield runtime


async def expired(portal: Runtime, controlplane: ControlPlane, name: str) -> None:
    """A namespace in which two pods run and whose lifetime is over."""
    record = await made(portal, name, sleep_windows=())
    await apply_as_admin(controlplane, deployment_manifest("web", name, replicas=2))
    assert portal.mirror is not None
    pods = portal.mirror.workloads.pods
    await eventually(lambda: len(list(pods.in_namespace(name))) == 2, what="two pods are there")
    over = replace(record.spec, expires_at=portal.clock() - timedelta(days=1))
    async with portal.database.transaction() as connection:
        await portal.stores.namespaces.change(connection, cluster="local", name=name, spec=over)
    portal.directory.put_record(replace(record, spec=over))
    # The cluster says the same, so that nothing of it counts as drift.
    written = bundle(
        over, request_id=record.request_id, provisioned_at=record.created_at,
        now=portal.clock(), settings=NetworkSettings(),
    ).namespace  # fmt: skip
    end = {keys.EXPIRES_AT: written["metadata"]["annotations"][keys.EXPIRES_AT]}
    await portal.mirror.cluster.merge("Namespace", name, {"metadata": {"annotations": end}})


def replicas(controlplane: ControlPlane, name: str) -> int:
    found = controlplane.kubectl("get", "deploy", "web", "-n", name, "-o", "json")
    return int(json.loads(found)["spec"]["replicas"])


async def begun(portal: Runtime, name: str, stage: Stage) -> Plan:
    plans = portal.cleanup.plans
    plan = await plans.create([name], stage, submission("admin"))
    return await plans.execute(plan.plan_id, plan.confirm, submission("admin"))


async def line_of(portal: Runtime, plan: Plan) -> Line:
    return (await portal.cleanup.plans.get(plan.plan_id, actor=ADMIN)).lines[0]


async def reached(portal: Runtime, plan: Plan, stage: Stage) -> Action:
    """Wait until a stage of the only line has ended well."""
    seen: list[Line] = []

    async def has_ended() -> bool:
        seen.append(await line_of(portal, plan))
        assert seen[-1].state not in (LineState.FAILED, LineState.SKIPPED), seen[-1]
        return _action(seen[-1], stage).state is ActionState.DONE

    await eventually_async(has_ended, within_s=90, what=f"stage {stage} has ended")
    return _action(seen[-1], stage)


def _action(line: Line, stage: Stage) -> Action:
    return next(one for one in line.actions if one.stage is stage)


def told(portal: Runtime, who: str, name: str) -> list[InboxItem]:
    items = portal.lifetime.inbox.of(actor(who))
    return [
        one for one in items if one.notice.namespace == name and one.notice.kind.value == "cleanup"
    ]


async def test_undo_before_the_last_stage_brings_everything_back_as_it_was(
    hasty: Runtime, controlplane: ControlPlane, posts: PostBox, name: str
) -> None:
    await expired(hasty, controlplane, name)
    plan = await begun(hasty, name, Stage.DELETE)
    revoked = await reached(hasty, plan, Stage.REVOKE)
    assert replicas(controlplane, name) == 0

    # Owner and leads heard of each stage; a stranger of the team did not.
    assert [len(told(hasty, who, name)) for who in ("frontend-dev", "frontend-lead")] == [3, 3]
    assert told(hasty, "frontend-viewer", name) == []
    first = told(hasty, "frontend-dev", name)[-1].notice
    assert "over for 1 d" in first.text
    assert "choose Keep" in first.text

    def heard() -> bool:
        documents = [json.loads(one.body) for one in posts.posted]
        stages = [d for d in documents if d["event"] == "namespace.cleanup"]
        return len([d for d in stages if d["url"].endswith(f"/namespaces/{name}")]) == 3

    await eventually(heard, within_s=60, what="the webhook was told of three stages")

    await nothing_but_the_plan_ends_it(hasty, name, revoked)
    undone = await hasty.cleanup.steering.undo(revoked.action_id, submission("admin"))
    states = {one.stage: one.state for one in undone.lines[0].actions}
    assert states[Stage.REVOKE] is states[Stage.SLEEP] is ActionState.UNDONE
    assert states[Stage.DELETE] is ActionState.PENDING
    assert undone.lines[0].state is LineState.UNDONE

    def is_back() -> bool:
        row = hasty.directory.find_row(name)
        return row is not None and row.state is NamespaceState.ACTIVE and row.asleep is None

    await eventually(is_back, within_s=60, what="it is back")
    assert replicas(controlplane, name) == 2


async def nothing_but_the_plan_ends_it(hasty: Runtime, name: str, revoked: Action) -> None:
    """No grace runs, and a deletion that comes to nothing leaves it as it was."""
    record = hasty.directory.record(name)
    assert record is not None
    assert (record.intent, record.restorable_until) == (Intent.RELEASED, None)
    later = Clock(hasty.clock() + timedelta(days=400))
    await timetable_at(hasty, later).tick()
    assert hasty.directory.record(name) == record
    row = hasty.directory.find_row(name)
    assert row is not None
    assert row.state is NamespaceState.RELEASED

    # A deletion that comes to nothing leaves it released, not open to everybody again.
    request = hasty.requests.get(revoked.request_id, actor=ADMIN)
    assert request.phase is Phase.DONE
    async with hasty.database.transaction() as connection:
        failed = replace(request, kind=RequestKind.DELETE)
        after = await restore_record(connection, hasty.stores, failed)
    assert after is not None
    assert after.intent is Intent.RELEASED


async def test_a_plan_that_goes_to_the_end_keeps_the_manifests_twice(
    settings: Settings, controlplane: ControlPlane, name: str
) -> None:
    waits = dict.fromkeys(("notice", "sleep", "revoke"), 0)
    without = settings.model_copy(update={f"cleanup_{k}_days": v for k, v in waits.items()})
    async with serving(without) as portal:
        await expired(portal, controlplane, name)
        plan = await begun(portal, name, Stage.DELETE)
        deleted = await reached(portal, plan, Stage.DELETE)
        line = await line_of(portal, plan)
        assert [(one.stage, one.state) for one in line.actions] == [
            (stage, ActionState.DONE) for stage in Stage
        ]
        kept = await portal.lifetime.exports.kept(actor=actor("frontend-lead"), namespace=name)
        exported = _action(line, Stage.EXPORT).export_id
        assert {export.export_id for export in kept} == {exported, deleted.request_id}
        assert deleted.export_id == deleted.request_id
        _, archive = await portal.lifetime.exports.open(
            exported, actor=actor("frontend-lead"), source="test"
        )
        assert archive.startswith(b"\x1f\x8b")
        assert len(told(portal, "frontend-dev", name)) == len(Stage)
        assert portal.mirror is not None
        assert portal.mirror.namespaces.get(name) is None


async def test_an_owner_who_wakes_it_has_answered(
    settings: Settings, controlplane: ControlPlane, name: str
) -> None:
    waits = {"cleanup_notice_days": 0, "cleanup_sleep_days": 7}
    async with serving(settings.model_copy(update=waits)) as portal:
        await expired(portal, controlplane, name)
        plan = await begun(portal, name, Stage.REVOKE)
        slept = await reached(portal, plan, Stage.SLEEP)
        row = portal.directory.find_row(name)
        assert row is not None
        assert row.asleep is not None
        assert (row.asleep.cause, row.asleep.until) == (SleepCause.CLEANUP, None)
        before = await line_of(portal, plan)
        woken = await portal.changes.wake(name, submission("frontend-dev"))
        assert woken is not None
        assert (await ended(portal, woken, within_s=60)).phase is Phase.DONE

        progress = portal.cleanup.progress
        seen = (await portal.cleanup.candidates.now((name,)))[name]
        assert seen is not None, "it is expired all the same"
        position = before.actions.index(slept) + 1
        skipped = await progress._advance.begin_if_allowed(plan, before, position, seen)
        assert skipped.state is LineState.SKIPPED
        assert "woken since" in skipped.reason

        # Taking the sleep back after all has nothing left to do, and does nothing.
        undone = await portal.cleanup.steering.undo(slept.action_id, submission("admin"))
        assert _action(undone.lines[0], Stage.SLEEP).message == "Taken back."


async def test_sleep_is_taken_back_to_what_its_own_schedule_says(
    settings: Settings, controlplane: ControlPlane, name: str
) -> None:
    waits = {"cleanup_notice_days": 0, "cleanup_sleep_days": 7}
    async with serving(settings.model_copy(update=waits)) as portal:
        await expired(portal, controlplane, name)
        plan = await begun(portal, name, Stage.SLEEP)
        slept = await reached(portal, plan, Stage.SLEEP)
        assert replicas(controlplane, name) == 0
        await portal.cleanup.steering.undo(slept.action_id, submission("admin"))
        row_is_awake = portal.directory.find_row
        await eventually(
            lambda: (
                (row := row_is_awake(name)) is not None
                and row.asleep is None
                and row.state is NamespaceState.ACTIVE
            ),
            within_s=60,
            what="it is awake",
        )
        assert replicas(controlplane, name) == 2


async def test_what_the_portal_puts_to_sleep_and_wakes_is_nobodys_activity(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await made(portal, name)
    await apply_as_admin(controlplane, deployment_manifest("web", name, replicas=1))
    mirror = portal.mirror
    assert mirror is not None
    web = mirror.workloads.deployments
    await eventually(lambda: web.get("web", name) is not None, what="it is seen")
    await swept(portal)
    before = (await portal.cleanup.sweeps.known()).observations[name]
    for move in (portal.changes.sleep, portal.changes.wake):
        was = web.get("web", name)
        assert was is not None
        generation = was.metadata.generation
        request = await move(name, submission())
        assert request is not None
        assert (await ended(portal, request, within_s=60)).phase is Phase.DONE

        def is_seen(generation: int = generation) -> bool:
            seen = web.get("web", name)
            return seen is not None and seen.metadata.generation > generation

        await eventually(is_seen, what="the change is seen")
        await swept(portal)
    after = (await portal.cleanup.sweeps.known()).observations[name]
    assert after.workloads != before.workloads, "it was scaled twice"
    assert after.workloads_changed_at == before.workloads_changed_at


async def test_one_that_sleeps_by_its_own_schedule_is_not_idle(portal: Runtime, name: str) -> None:
    record = await made(portal, name, **NIGHTS)
    known = await portal.cleanup.sweeps.known()
    seen = portal.cleanup.sweeps._sightings.sighting(name, known, now=portal.clock())
    assert record.spec.sleep is not None
    assert seen is not None
    assert seen.sleeps_by_schedule
