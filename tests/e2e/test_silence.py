"""A cluster that does not answer: the page says so in time, and comes back by itself."""

from collections.abc import Iterator

import httpx
import pytest

from nsaas_app.localcluster import Component
from tests.e2e.conftest import Visiting
from tests.support.controlplane import ControlPlane, running_controlplane
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal, served_portal
from tests.support.silent import ensure_honest

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


def asked(portal: ServedPortal, name: str) -> str:
    """Ask for a namespace; gives the request's id, whether or not the cluster answers."""
    spec = {"name": name, "team": "frontend", "environment": "development"}
    with portal.client("frontend-dev") as client:
        reply = client.post("/requests", json={"spec": spec})
    assert reply.status_code == 202, reply.text
    return str(reply.json()["request_id"])


def provisioned(portal: ServedPortal) -> tuple[str, str]:
    """A ready namespace of team frontend, and its request."""
    name = fresh_name("silent")
    request_id = asked(portal, name)
    with portal.client("frontend-dev") as client:
        path = f"/requests/{request_id}"
        wait_completed(client, path)
    return name, request_id


def ensure_unready(portal: ServedPortal) -> None:
    ready = httpx.get(f"{portal.url}/readyz", trust_env=False)
    assert ready.status_code == 503
    cluster = ready.json()["checks"]["cluster"]
    assert not cluster["ok"]
    assert cluster["reason"]


def test_a_frozen_api_server_is_delayed_then_stale_then_live_again(
    visit: Visiting, on_fragile: ServedPortal, fragile: ControlPlane
) -> None:
    name, request_id = provisioned(on_fragile)
    page, admin = (visit(who, portal=on_fragile) for who in ("frontend-dev", "admin"))
    page.goto("/").wait_value("live-indicator", "live")
    shown = page.value("metric-total-namespaces")

    fragile.cluster.pause(Component.APISERVER)
    try:
        page.wait_value("live-indicator", "delayed", within_s=30)
        assert page.by_id("stale-banner").count() == 0
        assert httpx.get(f"{on_fragile.url}/readyz", trust_env=False).status_code == 200
        page.wait_value("live-indicator", "stale", within_s=90)
        assert "has not answered since" in page.by_id("stale-banner").inner_text()
        # What was last seen stays readable.
        assert page.value("metric-total-namespaces") == shown
        ensure_unready(on_fragile)
        assert httpx.get(f"{on_fragile.url}/healthz", trust_env=False).status_code == 200
        with admin.forgiving("404"):
            ensure_honest(admin, {"name": name, "request_id": request_id})
        late = asked(on_fragile, fresh_name("late"))
        page.goto(f"/requests/{late}")
        page.by_id("waits-for-cluster").wait_for()
    finally:
        fragile.cluster.resume(Component.APISERVER)
    page.wait_value("live-indicator", "live", within_s=60)
    page.by_id("stale-banner").wait_for(state="detached")
    # What was asked for meanwhile is done now, and the page that said so takes it back.
    page.wait_value("request-status", "completed", within_s=60)
    page.by_id("waits-for-cluster").wait_for(state="detached")
    on_fragile.wait_ready()


def test_a_killed_api_server_is_noticed_and_found_again(
    visit: Visiting, on_fragile: ServedPortal, fragile: ControlPlane
) -> None:
    page = visit("frontend-dev", portal=on_fragile).goto("/")
    page.wait_value("live-indicator", "live")

    fragile.run(fragile.cluster.kill(Component.APISERVER))
    try:
        page.wait_value("live-indicator", "delayed", within_s=30)
    finally:
        fragile.run(fragile.cluster.start_component(Component.APISERVER))
        fragile.run(fragile.cluster.wait_until_ready())
    page.wait_value("live-indicator", "live", within_s=60)
