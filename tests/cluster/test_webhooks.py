"""Admission webhooks: one that says no, and one that does not answer."""

import asyncio

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.faults import ClusterError
from tests.cluster.signals import PERMANENT, RETRY, manifest, quota, refused
from tests.support.controlplane import ControlPlane
from tests.support.webhooks import WEBHOOK, asking_webhook


@pytest.fixture
async def room(admin: Cluster, name: str) -> str:
    """A namespace to write quotas into."""
    await admin.create(manifest("Namespace", name))
    return name


async def _asking(admin: Cluster, namespace: str) -> None:
    """Wait until the API server asks the webhook."""
    async with asyncio.timeout(60):
        while True:
            try:
                await admin.create(quota("probe", namespace, pods="1"), is_dry_run=True)
            except ClusterError:
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("code", "message", "means"),
    [
        (403, "not today", "WEBHOOK_DENIED"),
        (400, "This namespace is managed by ARM.", "MANAGED_BY_ARM"),
    ],
)
async def test_a_webhook_that_says_no(
    controlplane: ControlPlane, admin: Cluster, room: str, code: int, message: str, means: str
) -> None:
    async with asking_webhook(controlplane, room, code=code, message=message):
        await _asking(admin, room)
        words = f'admission webhook "{WEBHOOK}" denied the request: {message}'
        seen = await refused(admin.create(quota("q", room, pods="1")), words)
    assert seen == (code, means, PERMANENT)


async def test_a_webhook_that_nobody_answers(
    controlplane: ControlPlane, admin: Cluster, room: str
) -> None:
    async with asking_webhook(controlplane, room, answers=False):
        await _asking(admin, room)
        seen = await refused(admin.create(quota("q", room, pods="1")), "failed calling webhook")
    assert seen == (500, "WEBHOOK_DOWN", RETRY)
