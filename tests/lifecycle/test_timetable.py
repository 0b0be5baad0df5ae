"""What time asks for: once, also after a restart, and never against what people did since."""

import asyncio
import gzip
import io
import json
import tarfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from nsaas_app.directory.requests import RequestQuery
from nsaas_app.domain.errors import ForbiddenError, NotFoundError
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.requests import Phase, ProvisioningRequest, RequestKind
from nsaas_app.domain.sleep import SleepCause
from nsaas_app.lifecycle.exports import Exports
from nsaas_app.lifecycle.timetable import Timetable
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.lifecycle.at import timetable_at
from tests.support.actors import actor
from tests.support.clocks import Clock
from tests.support.controlplane import ControlPlane
from tests.support.faultproxy import FaultProxy, answer
from tests.support.namespaces import apply_as_admin, deployment_manifest
from tests.support.requests import ended, submission, submit

NIGHTS: dict[str, Any] = {
    "sleep_timezone": "Europe/Berlin",
    "sleep_windows": ("daily 20:00-07:00",),
}


def requests_of(portal: Runtime, name: str, kind: RequestKind) -> list[ProvisioningRequest]:
    found = portal.requests.find(RequestQuery(namespace=name, limit=50), actor=actor("admin"))
    return [request for request in found.items if request.kind is kind]


async def all_ended(portal: Runtime, name: str, kind: RequestKind) -> list[ProvisioningRequest]:
    return [await ended(portal, one, within_s=60) for one in requests_of(portal, name, kind)]


def evening(portal: Runtime) -> datetime:
    """An hour after the next beginning of the nights, which is after the namespace was made."""
    tomorrow = portal.clock() + timedelta(days=1)
    return tomorrow.replace(hour=20, minute=0, second=0, microsecond=0)


async def test_a_namespace_sleeps_at_night_and_wakes_in_the_morning(
    portal_on_both: Runtime, controlplane: ControlPlane, name: str
) -> None:
    portal = portal_on_both
    await ended(portal, await submit(portal, name, **NIGHTS))
    await apply_as_admin(controlplane, deployment_manifest("web", name, replicas=2))
    clock = Clock(evening(portal))
    timetable = timetable_at(portal, clock)

    await timetable.tick()
    await timetable.tick()
    slept = await all_ended(portal, name, RequestKind.SLEEP)

    assert [request.phase for request in slept] == [Phase.DONE]
    row = portal.directory.row(name, actor=actor("admin"))
    assert row.state is NamespaceState.SLEEPING
    assert row.asleep is not None
    assert row.asleep.cause is SleepCause.SCHEDULE
    assert row.asleep.until is not None

    clock.now = row.asleep.until
    await asyncio.gather(*(timetable_at(portal, clock).tick() for _ in range(3)))
    woken = await all_ended(portal, name, RequestKind.WAKE)

    assert [request.phase for request in woken] == [Phase.DONE]
    assert replicas(controlplane, name) == 2


async def test_who_works_at_night_is_not_sent_to_bed_twice_not_even_by_a_restart(
    settings: Settings, name: str
) -> None:
    async with serving(settings) as portal:
        await ended(portal, await submit(portal, name, **NIGHTS))
        clock = Clock(evening(portal))
        await timetable_at(portal, clock).tick()
        await all_ended(portal, name, RequestKind.SLEEP)
        woken = await portal.changes.wake(name, submission())
        assert woken is not None
        await ended(portal, woken)
    async with serving(settings) as portal:
        clock.now += timedelta(minutes=30)
        await timetable_at(portal, clock).tick()
        assert len(requests_of(portal, name, RequestKind.SLEEP)) == 1
        row = portal.directory.row(name, actor=actor("admin"))
        assert row.asleep is None


