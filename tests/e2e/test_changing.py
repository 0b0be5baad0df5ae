"""Changing a namespace on its page, and beginning from a template, by mouse in a real browser."""

import pytest

from tests.e2e.conftest import Visiting
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal
from tests.support.waiting import eventually_sync

pytestmark = pytest.mark.xdist_group("browser")


def test_a_dialog_lists_what_is_written_before_it_is_asked(
    visit: Visiting, served: ServedPortal
) -> None:
    name = fresh_name("resize")
    spec = {"name": name, "team": "frontend", "environment": "development"}
    with served.client("frontend-dev") as client:
        path = f"/requests/{client.post('/requests', json={'spec': spec}).json()['request_id']}"
        wait_completed(client, path)
    page = visit("frontend-dev").goto(f"/namespaces/{name}")

    page.by_id("action-resize").click()
    dialog = page.by_id("dialog-resize")
    dialog.get_by_text("Medium").click()

    quota = page.by_id("object-ResourceQuota/nsaas-quota")
    quota.wait_for()
    assert quota.get_attribute("data-state") == "Changed"
    assert "spec.hard." in quota.inner_text()
    page.by_id("resize-submit").click()
    page.page.wait_for_url("**/requests/*")


def test_a_templates_questions_move_the_form(visit: Visiting) -> None:
    page = visit("frontend-dev").goto("/new")
    page.by_id("template-batch-jobs").click()

    page.by_id("template-parameters").wait_for()
    page.by_id("field-parameters.load").select_option("medium")

    eventually_sync(lambda: page.by_id("summary-tier").inner_text().lower() == "medium")
    assert page.by_id("summary-network").inner_text() == "Isolated"
    page.by_id("field-parameters.days").fill("300")
    page.by_id("field-parameters.days").blur()
    page.by_id("error-parameters.days").wait_for()
