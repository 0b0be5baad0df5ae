"""Killed at any point, a request still ends right: once, whole, and with books that add up."""

import itertools
import json

import pytest

from nsaas_app.domain.requests import Phase, ProvisioningRequest
from nsaas_app.domain.teams import Resources
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.actors import actor
from tests.support.auditlog import portal_writes
from tests.support.controlplane import ControlPlane
from tests.support.crashing import crash
from tests.support.namespaces import apply_as_admin, deployment_manifest
from tests.support.requests import ended, submission, submit
from tests.support.workloads import cron_job, scale, stateful_set

MOMENTS = ("before", "effect", "commit")
PROVISION = ("checks", "namespace", "quota", "limits", "network", "access", "verify")
CHANGE = ("checks", "namespace", "quota", "network", "verify")
DELETE = ("checks", "namespace", "verify")


async def _recovered(portal: Runtime, request_id: str) -> ProvisioningRequest:
    admin = actor("admin")
    return await ended(portal, portal.requests.get(request_id, actor=admin))


async def _ensure_books_are_right(portal: Runtime, request: ProvisioningRequest) -> None:
    async with portal.database.reading() as connection:
        checked, first_bad = await portal.stores.audit.verify(connection)
        events = await portal.stores.audit.newest(connection, limit=checked)
    assert first_bad is None
    ends = [e for e in events if e.request_id == request.request_id and e.source == "worker"]
    assert len(ends) == 1


def _objects(controlplane: ControlPlane, name: str) -> list[str]:
    kinds = "quota,limitrange,netpol,rolebinding"
    found = json.loads(controlplane.kubectl("get", kinds, "-n", name, "-o", "json"))
    return sorted(f"{item['kind']}/{item['metadata']['name']}" for item in found["items"])


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", PROVISION)
async def test_provision_survives(
    settings: Settings, controlplane: ControlPlane, name: str, step: str, moment: str
) -> None:
    log_size = controlplane.audit_log.stat().st_size
    asked = ("provision", name, {"preset": "isolated"})
    request_id = await crash(settings, asked, at=f"{step}:{moment}")

    async with serving(settings) as portal:
        request = await _recovered(portal, request_id)
        assert request.phase is Phase.DONE, request.failure
        await _ensure_books_are_right(portal, request)
        use = await portal.teams.budget_use(request.team)
        assert (use.namespaces, use.reserved) == (1, Resources())

    created = [
        entry
        for entry in portal_writes(controlplane.audit_log, since=log_size)
        if entry["verb"] == "create"
        and entry["objectRef"]["resource"] == "namespaces"
        and entry["objectRef"]["name"] == name
        and entry["responseStatus"]["code"] == 201
    ]
    assert len(created) == 1
    assert len(_objects(controlplane, name)) == 9


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", CHANGE)
async def test_change_survives(
    settings: Settings, controlplane: ControlPlane, name: str, step: str, moment: str
) -> None:
    async with serving(settings) as portal:
        await ended(portal, await submit(portal, name))
    patch = {"tier": "medium", "network": {"preset": "isolated"}, "description": "new"}
    request_id = await crash(settings, ("change", name, patch), at=f"{step}:{moment}")

    async with serving(settings) as portal:
        request = await _recovered(portal, request_id)
        assert request.phase is Phase.DONE, request.failure
        await _ensure_books_are_right(portal, request)
        use = await portal.teams.budget_use(request.team)
        assert use.used.to_quantities()["requests.cpu"] == "2"
        row = portal.directory.row(name, actor=actor("frontend-dev"))
        assert (row.tier, row.network) == ("medium", "isolated")
    assert "NetworkPolicy/nsaas-allow-internet" not in _objects(controlplane, name)