async def test_what_nobody_uses_sleeps_and_whoever_wakes_it_has_as_long_again(
    settings: Settings, controlplane: ControlPlane, name: str
) -> None:
    option: dict[str, Any] = {"sleep_timezone": "UTC", "sleep_windows": ("idle 4h",)}
    async with serving(settings) as portal:
        await ended(portal, await submit(portal, name, environment="testing", **option))
        await apply_as_admin(controlplane, deployment_manifest("web", name, replicas=2))
        since = portal.clock()
        clock = Clock(since + timedelta(hours=3, minutes=59))
        await idle_at(portal, clock, since).tick()
        assert requests_of(portal, name, RequestKind.SLEEP) == []
        clock.now = since + timedelta(hours=4, minutes=1)
        for _ in range(2):
            await idle_at(portal, clock, since).tick()
        (slept,) = await all_ended(portal, name, RequestKind.SLEEP)
        assert slept.phase is Phase.DONE, slept.failure
        row = portal.directory.row(name, actor=actor("admin"))
        assert row.asleep is not None
        assert (row.asleep.cause, row.asleep.until) == (SleepCause.IDLE, None)
        timetable = idle_at(portal, clock, since)
        clock.now += timedelta(hours=2)
        await timetable.tick()
        await wake(portal, name)
        assert replicas(controlplane, name) == 2
        clock.now += timedelta(hours=3)
        await timetable.tick()
        assert len(requests_of(portal, name, RequestKind.SLEEP)) == 1, "no sweep saw it wake yet"
    async with serving(settings) as portal:
        await idle_at(portal, clock, clock.now - timedelta(hours=3)).tick()
        assert len(requests_of(portal, name, RequestKind.SLEEP)) == 1
        clock.now += timedelta(hours=2)
        await idle_at(portal, clock, clock.now - timedelta(hours=5)).tick()
        assert len(await all_ended(portal, name, RequestKind.SLEEP)) == 2


async def test_a_sleep_without_use_that_failed_is_tried_again_within_an_hour(
    settings: Settings, controlplane: ControlPlane, name: str, tmp_path: Path
) -> None:
    option: dict[str, Any] = {"sleep_timezone": "UTC", "sleep_windows": ("idle 4h",)}
    async with FaultProxy.before(controlplane) as proxy:
        behind = {"kubeconfig": proxy.kubeconfig(controlplane, tmp_path)}
        async with serving(settings.model_copy(update=behind)) as portal:
            await ended(portal, await submit(portal, name, environment="testing", **option))
            since = portal.clock()
            clock = Clock(since + timedelta(hours=4, minutes=1))
            timetable = idle_at(portal, clock, since)
            broken = answer(403, path=f"/namespaces/{name}/deployments", times=None, message="no")
            proxy.faults.append(broken)
            for _ in range(2):
                await timetable.tick()
                (failed,) = await all_ended(portal, name, RequestKind.SLEEP)
            assert failed.phase is Phase.ROLLED_BACK
            proxy.faults.remove(broken)

            clock.now += timedelta(hours=1)
            for _ in range(2):
                await timetable.tick()
                tried = await all_ended(portal, name, RequestKind.SLEEP)
                assert {one.phase for one in tried} == {Phase.ROLLED_BACK, Phase.DONE}
                assert len(tried) == 2


async def wake(portal: Runtime, name: str) -> None:
    woken = await portal.changes.wake(name, submission())
    assert woken is not None
    await ended(portal, woken, within_s=60)


def idle_at(portal: Runtime, clock: Clock, since: datetime) -> Timetable:
    """A timetable by this clock to which nobody has used anything since then."""
    timetable = timetable_at(portal, clock)
    timetable.attend(lambda _name: since)
    return timetable


async def released(portal: Runtime, name: str) -> datetime:
    request = await ended(portal, await portal.changes.release(name, submission()))
    assert request.phase is Phase.DONE, request.failure
    until = portal.directory.row(name, actor=actor("frontend-dev")).restorable_until
    assert until is not None
    return until


def unpacked(archive: bytes) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive))) as files:
        return {
            member.name.partition("/")[2]: (files.extractfile(member) or io.BytesIO())
            .read()
            .decode()
            for member in files.getmembers()
        }


async def furnish(controlplane: ControlPlane, name: str) -> None:
    """Put into a namespace what an export must and must not hold."""
    secret = {
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login", "namespace": name},
        "stringData": {"password": "s3cr3t-word"},  # pragma: allowlist secret
    }  # fmt: skip
    environment = [
        {"name": "P", "valueFrom": {"secretKeyRef": {"name": "login", "key": "password"}}}
    ]
    service = {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": name},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
    }  # fmt: skip
    text = {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "text", "namespace": name},
        "data": {"page": "one\ntwo\n"},
    }  # fmt: skip
    long = {
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "a-name-as-long-as-names-may-be." * 8, "namespace": name},
    }  # fmt: skip
    long["metadata"]["name"] = str(long["metadata"]["name"]).rstrip(".")  # type: ignore[index]
    web = deployment_manifest("web", name, replicas=2, env=environment)
    await apply_as_admin(controlplane, secret, web, service, text, long)


