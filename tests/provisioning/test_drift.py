"""Whoever tampers with a namespace is seen at once, and isolation comes back by itself."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.directory.rows import NamespaceRow
from nsaas_app.domain.drift import Remedy
from nsaas_app.domain.errors import ForbiddenError
from nsaas_app.domain.requests import Phase
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.requests import ended, submission, submit
from tests.support.waiting import eventually, eventually_async

Tampering = tuple[str, str, str, dict[str, object]]
"""Kind, name, the field that must come back, and the patch."""

WITHIN_S = 30.0  # two seconds on a quiet machine; the tests share theirs


def _row(portal: Runtime, name: str) -> NamespaceRow:
    return portal.directory.row(name, actor=actor("admin"))


def _spec(controlplane: ControlPlane, kind: str, thing: str, name: str) -> dict[str, object]:
    found = controlplane.kubectl("get", kind, thing, "-n", name, "-o", "json", "--ignore-not-found")
    return json.loads(found) if found else {}


async def _until(holds: Callable[[], bool], what: str) -> None:
    await eventually(holds, within_s=WITHIN_S, what=what)


@pytest.mark.parametrize(
    "tampering",
    [
        ("netpol", "nsaas-default-deny", "spec", {"spec": {"ingress": [{}]}}),
        (
            "netpol",
            "nsaas-allow-same-ns",
            "spec",
            {"spec": {"ingress": [{"from": [{"namespaceSelector": {}}]}]}},
        ),
        ("quota", "nsaas-quota", "spec", {"spec": {"hard": {"pods": "999"}}}),
        (
            "rolebinding",
            "nsaas-viewers",
            "subjects",
            {
                "subjects": [
                    {"kind": "User", "name": "eve", "apiGroup": "rbac.authorization.k8s.io"}
                ]
            },
        ),
    ],
)
async def test_tampered_isolation_quota_and_access_repair_themselves(
    portal: Runtime, controlplane: ControlPlane, name: str, tampering: Tampering
) -> None:
    kind, thing, path, patch = tampering
    await ended(portal, await submit(portal, name))
    before = _spec(controlplane, kind, thing, name)[path]

    controlplane.kubectl("patch", kind, thing, "-n", name, "--type=merge", "-p", json.dumps(patch))

    await _until(
        lambda: (
            _spec(controlplane, kind, thing, name)[path] == before and not _row(portal, name).drift
        ),
        f"{kind}/{thing} is as it was",
    )

    async def is_audited() -> bool:
        async with portal.database.reading() as connection:
            newest = await portal.stores.audit.newest(connection, limit=3)
        return "drift.repair" in {event.action for event in newest}

    await eventually_async(is_audited)


async def test_a_removed_policy_comes_back(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))

    controlplane.kubectl("delete", "netpol", "nsaas-default-deny", "-n", name)

    await _until(
        lambda: bool(_spec(controlplane, "netpol", "nsaas-default-deny", name)), "it is back"
    )


async def test_other_drift_is_shown_and_left_to_people(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))

    controlplane.kubectl("delete", "limitrange", "nsaas-container-defaults", "-n", name)
    controlplane.kubectl("label", "ns", name, "platform.io/tier=huge", "--overwrite")

    def shown() -> dict[str, Remedy]:
        return {item.object: item.remedy for item in _row(portal, name).drift}

    await _until(
        lambda: (
            shown()
            == {
                "LimitRange/nsaas-container-defaults": Remedy.OFFERED,
                f"Namespace/{name}": Remedy.OFFERED,
            }
        ),
        "both are shown",
    )
    label = next(i for i in _row(portal, name).drift if i.object.startswith("Namespace"))
    assert (label.desired, label.observed) == ("small", "huge")
    assert "drifted" in {reason.code for reason in _row(portal, name).health.reasons}


async def test_a_foreign_policy_that_widens_isolation_is_flagged(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "allow-all", "namespace": name},
        "spec": {"podSelector": {}, "ingress": [{}]},
    }

    controlplane.kubectl("apply", "-f", "-", stdin=json.dumps(policy))

    await _until(
        lambda: (
            {(i.object, i.remedy) for i in _row(portal, name).drift}
            == {("NetworkPolicy/allow-all", Remedy.FOREIGN)}
        ),
        "it is flagged",
    )


async def test_a_fight_with_another_controller_stops_with_an_explanation(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))

    admin = await connect(ClusterAddress(kubeconfig=controlplane.kubeconfig))
    patch = {"spec": {"hard": {"pods": "999"}}}

    async def hold_against() -> None:
        while True:
            await admin.merge("ResourceQuota", "nsaas-quota", patch, name)
            await asyncio.sleep(0.2)

    rival = asyncio.create_task(hold_against())
    try:
        await eventually(
            lambda: Remedy.STOPPED in {item.remedy for item in _row(portal, name).drift},
            within_s=100,
            what="the repair stops",
        )
    finally:
        rival.cancel()
        await asyncio.wait([rival])
        await admin.close()
    note = next(item.note for item in _row(portal, name).drift)
    assert "another controller" in note


async def test_a_lead_repairs_the_rest_by_one_call(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    controlplane.kubectl("delete", "limitrange", "nsaas-container-defaults", "-n", name)
    controlplane.kubectl("label", "ns", name, "platform.io/tier=huge", "--overwrite")
    await _until(lambda: len(_row(portal, name).drift) == 2, "both are shown")

    with pytest.raises(ForbiddenError):
        await portal.repairs.request(name, submission("frontend-dev"))
    await portal.repairs.request(name, submission("frontend-lead"))

    await _until(lambda: not _row(portal, name).drift, "nothing differs any more")
    assert _spec(controlplane, "limitrange", "nsaas-container-defaults", name)


@pytest.mark.long
async def test_access_ends_when_it_was_said_to_end(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    for seconds in (4, 20, 60):
        guests = f"{name}-{seconds}"
        until = portal.clock() + timedelta(seconds=seconds)
        access = (
            {"kind": "Group", "name": "frontend-leads", "role": "lead"},
            {"kind": "User", "name": "guest", "role": "viewer", "expires_at": until.isoformat()},
        )
        done = await ended(portal, await submit(portal, guests, access=access))
        assert done.phase is Phase.DONE, done.failure
        has_come = bool(_spec(controlplane, "rolebinding", "nsaas-viewers", guests))
        if portal.clock() < until:
            break  # On a machine that does much else besides it may end before it is there.
    assert has_come

    await eventually(
        lambda: not _spec(controlplane, "rolebinding", "nsaas-viewers", guests),
        within_s=150,
        what="the guest is out",
    )
    assert _spec(controlplane, "rolebinding", "nsaas-leads", guests)
