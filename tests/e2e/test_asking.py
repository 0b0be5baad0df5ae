"""Asking for more than one thing: a set in one go, a namespace that is there, a question back."""

import pytest

from tests.e2e.conftest import Visiting
from tests.support.controlplane import ControlPlane
from tests.support.fitness import ensure_fit
from tests.support.names import fresh_name
from tests.support.served import ServedPortal

pytestmark = pytest.mark.xdist_group("browser")


def test_a_set_survives_another_tab_and_is_asked_for_in_one_go(visit: Visiting) -> None:
    base = fresh_name("set")
    developer = visit("frontend-dev").goto("/new")
    developer.by_id("field-name").fill(f"{base}-dev")
    developer.by_id("name-free").wait_for()
    developer.by_id("field-also-testing").click()
    developer.by_id("summary-members").get_by_text(f"{base}-test").wait_for()
    developer.by_id("wizard-next").click()
    developer.by_id("wizard-step-size").wait_for()
    address = developer.page.url.removeprefix(developer.portal.url)

    # Somebody signs in anew: nothing is left but the address and what the server kept.
    later = visit("frontend-dev").goto(address)
    later.by_id("wizard-step-size").wait_for()
    later.by_id("fit-ask").click()
    later.by_id("fit-small").get_by_text("Fits").wait_for()
    for step in ("network", "access", "review"):
        later.by_id("wizard-next").click()
        later.by_id(f"wizard-step-{step}").wait_for()
    later.by_id(f"member-{base}-test").wait_for()
    later.by_id("preview-at").wait_for()
    later.wait_value(f"member-run-{base}-test-result", "Accepted")
    with later.page.expect_download() as download:
        later.by_id("review-download").click()
    assert download.value.suggested_filename == f"{base}-dev-kustomize.tar.gz"
    later.by_id("wizard-submit").click()
    later.by_id("one-submission").wait_for()
    for ending in ("dev", "test"):
        row = later.by_id("requests-table").get_by_role("row", name=f"{base}-{ending}")
        row.get_by_text("Completed").wait_for()


def test_an_admin_sees_what_an_adoption_would_break_before_asking_for_it(
    visit: Visiting, controlplane: ControlPlane
) -> None:
    name = fresh_name("legacy")
    controlplane.kubectl("create", "namespace", name)
    controlplane.kubectl("create", "quota", "nsaas-quota", "--hard=pods=5", "-n", name)
    admin = visit("admin").goto("/new")
    admin.by_id("adopt-toggle").click()
    admin.by_id("field-adopt").fill(name)
    admin.by_id("adopt-begin").click()
    admin.by_id("adoption-banner").wait_for()
    admin.by_id("field-team").select_option("frontend")
    admin.by_id("summary-tier").wait_for()
    admin.by_id("wizard-defaults").click()
    admin.by_id("adoption-collision-ResourceQuota/nsaas-quota").wait_for()
    admin.by_id("submit-reason").get_by_text("refuses 1 of").wait_for()

    controlplane.kubectl("delete", "quota", "nsaas-quota", "-n", name)
    admin.by_id("preview-again").click()
    admin.by_id("review-adoption").get_by_text("Nothing that runs now breaks a limit").wait_for()
    admin.by_id("wizard-submit").click()
    admin.by_id("request-status").wait_for()
    assert "/requests/" in admin.page.url


def test_a_question_and_its_answer_change_hands_on_the_pages(
    visit: Visiting, served: ServedPortal
) -> None:
    name = fresh_name("asked")
    spec = {"name": name, "team": "frontend", "environment": "production", "cost_center": "web-1"}
    body = {"spec": spec, "justification": "The shop goes live for everybody on Monday."}
    with served.client("frontend-dev") as client:
        request_id = client.post("/requests", json=body).json()["request_id"]

    lead = visit("frontend-lead", color_scheme="light").goto(f"/approvals?id={request_id}")
    lead.by_id("field-comment").fill("Who is on call?")
    ensure_fit(lead.page)
    lead.by_id("ask").focus()
    lead.page.keyboard.press("Enter")
    lead.by_id("question-open").wait_for()
    # Whoever pressed the button has the focus on it still.
    lead.page.locator('[data-testid="ask"]:focus').wait_for()
    developer = visit("frontend-dev").goto(f"/requests/{request_id}")
    developer.by_id("question-text").get_by_text("Who is on call?").wait_for()
    developer.by_id("field-answer").fill("The shop team.")
    developer.by_id("answer").click()
    developer.by_id("question-answer").get_by_text("The shop team.").wait_for()
    lead.by_id("question-answer").get_by_text("The shop team.").wait_for()
