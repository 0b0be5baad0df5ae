"""What would be lost, by what the cluster holds: cloud resources, volumes, load balancers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from nsaas_app.cluster.mirror import Mirror
from nsaas_app.domain.cleanup import Impact
from nsaas_app.domain.cloud import is_cloud_kind, stays_at_provider
from nsaas_app.runtime import Runtime
from tests.support.cleanup import made, remembered
from tests.support.controlplane import ControlPlane
from tests.support.definitions import defined, definition
from tests.support.namespaces import apply_as_admin
from tests.support.waiting import eventually, eventually_async

ACCOUNT = "StorageAccount.storage.azure.com"
WITHIN_S = 60.0


@pytest.fixture
async def providers(controlplane: ControlPlane) -> AsyncIterator[None]:
    """A cluster with operators of two providers; the portal may read what one of them holds."""
    known = definition("storage.azure.com", "StorageAccount")
    unknown = definition("bases.example.org", "Database", "claim")
    context = defined(controlplane, known, unknown)
    await asyncio.to_thread(context.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(context.__exit__, None, None, None)


def account(name: str, namespace: str, **annotations: str) -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace, "annotations": annotations}
    return {"apiVersion": "storage.azure.com/v20250601", "kind": "StorageAccount",
            "metadata": metadata, "spec": {}}  # fmt: skip


def volume(name: str, policy: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": name,
            "persistentVolumeReclaimPolicy": policy,
            "hostPath": {"path": f"/var/lib/{name}"},
        },
    }


def claim(name: str, namespace: str, storage_class: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": storage_class,
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }


async def impact(portal: Runtime, name: str) -> Impact:
    found = (await portal.cleanup.candidates.now((name,)))[name]
    assert found is not None
    return found.impact


async def test_what_goes_with_a_namespace_at_a_cloud_provider_is_named(
    portal: Runtime, controlplane: ControlPlane, name: str, providers: None
) -> None:
    await made(portal, name)
    await remembered(portal, name, quiet_for=timedelta(days=20))
    await apply_as_admin(
        controlplane,
        account("data", name),
        account("kept", name, **{"serviceoperator.azure.com/reconcile-policy": "detach-on-delete"}),
    )
    mirror = portal.mirror
    assert mirror is not None
    await mirror.cloud.look()
    await eventually(
        lambda: len(mirror.cloud.in_namespace(name)) == 2, within_s=WITHIN_S, what="both are seen"
    )
    # A kind that was not served yet when it was first asked for is in doubt a moment longer.
    await eventually(
        lambda: ACCOUNT not in mirror.cloud.unseen, within_s=WITHIN_S, what="it is known for sure"
    )
    found = await impact(portal, name)
    assert found.cloud_resources == (
        f"{ACCOUNT}/data",
        f"{ACCOUNT}/kept (stays at the provider)",
    )
    assert found.unseen == ("Database.bases.example.org",), "what may not be read is no zero"


async def test_a_kind_that_goes_is_forgotten(mirror: Mirror, controlplane: ControlPlane) -> None:
    group = "queue.azure.com"
    with defined(controlplane, definition(group, "Queue")):
        await mirror.cloud.look()
        assert f"Queue.{group}" in [each.kind for each in mirror.cloud.reflectors]

    async def is_forgotten() -> bool:
        await mirror.cloud.look()
        return f"Queue.{group}" not in [each.kind for each in mirror.cloud.reflectors]

    await eventually_async(is_forgotten, within_s=WITHIN_S, what="it is forgotten")


async def test_volumes_say_whether_their_data_outlive_them(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await made(portal, name, tier="medium")
    await remembered(portal, name, quiet_for=timedelta(days=20))
    service = {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": name},
        "spec": {"type": "LoadBalancer", "allocateLoadBalancerNodePorts": False,
                 "ports": [{"port": 80}]},
    }  # fmt: skip
    kept, lost = f"{name}-kept", f"{name}-lost"
    volumes = (volume(kept, "Retain"), volume(lost, "Delete"))
    try:
        await apply_as_admin(
            controlplane, *volumes, claim("kept", name, kept), claim("lost", name, lost), service
        )
        mirror = portal.mirror
        assert mirror is not None

        def is_seen() -> bool:
            claims = mirror.workloads.claims.in_namespace(name)
            services = mirror.workloads.services.in_namespace(name)
            bound = [one for one in claims if one.status.phase == "Bound"]
            listed = {one.metadata.name for one in mirror.workloads.volumes}
            return len(bound) == 2 and len(services) == 1 and {kept, lost} <= listed

        await eventually(is_seen, within_s=WITHIN_S, what="everything is bound and seen")
        found = await impact(portal, name)
        assert {one.name: one.is_retained for one in found.volumes} == {"kept": True, "lost": False}
        assert all(one.is_bound for one in found.volumes)
        assert found.load_balancers == 1
    finally:
        names = [f"pv/{kept}", f"pv/{lost}"]
        await asyncio.to_thread(
            controlplane.kubectl, "delete", "--ignore-not-found", "--wait=false", *names
        )


@pytest.mark.parametrize(
    ("group", "categories", "is_cloud"),
    [
        ("storage.azure.com", (), True),
        ("serviceoperator.azure.com", (), False),
        ("s3.services.k8s.aws", (), True),
        ("services.k8s.aws", (), False),
        ("sql.cnrm.cloud.google.com", (), True),
        ("core.cnrm.cloud.google.com", (), False),
        ("anything.example.org", ("claim",), True),
        ("rds.aws.upbound.io", ("crossplane", "managed"), True),
        ("pkg.crossplane.io", ("crossplane", "pkg"), False),
        ("cert-manager.io", ("cert-manager",), False),
        ("apps", ("all",), False),
    ],
)
def test_kinds_of_cloud_resources_are_known_by_their_operator(
    group: str, categories: tuple[str, ...], *, is_cloud: bool
) -> None:
    assert is_cloud_kind(group, categories) is is_cloud


def test_what_outlives_its_object_says_so() -> None:
    assert not stays_at_provider({})
    assert not stays_at_provider({"serviceoperator.azure.com/reconcile-policy": "manage"})
    assert not stays_at_provider({"serviceoperator.azure.com/reconcile-policy": "Skip"}), "typo"
    assert stays_at_provider({"services.k8s.aws/deletion-policy": "retain"})
    assert stays_at_provider({}, deletion_policy="Orphan")
