"""A portal whose every call to the API server goes through a proxy that can break it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.controlplane import ControlPlane
from tests.support.faultproxy import FaultProxy


@pytest.fixture
async def proxy(controlplane: ControlPlane) -> AsyncIterator[FaultProxy]:
    async with FaultProxy.before(controlplane) as running:
        yield running


@pytest.fixture
async def behind(
    proxy: FaultProxy, controlplane: ControlPlane, settings: Settings, tmp_path: Path
) -> AsyncIterator[Runtime]:
    """A running portal behind the proxy."""
    kubeconfig = proxy.kubeconfig(controlplane, tmp_path)
    async with serving(settings.model_copy(update={"kubeconfig": kubeconfig})) as runtime:
        yield runtime
