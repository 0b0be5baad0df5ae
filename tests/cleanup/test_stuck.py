"""Deletions that do not end, made for real: the blocker is named, and nothing is forced by us."""

import asyncio
import json

import pytest

from nsaas_app.cleanup.stuck import StuckReport
from nsaas_app.domain.errors import ForbiddenError, InvalidFieldsError, NotFoundError
from nsaas_app.domain.stuck import BlockerKind
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.cleanup import made
from tests.support.controlplane import ControlPlane
from tests.support.definitions import defined, definition
from tests.support.namespaces import apply_as_admin, delete_namespace
from tests.support.requests import submission
from tests.support.waiting import eventually

ADMIN = actor("admin")
HOLD = "example.com/hold"


def explained(portal: Runtime, name: str) -> StuckReport | None:
    try:
        return portal.cleanup.stuck.explain(name, actor=ADMIN)
    except NotFoundError:
        return None


def names(portal: Runtime, name: str, kind: BlockerKind) -> bool:
    report = explained(portal, name)
    return report is not None and any(one.kind is kind for one in report.blockers)


async def test_a_finalizer_is_named_with_its_object_and_never_removed_by_the_portal(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    record = await made(portal, name)
    mirror = portal.mirror
    assert mirror is not None
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": name, "finalizers": [HOLD]},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
            "storageClassName": "none",
        },
    }
    await apply_as_admin(controlplane, claim)
    with pytest.raises(NotFoundError):
        portal.cleanup.stuck.explain(name, actor=ADMIN)
    await delete_namespace(mirror.cluster, record)
    await eventually(
        lambda: names(portal, name, BlockerKind.FINALIZER), within_s=60, what="it is explained"
    )
    report = portal.cleanup.stuck.explain(name, actor=actor("auditor"))
    (found,) = [one for one in report.blockers if one.what == HOLD]
    assert found.objects == ("PersistentVolumeClaim/data",)
    assert not found.force, "the safe way comes first"
    # Its team reads the same on the namespace's page.
    told = portal.reports.endings.blockers(name, actor=actor("frontend-lead"))
    assert found in told
    stuck = portal.cleanup.stuck
    with pytest.raises(ForbiddenError):
        stuck.explain(name, actor=actor("frontend-lead"))
    with pytest.raises(ForbiddenError):
        await stuck.last_resort(name, report.confirm, submission("auditor"))
    with pytest.raises(InvalidFieldsError, match=f"force {name}"):
        await stuck.last_resort(name, name, submission("admin"))
    shown = await stuck.last_resort(name, report.confirm, submission("admin"))
    (command,) = [one.force for one in shown.blockers if one.what == HOLD]
    assert mirror.namespaces.get(name) is not None, "the portal itself removed nothing"
    # The command is the right one: it lets the namespace go.
    words = command.replace("'", "").split(" ")
    await asyncio.to_thread(controlplane.kubectl, *words[1:])
    await eventually(
        lambda: mirror.namespaces.get(name) is None, within_s=60, what="the namespace is gone"
    )


@pytest.mark.long
async def test_what_is_held_at_a_cloud_provider_is_named_by_object(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    record = await made(portal, name)
    mirror, kind = portal.mirror, "Vault.keyvault.azure.com"
    assert mirror is not None
    vault = {
        "apiVersion": "keyvault.azure.com/v20250601",
        "kind": "Vault",
        "metadata": {"name": "keys", "namespace": name, "finalizers": [HOLD]},
        "spec": {},
    }
    definitions = defined(controlplane, definition("keyvault.azure.com", "Vault"))
    await asyncio.to_thread(definitions.__enter__)
    try:
        await apply_as_admin(controlplane, vault)
        await mirror.cloud.look()
        await delete_namespace(mirror.cluster, record)

        def held() -> list[str]:
            report = explained(portal, name)
            blockers = report.blockers if report else ()
            return [each for one in blockers if one.what == HOLD for each in one.objects]

        await eventually(lambda: held() == [f"{kind}/keys"], within_s=60, what="it is named")
    finally:
        release = ("patch", "vault", "keys", "-n", name, "--type=merge", "-p")
        await asyncio.to_thread(
            controlplane.kubectl, *release, '{"metadata": {"finalizers": null}}'
        )
        await asyncio.to_thread(definitions.__exit__, None, None, None)
    await eventually(lambda: mirror.namespaces.get(name) is None, within_s=60, what="it is gone")


async def test_a_broken_api_service_is_named(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    record = await made(portal, name)
    mirror = portal.mirror
    assert mirror is not None
    group = f"{name}.example.com"
    service = {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": f"v1beta1.{group}"},
        "spec": {
            "group": group,
            "version": "v1beta1",
            "service": {"name": "gone", "namespace": "default"},
            "insecureSkipTLSVerify": True,
            "groupPriorityMinimum": 100,
            "versionPriority": 100,
        },
    }
    await asyncio.to_thread(controlplane.kubectl, "apply", "-f", "-", stdin=json.dumps(service))
    try:
        await delete_namespace(mirror.cluster, record)
        await eventually(
            lambda: names(portal, name, BlockerKind.API_SERVICE), within_s=60, what="it is named"
        )
        report = explained(portal, name)
        assert report is not None
        assert f"v1beta1.{group}" in [one.what for one in report.blockers]
    finally:
        await asyncio.to_thread(controlplane.kubectl, "delete", "apiservice", f"v1beta1.{group}")
    await eventually(
        lambda: mirror.namespaces.get(name) is None, within_s=60, what="the namespace goes"
    )
