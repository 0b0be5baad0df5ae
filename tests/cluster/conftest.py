"""Clients of the real API server: as administrator, and through a proxy that can break calls."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.connection import ClusterAddress, connect
from tests.support.controlplane import ControlPlane
from tests.support.faultproxy import FaultProxy


@pytest.fixture
async def admin(controlplane: ControlPlane) -> AsyncIterator[Cluster]:
    opened = await connect(ClusterAddress(kubeconfig=controlplane.kubeconfig))
    yield opened
    await opened.close()


@pytest.fixture
async def proxy(controlplane: ControlPlane) -> AsyncIterator[FaultProxy]:
    async with FaultProxy.before(controlplane) as running:
        yield running


@pytest.fixture
async def behind(
    proxy: FaultProxy, controlplane: ControlPlane, tmp_path: Path
) -> AsyncIterator[Cluster]:
    """The portal's client, with the proxy in the place of the API server."""
    opened = await connect(ClusterAddress(kubeconfig=proxy.kubeconfig(controlplane, tmp_path)))
    yield opened
    await opened.close()
