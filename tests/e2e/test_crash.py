"""kill -9: whatever the moment, the next start carries the request on, once and whole."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from nsaas_app.localcluster import Component
from nsaas_app.provisioning.crashpoints import KILLED
from tests.support.auditlog import portal_writes
from tests.support.browser import Visit, visiting
from tests.support.controlplane import ControlPlane
from tests.support.served import ServedPortal, served_portal

pytestmark = pytest.mark.xdist_group("browser of a portal apart")

OUTAGE = "ERR_CONNECTION_RE"
"""Refused, or reset in the moment of the kill: what a browser says of a server that is gone."""
LISTEN = """() => {
  window.heard = [];
  for (const name of ["announcer-urgent", "announcer-back"]) {
    const region = document.querySelector(`[data-testid=${name}]`);
    new MutationObserver(() => window.heard.push(region.textContent))
      .observe(region, {childList: true, characterData: true, subtree: true});
  }
}"""
"""Notes each text that a screen reader is given from now on about the connection."""
OBJECTS = 12
"""The namespace, quota, LimitRange, six network policies, three bindings."""


@pytest.fixture
def mortal(
    request: pytest.FixtureRequest, tmp_path: Path, controlplane: ControlPlane
) -> Iterator[ServedPortal]:
    """A portal of one's own, to be killed; as a parameter, the place where it ends itself."""
    crash_at = getattr(request, "param", "")
    with served_portal(tmp_path / "home", controlplane, crash_at=crash_at) as portal:
        yield portal


def start_again(page: Visit, portal: ServedPortal) -> None:
    """Start on the same home and port; nobody touches the page, and it comes back by itself."""
    page.by_id("offline-banner").wait_for()
    urgent, back = page.by_id("announcer-urgent"), page.by_id("announcer-back")
    assert "cannot be reached" in urgent.inner_text()
    assert back.inner_text() == ""
    page.page.evaluate(LISTEN)
    # The age goes on in the browser alone.
    page.page.locator('[data-testid="as-of-age"]', has_text="s old").wait_for()
    portal.start()
    portal.wait_ready()
    page.by_id("offline-banner").wait_for(state="detached")
    page.wait_value("live-indicator", "live")
    # Once each, however often it tried meanwhile.
    assert page.page.evaluate("window.heard") == ["", "The portal is back."]


def ensure_one_whole_namespace(
    portal: ServedPortal, controlplane: ControlPlane, name: str, request_id: str
) -> None:
    """The request is the only one, the budget right, every object there and made once."""
    with portal.client("frontend-dev") as client:
        asked = client.get("/requests", params={"namespace": name}).json()["items"]
        assert [(one["request_id"], one["status"]) for one in asked] == [(request_id, "completed")]
        team = client.get("/teams/frontend").json()
        assert team["used"]["namespaces"] == 1
        assert set(team["reserved"].values()) == {"0"}
    namespace = json.loads(controlplane.kubectl("get", "ns", name, "-o", "json"))["metadata"]
    assert namespace["annotations"]["platform.io/request-id"] == request_id
    created = created_by_the_portal(controlplane, name)
    assert len(created) == len(set(created)) == OBJECTS


def created_by_the_portal(controlplane: ControlPlane, name: str) -> list[tuple[str, str]]:
    """Resource and name of every creation, by the API server's own log."""
    created = []
    for event in portal_writes(controlplane.audit_log):
        place = event.get("objectRef", {})
        is_creation = event["responseStatus"].get("code") == 201
        if is_creation and name in (place.get("namespace"), place.get("name")):
            created.append((place["resource"], place["name"]))
    return created


@pytest.mark.parametrize("mortal", ["network:effect"], indirect=True)
def test_a_crash_between_an_effect_and_its_record(
    browser: Browser, mortal: ServedPortal, controlplane: ControlPlane, name: str
) -> None:
    with visiting(browser, mortal, "frontend-dev") as page, page.forgiving(OUTAGE):
        page.goto("/")
        page.wait_value("live-indicator", "live")
        spec = {"name": name, "team": "frontend", "environment": "development"}
        with mortal.client("frontend-dev") as client:
            request_id = client.post("/requests", json={"spec": spec}).json()["request_id"]
        assert mortal.wait_ended() == KILLED

        start_again(page, mortal)

        page.wait_value(f"recent-status-{request_id}", "completed", within_s=60)
        ensure_one_whole_namespace(mortal, controlplane, name, request_id)


def test_a_real_kill_in_the_middle_of_the_proof(
    browser: Browser, mortal: ServedPortal, controlplane: ControlPlane, name: str
) -> None:
    with visiting(browser, mortal, "frontend-dev") as page, page.forgiving(OUTAGE):
        # Controllers stand still, so that the proof is still waiting when the end comes.
        controlplane.cluster.pause(Component.CONTROLLER_MANAGER)
        try:
            page.goto("/new")
            page.by_id("field-team").select_option("frontend")
            page.by_id("field-name").fill(name)
            page.by_id("name-free").wait_for()
            page.by_id("wizard-defaults").click()
            page.by_id("wizard-submit").click()
            page.wait_value("step-verify", "running")
            os.kill(mortal.pid, signal.SIGKILL)
            assert mortal.wait_ended() == -signal.SIGKILL
        finally:
            controlplane.cluster.resume(Component.CONTROLLER_MANAGER)

        start_again(page, mortal)

        page.wait_value("request-status", "completed", within_s=60)
        assert f"{name} is ready" in page.by_id("request-outcome").inner_text()
        request_id = page.page.url.rsplit("/", 1)[-1]
        ensure_one_whole_namespace(mortal, controlplane, name, request_id)
