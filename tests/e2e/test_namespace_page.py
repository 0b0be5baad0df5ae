"""A namespace's page in a real browser: sections by address, live, proven; several in one go."""

import json
import re
from pathlib import Path

import pytest

from tests.e2e.conftest import Visiting
from tests.support.accessibility import findings
from tests.support.controlplane import ControlPlane
from tests.support.names import fresh_name
from tests.support.namespaces import deployment_manifest
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal

pytestmark = pytest.mark.xdist_group("browser")

SOON_S = 30.0
"""On a machine that does much else."""


def ready(served: ServedPortal, *names: str) -> None:
    """Have development namespaces of team frontend made."""
    with served.client("frontend-dev") as client:
        paths = []
        for name in names:
            spec = {"name": name, "team": "frontend", "environment": "development"}
            asked = client.post("/requests", json={"spec": spec})
            paths.append(asked.headers["location"].removeprefix("/api/v1"))
        for path in paths:
            wait_completed(client, path)


def test_a_section_is_an_address_and_back_leads_back(visit: Visiting, served: ServedPortal) -> None:
    name = fresh_name("page")
    ready(served, name)
    page = visit("frontend-dev").goto(f"/namespaces/{name}")
    page.by_id("namespace-health").wait_for()
    page.page.evaluate("window.notReloaded = true")

    page.by_id("tab-network").click()
    page.by_id("connectivity").wait_for()
    assert page.page.url.endswith("?tab=network")
    page.by_id("tab-yaml").click()
    page.by_id("object-ResourceQuota/nsaas-quota").click()
    page.by_id("yaml-text").get_by_text("kind: ResourceQuota").wait_for()
    page.page.go_back()
    page.page.go_back()
    page.by_id("connectivity").wait_for()
    assert page.page.evaluate("window.notReloaded")

    page.page.reload()
    page.by_id("connectivity").wait_for()
    assert page.by_id("tab-network").get_attribute("aria-current") == "page"


def test_what_kubectl_changes_shows_on_the_open_section(
    visit: Visiting, served: ServedPortal, controlplane: ControlPlane
) -> None:
    name = fresh_name("page")
    ready(served, name)
    page = visit("frontend-viewer").goto(f"/namespaces/{name}?tab=workloads")
    page.by_id("workloads-empty").wait_for()
    page.wait_value("live-indicator", "live")

    shop = json.dumps(deployment_manifest("shop", name, replicas=2))
    controlplane.kubectl("apply", "-f", "-", stdin=shop)
    page.wait_value("workload-Deployment-shop-available", "2", within_s=SOON_S)
    page.by_id("node-Pods-Deployment-shop").get_by_text("2 pods").wait_for()
    controlplane.kubectl("scale", "deployment/shop", "--replicas=0", "-n", name)
    page.wait_value("workload-Deployment-shop-state", "asleep", within_s=SOON_S)
    controlplane.kubectl("scale", "deployment/shop", "--replicas=40", "-n", name)
    page.wait_value("tab-events-count", "1", within_s=SOON_S)
    page.by_id("tab-quota").click()
    page.by_id("quota-refusals").get_by_text(re.compile("Pods: short by")).wait_for()


def test_the_topology_shows_what_leads_nowhere_and_why(
    visit: Visiting, served: ServedPortal, controlplane: ControlPlane
) -> None:
    name = fresh_name("page")
    ready(served, name)
    controlplane.kubectl("create", "service", "clusterip", "lost", "--tcp=80:80", "-n", name)
    page = visit("frontend-viewer", color_scheme="dark").goto(f"/namespaces/{name}?tab=workloads")
    lost = page.by_id("node-Service-lost")
    lost.wait_for()
    broken = page.by_id("edge-Service/lost>matches no pod")
    assert broken.evaluate("line => getComputedStyle(line).strokeDasharray") == "6px, 4px"
    assert page.by_id("nowhere-Service/lost>matches no pod").inner_text() == "matches no pod"
    spot = "node => [node.offsetLeft, node.offsetTop]"
    before = lost.evaluate(spot)

    lost.click()
    page.by_id("panel-reason").get_by_text("Its selector matches no pod.").wait_for()
    assert page.page.url.endswith("node=Service%2Flost")
    assert findings(page.page) == []
    assert lost.evaluate(spot) == before, "what is clicked stays where it is"
    page.page.reload()
    page.by_id("topology-panel").wait_for()

    page.page.set_viewport_size({"width": 390, "height": 900})
    page.by_id("topology-Service-lost-leads").get_by_text("matches no pod").wait_for()
    assert not lost.is_visible()
    page.by_id("panel-close").click()
    page.by_id("topology-panel").wait_for(state="detached")


