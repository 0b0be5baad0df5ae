"""Sleep, wake and the inbox by mouse in a real browser."""

import json

import pytest

from tests.e2e.conftest import Visiting
from tests.support.controlplane import ControlPlane
from tests.support.names import fresh_name
from tests.support.namespaces import deployment_manifest
from tests.support.served import ServedPortal
from tests.support.waiting import eventually_sync

pytestmark = pytest.mark.xdist_group("browser")


def test_what_runs_is_sent_to_sleep_and_woken_on_its_page(
    visit: Visiting, served: ServedPortal, controlplane: ControlPlane
) -> None:
    name = fresh_name("sleepy")
    spec = {"name": name, "team": "frontend", "environment": "development"}
    with served.client("frontend-dev") as client:
        path = f"/requests/{client.post('/requests', json={'spec': spec}).json()['request_id']}"
        eventually_sync(lambda: client.get(path).json()["status"] == "completed", within_s=60)
    web = deployment_manifest("web", name, replicas=2)
    controlplane.kubectl("apply", "-f", "-", stdin=json.dumps(web))

    def replicas() -> int:
        found = controlplane.kubectl("get", "deploy", "web", "-n", name, "-o", "json")
        return int(json.loads(found)["spec"]["replicas"])

    page = visit("frontend-dev").goto(f"/namespaces/{name}")
    page.by_id("action-sleep").click()
    page.by_id("field-until-8h").click()
    page.by_id("sleep-submit").click()
    page.page.wait_for_url("**/requests/*")
    page.by_id("request-outcome").wait_for(timeout=60_000)
    assert replicas() == 0

    page.goto(f"/namespaces/{name}")
    page.by_id("banner-asleep-until").wait_for()
    page.by_id("action-wake").click()
    page.page.wait_for_url("**/requests/*")
    page.by_id("request-outcome").wait_for(timeout=60_000)
    assert replicas() == 2


def test_the_bell_leads_to_an_inbox_that_says_what_it_is_for(visit: Visiting) -> None:
    page = visit("frontend-lead").goto("/")
    page.by_id("bell").click()
    page.page.wait_for_url("**/inbox")
    page.by_id("inbox-card").wait_for()