async def test_after_its_grace_a_namespace_is_exported_and_deleted_and_can_be_made_again(
    portal: Runtime, controlplane: ControlPlane, name: str, tmp_path: Path
) -> None:
    await ended(portal, await submit(portal, name))
    await furnish(controlplane, name)
    until = await released(portal, name)
    assert replicas(controlplane, name) == 0, "what is released does not run on"
    clock = Clock(until - timedelta(seconds=1))
    await timetable_at(portal, clock).tick()
    assert requests_of(portal, name, RequestKind.DELETE) == []

    clock.now = until
    for _ in range(2):
        await timetable_at(portal, clock).tick()
    (deleted,) = await all_ended(portal, name, RequestKind.DELETE)

    assert deleted.phase is Phase.DONE, deleted.failure
    assert controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""
    files = unpacked(await kept_archive(portal, name))
    ensure_safe_and_whole(files)

    await ensure_forgotten_in_time(portal, name)
    new = f"{name}-2"
    await ended(portal, await submit(portal, new))
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(content)
    controlplane.kubectl("apply", "-k", str(tmp_path), "-n", new)
    assert replicas(controlplane, new) == 2, "it is exported as it was awake"


async def ensure_forgotten_in_time(portal: Runtime, name: str) -> None:
    (export,) = await portal.lifetime.exports.kept(actor=actor("admin"), namespace=name)
    end = portal.lifetime.exports.kept_until(export)
    for moment, kept in ((end - timedelta(seconds=1), 1), (end + timedelta(seconds=1), 0)):
        exports = Exports(
            stores=portal.stores,
            plans=portal.plans,
            cluster=None,
            kept_for=end - export.created_at,
            clock=Clock(moment),
        )
        await exports.forget_old()
        assert len(await exports.kept(actor=actor("admin"), namespace=name)) == kept
    async with portal.database.reading() as connection:
        events = await portal.stores.audit.newest(connection, limit=20)
    assert [e.object for e in events if e.action == "export.forget"] == [
        f"export/{export.export_id}"
    ]


def replicas(controlplane: ControlPlane, name: str) -> int:
    web = json.loads(controlplane.kubectl("get", "deploy", "web", "-n", name, "-o", "json"))
    return int(web["spec"]["replicas"])


async def kept_archive(portal: Runtime, name: str) -> bytes:
    dev, stranger = actor("frontend-dev"), actor("payments-dev")
    exports = portal.lifetime.exports
    (export,) = await exports.kept(actor=dev, namespace=name)
    assert await exports.kept(actor=stranger, namespace=name) == []
    with pytest.raises(NotFoundError):
        await exports.open(export.export_id, actor=stranger, source="test")
    with pytest.raises(ForbiddenError):
        await exports.open(export.export_id, actor=actor("frontend-viewer"), source="test")
    _, archive = await exports.open(export.export_id, actor=dev, source="test")
    return archive


def ensure_safe_and_whole(files: dict[str, str]) -> None:
    assert {path for path in files if "a-name-as-long" not in path} == {
        "README.md", "kustomization.yaml", "namespace-request.yaml", "configmap/text.yaml",
        "deployment/web.yaml", "service/web.yaml",
    }  # fmt: skip
    assert "s3cr3t-word" not in "".join(files.values())
    assert "`login`" in files["README.md"]
    assert "Secrets, never" in files["README.md"]
    assert "  page: |\n    one\n    two\n" in files["configmap/text.yaml"]
    assert yaml.safe_load(files["namespace-request.yaml"])["kind"] == "NamespaceRequest"


async def test_what_was_restored_in_time_wakes_and_stays(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    # Without a schedule: days from now it may be night, or a weekend.
    await ended(portal, await submit(portal, name, sleep_windows=()))
    await apply_as_admin(controlplane, deployment_manifest("web", name, replicas=2))
    until = await released(portal, name)
    lead = submission("frontend-lead")
    restored = await ended(portal, await portal.changes.restore(name, lead), within_s=60)
    assert restored.phase is Phase.DONE, restored.failure

    await timetable_at(portal, Clock(until + timedelta(days=1))).tick()

    assert requests_of(portal, name, RequestKind.DELETE) == []
    assert replicas(controlplane, name) == 2
    assert portal.directory.row(name, actor=actor("admin")).state is NamespaceState.ACTIVE