def test_access_is_proven_for_a_real_subject(
    visit: Visiting, served: ServedPortal, controlplane: ControlPlane
) -> None:
    name = fresh_name("page")
    ready(served, name)
    page = visit("frontend-dev").goto(f"/namespaces/{name}?tab=access")

    page.wait_value("proof-you-frontend-dev-run-workloads", "yes")
    page.wait_value("proof-group-frontend-viewers-run-workloads", "no")
    page.wait_value("proof-group-frontend-leads-delete-namespace", "no")
    page.wait_value("proof-anybody-anybody-signed-in-see-pods", "no")
    controlplane.kubectl(
        "create", "rolebinding", "guest", "--clusterrole=nsaas-viewer", "--user=guest", "-n", name
    )
    page.wait_value("proof-user-guest-see-pods", "yes", within_s=2 * SOON_S)
    page.wait_value("grant-guest-User-guest-foreign", "foreign")

    page.by_id("grant-nsaas-viewers-Group-frontend-viewers-revoke").click()
    page.by_id("revoke-whom").get_by_text("Group/frontend-viewers/viewer").wait_for()
    page.by_id("revoke-submit").click()
    page.page.wait_for_url("**/requests/**")
    page.wait_value("request-status", "completed", within_s=2 * SOON_S)
    page.goto(f"/namespaces/{name}?tab=access")
    page.by_id("grant-nsaas-leads-Group-frontend-leads-role").wait_for()
    # The watch may tell of it a moment after the request has proven it.
    page.by_id("binding-nsaas-viewers").wait_for(state="detached")


def test_a_release_says_who_did_it_and_is_taken_back(visit: Visiting, served: ServedPortal) -> None:
    name = fresh_name("end")
    ready(served, name)
    lead = visit("frontend-lead").goto(f"/namespaces/{name}?tab=settings")
    lead.by_id("action-release").click()
    # Focus never starts on the danger.
    lead.page.wait_for_selector('[data-testid="dialog-cancel"]:focus')
    lead.page.keyboard.press("Escape")
    lead.by_id("release-submit").wait_for(state="detached")
    lead.page.wait_for_selector('[data-testid="action-release"]:focus')

    lead.by_id("action-release").click()
    lead.by_id("field-confirm").fill(f"{name}-not")
    lead.by_id("release-submit").click()
    # A wrong name is explained and locks nothing.
    lead.by_id("error-confirm").get_by_text(f"Type {name} to confirm.").wait_for()
    lead.by_id("field-confirm").fill(name)
    lead.by_id("release-submit").click()
    lead.page.wait_for_url("**/requests/**")
    lead.wait_value("request-status", "completed", within_s=2 * SOON_S)
    lead.goto(f"/namespaces/{name}")
    lead.by_id("banner-state").get_by_text("frontend-lead released it.").wait_for()
    lead.by_id("action-restore").click()
    lead.page.wait_for_url("**/requests/**")
    lead.wait_value("request-status", "completed", within_s=2 * SOON_S)
    lead.goto(f"/namespaces/{name}")
    lead.by_id("action-renew").wait_for()


def test_a_deletion_takes_the_typed_name_and_leaves_the_open_page_to_be_read(
    visit: Visiting, served: ServedPortal
) -> None:
    name = fresh_name("end")
    ready(served, name)
    with served.client("frontend-lead") as client:
        asked = client.delete(f"/namespaces/{name}").headers["location"].removeprefix("/api/v1")
        wait_completed(client, asked)

    lead = visit("frontend-lead").goto(f"/namespaces/{name}?tab=yaml")
    lead.by_id("yaml-text").wait_for()
    admin = visit("admin").goto(f"/namespaces/{name}?tab=settings")
    admin.by_id("action-delete").click()
    admin.by_id("field-confirm").fill("something else")
    admin.by_id("delete-submit").click()
    admin.by_id("error-confirm").get_by_text(f"Type {name} to confirm.").wait_for()
    admin.by_id("field-confirm").fill(name)
    admin.by_id("delete-submit").click()
    admin.page.wait_for_url("**/requests/**")
    admin.wait_value("request-status", "completed", within_s=3 * SOON_S)
    lead.by_id("banner-deleted").get_by_text("admin asked for it.").wait_for()
    assert lead.by_id("yaml-text").is_visible(), "what was last seen stays to be read"


def test_two_are_released_from_the_list(visit: Visiting, served: ServedPortal) -> None:
    first, second = fresh_name("bulk"), fresh_name("bulk")
    ready(served, first, second)
    page = visit("frontend-dev").goto("/namespaces?q=bulk")
    page.by_id(f"namespace-row-{first}").evaluate("row => { row.wasHereBefore = true; }")
    page.by_id("export").click()
    with page.page.expect_download() as file:
        page.by_id("export-csv").click()
    listed = Path(file.value.path()).read_text()
    assert first in listed
    assert second in listed
    for name in (first, second):
        page.by_id(f"row-select-{name}").click()
    page.wait_value("bulk-count", "2")
    for opener, chosen in (
        ("bulk-release", ""),
        (f"namespace-row-{first}-menu", f"namespace-row-{first}-renew"),
    ):
        # Whoever thinks better of it is where they were.
        page.by_id(opener).click()
        if chosen:
            page.by_id(chosen).click()
        page.by_id("bulk-dialog").wait_for()
        page.page.keyboard.press("Escape")
        page.page.locator(f'[data-testid="{opener}"]:focus').wait_for()
    page.by_id("bulk-release").click()
    page.by_id("field-confirm").fill("release 2 namespaces")
    page.by_id("bulk-submit").click()
    for name in (first, second):
        outcome = page.by_id(f"bulk-outcome-{name}")
        outcome.wait_for()
        assert outcome.get_attribute("data-state") == "accepted"
    page.by_id("bulk-done").click()
    for name in (first, second):
        page.wait_value(f"namespace-row-{name}-state", "released")
    # Its row was written anew in its place: whoever had the focus in it has it still.
    assert page.by_id(f"namespace-row-{first}").evaluate("row => row.wasHereBefore === true")
