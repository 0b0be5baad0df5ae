"""The cleanup page: seen, planned, typed, carried out, and not for everybody."""

import json
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from nsaas_app.runtime import IdentityServices
from tests.e2e.conftest import Visiting
from tests.support.accessibility import findings
from tests.support.cleanup import remember_quiet
from tests.support.controlplane import ControlPlane
from tests.support.names import fresh_name
from tests.support.served import ServedPortal
from tests.support.waiting import eventually_sync

pytestmark = pytest.mark.xdist_group("browser")


def _idle(served: ServedPortal) -> str:
    """A namespace that sweeps have seen quiet for three weeks."""
    name = fresh_name()
    spec = {"name": name, "team": "frontend", "environment": "development", "sleep": None}
    with served.client("frontend-dev") as client:
        client.post("/requests", json={"spec": spec}).raise_for_status()

        def is_active() -> bool:
            return bool(client.get(f"/namespaces/{name}").json().get("state") == "active")

        eventually_sync(is_active, within_s=60)
        uid = client.get(f"/namespaces/{name}").json()["uid"]

    def remember(services: IdentityServices) -> Coroutine[Any, Any, None]:
        return remember_quiet(services.database, name, uid, quiet_for=timedelta(days=21))

    served._with_services(remember)
    return name


def orphan_of(controlplane: ControlPlane) -> str:
    name = fresh_name()
    labels = {"managed": "true", "team": "payments", "environment": "testing"}
    manifest = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": name,
            "labels": {f"platform.io/{key}": value for key, value in labels.items()},
        },
    }
    controlplane.kubectl("apply", "-f", "-", stdin=json.dumps(manifest))
    return name


def test_an_admin_sees_the_evidence_plans_types_and_takes_it_back(
    visit: Visiting, served: ServedPortal, controlplane: ControlPlane
) -> None:
    idle, orphan = _idle(served), orphan_of(controlplane)
    page = visit("admin").goto("/cleanup")
    for name in (idle, orphan):
        page.by_id(f"cleanup-row-{name}").wait_for(timeout=60_000)
    evidence = page.by_id(f"cleanup-row-{idle}-evidence").inner_text()
    assert {"0 running pods for 21 d", "no workload changed for 21 d"} <= set(evidence.split("\n"))
    assert findings(page.page) == []

    for name in (idle, orphan):
        page.by_id(f"cleanup-select-{name}").click()
    page.wait_value("cleanup-selected", "2")
    page.by_id("field-stage").select_option("delete")
    page.by_id("cleanup-plan").click()
    page.page.wait_for_url("**/cleanup?plan=plan-*")
    page.by_id(f"plan-line-{orphan}").wait_for()
    assert findings(page.page) == []
    page.by_id("field-plan-confirm").fill("delete everything")
    page.by_id("plan-execute").click()
    page.by_id("error-plan-confirm").get_by_text("Type delete 2 namespaces").wait_for()
    page.by_id("field-plan-confirm").fill("delete 2 namespaces")
    page.by_id("plan-execute").click()

    def stands(name: str, state: str) -> None:
        found = f'[data-testid="plan-line-{name}-state"][data-state="{state}"]'
        page.page.wait_for_selector(found, timeout=60_000)

    # The orphan goes at once; the idle one's owner is told, and has a week to answer.
    stands(orphan, "done")
    page.by_id(f"plan-line-{idle}").get_by_text("in 7 days").wait_for()
    page.by_id(f"plan-line-{idle}-undo").click()
    stands(idle, "undone")
    with served.client("admin") as client:
        assert client.get(f"/namespaces/{idle}").json()["state"] == "active"


def test_an_auditor_reads_and_a_lead_is_not_sent_there(visit: Visiting) -> None:
    page = visit("auditor").goto("/cleanup")
    page.by_id("cleanup-card").wait_for(timeout=60_000)
    assert page.page.locator("[data-testid^=cleanup-select-]").count() == 0

    page = visit("frontend-lead").goto("/")
    page.wait_value("live-indicator", "live")
    assert page.by_id("nav-cleanup").count() == 0
    page.goto("/cleanup")
    page.page.get_by_text("None of your roles may see what can be cleaned up").wait_for()


def test_the_owner_keeps_it_on_its_page_and_the_lead_sees_that(
    visit: Visiting, served: ServedPortal
) -> None:
    name = _idle(served)
    page = visit("frontend-dev").goto(f"/namespaces/{name}")
    page.by_id("banner-cleanup").wait_for(timeout=150_000)
    assert findings(page.page) == []
    page.by_id(f"keep-{name}").click()
    page.by_id("field-keep_reason").fill("soon")
    page.by_id("keep-submit").click()
    page.by_id("error-keep_reason").wait_for()
    assert findings(page.page) == []
    page.by_id("field-keep_reason").fill("The fair in March needs it.")
    page.by_id("keep-submit").click()
    page.by_id(f"keep-{name}-said").wait_for(timeout=60_000)

    page = visit("frontend-lead").goto("/teams/frontend")
    page.by_id(f"keep-row-{name}").wait_for(timeout=60_000)
    said = page.by_id(f"keep-{name}-said").inner_text()
    assert "The fair in March needs it. (frontend-dev, until" in said
    assert findings(page.page) == []


def test_an_admin_turns_a_rule_on_and_off(visit: Visiting) -> None:
    page = visit("admin").goto("/cleanup")
    page.by_id("rule-over-quota").click(timeout=60_000)
    page.page.wait_for_selector('[data-testid="rule-over-quota-line"][data-state="on"]')
    page.by_id("rule-over-quota").click()
    page.page.wait_for_selector('[data-testid="rule-over-quota-line"][data-state="off"]')


def test_what_is_gone_from_one_side_is_marked_or_adopted_from_the_list(
    visit: Visiting, served: ServedPortal, controlplane: ControlPlane
) -> None:
    missing, orphan = _idle(served), orphan_of(controlplane)
    confirm = f"platform.io/confirm-deletion={missing}"
    controlplane.kubectl("annotate", "namespace", missing, confirm)
    controlplane.kubectl("delete", "namespace", missing)
    page = visit("admin").goto("/cleanup?list=missing")
    page.by_id(f"repair-{missing}").click(timeout=60_000)
    page.by_id(f"mark-{missing}").click()
    page.by_id(f"error-mark-{missing}").get_by_text("Say why").wait_for()
    page.by_id(f"field-mark-{missing}").fill("Its cluster is rebuilt until spring.")
    page.by_id(f"mark-{missing}").click()
    page.by_id(f"cleanup-row-{missing}-excluded").get_by_text("Known to be missing").wait_for(
        timeout=60_000
    )
    assert findings(page.page) == []

    page.goto("/cleanup?list=orphan")
    page.by_id(f"cleanup-row-{orphan}-wanted").click(timeout=60_000)
    words = page.by_id(f"cleanup-row-{orphan}-unmark").inner_text()
    assert words.startswith(f"kubectl label namespace {orphan} platform.io/managed-")
    page.by_id(f"cleanup-row-{orphan}-adopt").click()
    page.page.wait_for_url(f"**/new?from=adopt*{orphan}*")
