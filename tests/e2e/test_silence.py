"""A cluster that does not answer: the page says so in time, and comes back by itself."""

from collections.abc import Iterator

import httpx
import pytest

from nsaas_app.localcluster import Component
from tests.e2e.conftest import Visiting
from tests.support.controlplane import ControlPlane, running_controlplane
from tests.support.served import ServedPortal, served_portal

pytestmark = pytest.mark.xdist_group("browser of a portal apart")


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane of one's own: its controllers need long to get over a lost API server."""
    with running_controlplane(tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="module")
def on_fragile(
    tmp_path_factory: pytest.TempPathFactory, fragile: ControlPlane
) -> Iterator[ServedPortal]:
    with served_portal(tmp_path_factory.mktemp("on-fragile"), fragile) as portal:
        yield portal


def test_a_frozen_api_server_is_delayed_then_stale_then_live_again(
    visit: Visiting, on_fragile: ServedPortal, fragile: ControlPlane
) -> None:
    page = visit("frontend-dev", portal=on_fragile).goto("/")
    page.wait_value("live-indicator", "live")
    shown = page.value("metric-total-namespaces")

    fragile.cluster.pause(Component.APISERVER)
    try:
        page.wait_value("live-indicator", "delayed", within_s=15)
        assert page.by_id("stale-banner").count() == 0
        assert httpx.get(f"{on_fragile.url}/readyz", trust_env=False).status_code == 200
        page.wait_value("live-indicator", "stale", within_s=45)
        assert "has not answered since" in page.by_id("stale-banner").inner_text()
        # What was last seen stays readable.
        assert page.value("metric-total-namespaces") == shown
        ready = httpx.get(f"{on_fragile.url}/readyz", trust_env=False)
        assert ready.status_code == 503
        cluster = ready.json()["checks"]["cluster"]
        assert not cluster["ok"]
        assert cluster["reason"]
        assert httpx.get(f"{on_fragile.url}/healthz", trust_env=False).status_code == 200
    finally:
        fragile.cluster.resume(Component.APISERVER)
    page.wait_value("live-indicator", "live", within_s=30)
    page.by_id("stale-banner").wait_for(state="detached")
    on_fragile.wait_ready()


def test_a_killed_api_server_is_noticed_and_found_again(
    visit: Visiting, on_fragile: ServedPortal, fragile: ControlPlane
) -> None:
    page = visit("frontend-dev", portal=on_fragile).goto("/")
    page.wait_value("live-indicator", "live")

    fragile.run(fragile.cluster.kill(Component.APISERVER))
    try:
        page.wait_value("live-indicator", "delayed", within_s=15)
    finally:
        fragile.run(fragile.cluster.start_component(Component.APISERVER))
        fragile.run(fragile.cluster.wait_until_ready())
    page.wait_value("live-indicator", "live", within_s=30)
