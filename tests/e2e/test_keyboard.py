"""By keyboard alone: a release, a cleanup plan, and typing fast into a filter."""

import re

import pytest

from tests.e2e.conftest import Visiting
from tests.e2e.test_cleanup_page import orphan_of
from tests.e2e.test_main_job import tab_to
from tests.support.browser import Visit
from tests.support.controlplane import ControlPlane
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal

pytestmark = pytest.mark.xdist_group("browser")


def press(page: Visit, test_id: str) -> None:
    """Reach a button by Tab and press it."""
    tab_to(page.page, test_id)
    page.page.keyboard.press("Enter")


def test_a_namespace_is_released_and_deleted_by_keyboard_alone(
    visit: Visiting, served: ServedPortal
) -> None:
    name = fresh_name("keys")
    spec = {"name": name, "team": "frontend", "environment": "development"}
    with served.client("frontend-lead") as client:
        path = f"/requests/{client.post('/requests', json={'spec': spec}).json()['request_id']}"
        wait_completed(client, path)
    page = visit("admin").goto(f"/namespaces/{name}?tab=settings")
    keyboard = page.page.keyboard
    page.by_id("action-release").wait_for()

    press(page, "action-release")
    page.by_id("dialog-release").wait_for()
    tab_to(page.page, "field-confirm")
    keyboard.type(name)
    press(page, "release-submit")
    page.page.wait_for_url("**/requests/*")
    page.wait_value("request-status", "completed")

    page.goto(f"/namespaces/{name}?tab=settings")
    page.by_id("action-delete").wait_for()
    press(page, "action-delete")
    page.by_id("field-confirm").wait_for()
    tab_to(page.page, "field-confirm")
    keyboard.type(f"{name}-not")
    press(page, "delete-submit")
    # A wrong name is explained and locks nothing.
    page.by_id("error-confirm").wait_for()
    tab_to(page.page, "field-confirm")
    keyboard.press("Control+a")
    keyboard.type(name)
    press(page, "delete-submit")
    page.page.wait_for_url("**/requests/*")
    page.wait_value("request-status", "completed", within_s=60)


def test_what_nobody_asked_for_is_removed_by_keyboard_alone(
    visit: Visiting, controlplane: ControlPlane
) -> None:
    name = orphan_of(controlplane)
    page = visit("admin").goto("/cleanup?list=orphan")
    page.wait_value("live-indicator", "live")
    keyboard = page.page.keyboard
    page.by_id(f"cleanup-select-{name}").wait_for(timeout=60_000)

    tab_to(page.page, f"cleanup-select-{name}")
    keyboard.press("Space")
    page.wait_value("cleanup-selected", "1")
    press(page, "cleanup-plan")
    page.page.wait_for_url("**/cleanup?plan=plan-*")
    page.by_id(f"plan-line-{name}").wait_for()
    press(page, "plan-close")
    page.page.wait_for_url(re.compile("/cleanup$"))


def test_fast_typing_in_a_filter_keeps_text_and_focus(visit: Visiting) -> None:
    page = visit("frontend-lead").goto("/namespaces")
    page.wait_value("live-indicator", "live")
    page.by_id("filter-q").focus()
    text = "nobody-types-as-fast-as-this"

    page.page.keyboard.type(text, delay=15)
    page.page.wait_for_url(f"**/namespaces?q={text}")
    page.by_id("empty-filter").wait_for()

    field = page.page.locator('[data-testid="filter-q"]:focus')
    assert field.input_value() == text
    page.page.reload()
    page.by_id("empty-filter").wait_for()
    assert page.by_id("filter-q").input_value() == text