@pytest.mark.parametrize(
    ("step", "moment"), [("export", "effect"), *itertools.product(DELETE, MOMENTS)]
)
async def test_delete_survives(
    settings: Settings, controlplane: ControlPlane, name: str, step: str, moment: str
) -> None:
    async with serving(settings) as portal:
        await ended(portal, await submit(portal, name))
    request_id = await crash(settings, ("delete", name, {}), at=f"{step}:{moment}")

    async with serving(settings) as portal:
        request = await _recovered(portal, request_id)
        assert request.phase is Phase.DONE, request.failure
        await _ensure_books_are_right(portal, request)
        use = await portal.teams.budget_use(request.team)
        assert use.namespaces == 0
    assert controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kind", ["sleep", "wake"])
async def test_sleep_and_wake_survive(
    settings: Settings, controlplane: ControlPlane, name: str, kind: str, moment: str
) -> None:
    async with serving(settings) as portal:
        await ended(portal, await submit(portal, name))
        await apply_as_admin(controlplane, deployment_manifest("web", name, replicas=2))
        if kind == "wake":
            slept = await portal.changes.sleep(name, submission())
            assert slept is not None
            await ended(portal, slept, within_s=60)
    request_id = await crash(settings, (kind, name, {}), at=f"workloads:{moment}")

    async with serving(settings) as portal:
        request = await _recovered(portal, request_id)
        assert request.phase is Phase.DONE, request.failure
        await _ensure_books_are_right(portal, request)
        if kind == "sleep":
            woken = await portal.changes.wake(name, submission())
            assert woken is not None
            await ended(portal, woken, within_s=60)
    web = json.loads(controlplane.kubectl("get", "deploy", "web", "-n", name, "-o", "json"))
    assert web["spec"]["replicas"] == 2


WITHIN_SLEEP = ("CronJob:effect", "Deployment:before", "Deployment:effect", "StatefulSet:before")
WITHIN_WAKE = ("StatefulSet:effect", "StatefulSet:commit", "Deployment:before", "CronJob:effect")
ASLEEP = {"CronJob/report": True, "Deployment/web": 0, "StatefulSet/db": 0}
AWAKE = {"CronJob/report": False, "Deployment/web": 2, "StatefulSet/db": 3}


@pytest.mark.parametrize(
    ("kind", "within", "then"),
    [("sleep", WITHIN_SLEEP, ASLEEP), ("wake", WITHIN_WAKE, AWAKE)],
)
async def test_sleep_and_wake_survive_every_boundary_between_workloads(
    settings: Settings, controlplane: ControlPlane, name: str,
    kind: str, within: tuple[str, ...], then: dict[str, object],
) -> None:  # fmt: skip
    async with serving(settings) as portal:
        await ended(portal, await submit(portal, name))
        await apply_as_admin(
            controlplane,
            deployment_manifest("web", name, replicas=2),
            stateful_set("db", name, replicas=3),
            cron_job("report", name),
        )
        if kind == "wake":
            slept = await portal.changes.sleep(name, submission())
            assert slept is not None
            await ended(portal, slept, within_s=90)
            assert scale(controlplane, name) == ASLEEP
    request_id = await crash(settings, (kind, name, {}), at=f"workloads-{within[0]}")
    for place in within[1:]:
        # Whoever carries on dies at the next place.
        await crash(settings, None, at=f"workloads-{place}")

    async with serving(settings) as portal:
        request = await ended(
            portal, portal.requests.get(request_id, actor=actor("admin")), within_s=90
        )
        assert request.phase is Phase.DONE, request.failure
        assert scale(controlplane, name) == then
        if kind == "sleep":
            woken = await portal.changes.wake(name, submission())
            assert woken is not None
            await ended(portal, woken, within_s=90)
    assert scale(controlplane, name) == AWAKE


@pytest.mark.produces("QUARANTINED")
async def test_a_poisoned_request_is_set_aside_and_others_go_on(
    settings: Settings, name: str
) -> None:
    request_id = await crash(settings, ("provision", name, {}), at="quota:before")
    for _ in range(4):
        await crash(settings, None, at="quota:before")

    async with serving(settings) as portal:
        request = await _recovered(portal, request_id)
        assert request.failure is not None
        assert request.failure.code == "QUARANTINED"
        other = await ended(portal, await submit(portal, f"{name}-b"))
        assert other.phase is Phase.DONE
