"""The audit page: found, opened, exported, proven, and not shown to who may not read it."""

import json
import re

import pytest

from tests.e2e.conftest import Visiting
from tests.support.fitness import ensure_fit
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal

pytestmark = pytest.mark.xdist_group("browser")


def _provisioned(served: ServedPortal) -> str:
    name = fresh_name()
    spec = {"name": name, "team": "frontend", "environment": "development"}
    with served.client("frontend-dev") as client:
        path = f"/requests/{client.post('/requests', json={'spec': spec}).json()['request_id']}"
        wait_completed(client, path)
    return name


def test_an_auditor_finds_opens_exports_and_verifies(visit: Visiting, served: ServedPortal) -> None:
    name = _provisioned(served)
    page = visit("auditor", color_scheme="light").goto(f"/audit?namespace={name}")
    page.by_id("result-count").wait_for()
    assert page.value("result-count") == "2"
    rows = page.page.locator("tr[data-testid^=audit-row-]")
    assert rows.count() == 2

    rows.nth(1).get_by_text("Show").click()
    page.by_id("audit-detail").wait_for()
    assert name in page.by_id("audit-detail-changes").inner_text()
    # The pointer is still on the link that opened it: it can be read there as well.
    ensure_fit(page.page)
    assert re.search(r"event=\d+", page.page.url)

    with page.page.expect_download() as download:
        page.by_id("export-jsonl").click()
    lines = download.value.path().read_text().splitlines()
    assert {json.loads(line)["namespace"] for line in lines} == {name}

    page.by_id("chain-verify").click()
    verdict = page.by_id("chain-verdict")
    verdict.wait_for()
    assert verdict.get_attribute("data-state") == "valid"
    assert "Untouched" in verdict.inner_text()

    page.by_id("chip-namespace").click()
    page.page.wait_for_url("**/audit")
    # The boxes are filled anew with it: who types before loses that.
    page.by_id("chip-namespace").wait_for(state="detached")
    page.by_id("filter-q").fill("nobody did this")
    page.by_id("empty-filter").wait_for()


def test_what_is_written_meanwhile_waits_behind_a_button(
    visit: Visiting, served: ServedPortal
) -> None:
    _provisioned(served)
    page = visit("admin").goto("/audit?action=request")
    first = page.page.locator("tr[data-testid^=audit-row-]").first
    first.wait_for()
    newest = first.get_attribute("data-testid")

    name = _provisioned(served)
    page.by_id("changes-apply").wait_for()
    assert first.get_attribute("data-testid") == newest
    page.by_id("changes-apply").click()
    first.get_by_text(name).wait_for()


def test_a_developer_is_not_sent_there_and_sees_nothing(visit: Visiting) -> None:
    page = visit("frontend-dev").goto("/")
    page.wait_value("live-indicator", "live")
    assert page.by_id("nav-audit").count() == 0

    page.goto("/audit")
    page.page.get_by_text("None of your roles may read the audit log").wait_for()
    assert page.page.locator("tr[data-testid^=audit-row-]").count() == 0
