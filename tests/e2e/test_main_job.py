"""The main job: somebody asks for a namespace on the page and sees it become ready."""

import json
import re
import shlex
from itertools import pairwise

import pytest
from playwright.sync_api import Page

from nsaas_app.domain.requests import STEPS, RequestKind
from nsaas_app.localcluster import Component
from tests.e2e.conftest import Visiting
from tests.support.browser import Visit
from tests.support.controlplane import ControlPlane
from tests.support.fitness import ensure_fit
from tests.support.served import ServedPortal

pytestmark = pytest.mark.xdist_group("browser")

WATCH_STEPS = """() => {
  window.seenSteps = [];
  window.heard = [];
  const look = () => {
    const said = document.querySelector('[data-testid="announcer"]')?.textContent;
    if (said && said !== window.heard.at(-1)) window.heard.push(said);
    const steps = [...document.querySelectorAll('li[data-testid^="step-"]')];
    const now = steps.map(step => step.dataset.value).join(' ');
    if (now && now !== window.seenSteps.at(-1)) window.seenSteps.push(now);
  };
  new MutationObserver(look).observe(
    document.body, {subtree: true, childList: true, attributes: true});
}"""
"""Keeps every picture of the steps that was ever on the page; a reload would forget them."""

ISOLATED = [
    "LimitRange/nsaas-container-defaults",
    "NetworkPolicy/nsaas-allow-dns",
    "NetworkPolicy/nsaas-allow-monitoring",
    "NetworkPolicy/nsaas-allow-same-ns",
    "NetworkPolicy/nsaas-default-deny",
    "ResourceQuota/nsaas-quota",
    "RoleBinding/nsaas-developers",
    "RoleBinding/nsaas-leads",
    "RoleBinding/nsaas-viewers",
    "ServiceAccount/default",
]
"""All that is in an isolated namespace; the account is the cluster's own doing."""

RANKS = {"pending": 0, "running": 1, "done": 2, "skipped": 2}


def objects_in(controlplane: ControlPlane, name: str) -> list[str]:
    kinds = "quota,limitrange,netpol,rolebinding,deploy,role,serviceaccount,secret,pod"
    found = json.loads(controlplane.kubectl("get", kinds, "-n", name, "-o", "json"))
    return sorted(f"{item['kind']}/{item['metadata']['name']}" for item in found["items"])


def seen_steps(page: Page) -> list[list[int]]:
    """Every picture of the steps, oldest first, each step as its rank."""
    pictures: list[str] = page.evaluate("window.seenSteps")
    return [[RANKS[word] for word in picture.split()] for picture in pictures]


def ensure_only_forward(pictures: list[list[int]]) -> None:
    """Steps ended in their order, none of them ever went back, and not all came at once."""
    for before, after in pairwise(pictures):
        assert all(old <= new for old, new in zip(before, after, strict=True))
    for picture in pictures:
        assert len(picture) == len(STEPS[RequestKind.PROVISION])
        assert picture == sorted(picture, reverse=True)
    assert len(pictures) > 1


def ensure_said_once(heard: list[str], name: str) -> None:
    """A screen reader heard of each step once, in order, then the end; of no timer."""
    steps = [said for line in heard for said in line.split(". ") if said.startswith("Step ")]
    numbers = [int(said.split()[1]) for said in steps]
    assert numbers == list(range(numbers[0], 9)), "none is left out since the page was opened"
    assert steps[-1] == "Step 8 of 9, access, done", "the one before the proof, which was held up"
    assert heard[-1].startswith(f"{name} is ready. It took ")
    assert [line for line in heard[:-1] if re.search(r"\d (ms|s|min)\b", line)] == []


def fill_in(developer: Visit, name: str) -> None:
    """Choose something on every step that is not the default, up to the review."""
    developer.goto("/new")
    developer.by_id("field-team").select_option("frontend")
    developer.by_id("field-environment-testing").click()
    developer.by_id("field-name").fill("No_Name")
    developer.by_id("wizard-next").click()
    developer.by_id("error-summary").wait_for()
    ensure_fit(developer.page)
    developer.by_id("field-name").fill(name)
    developer.by_id("name-free").wait_for()
    developer.by_id("wizard-next").click()
    developer.by_id("field-tier-micro").click()
    developer.wait_value("field-tier", "micro")
    ensure_fit(developer.page)
    developer.by_id("wizard-next").click()
    developer.by_id("field-network-isolated").click()
    developer.wait_value("field-network", "isolated")
    ensure_fit(developer.page)
    developer.by_id("wizard-next").click()
    developer.by_id("wizard-step-access").wait_for()
    ensure_fit(developer.page)
    developer.by_id("wizard-next").click()
    developer.by_id("wizard-step-review").wait_for()
    developer.by_id("preview-at").wait_for()
    ensure_fit(developer.page)


def test_by_mouse_from_the_form_to_the_first_command(
    visit: Visiting, controlplane: ControlPlane, name: str
) -> None:
    developer = visit("frontend-dev", color_scheme="light")
    fill_in(developer, name)
    developer.page.evaluate(WATCH_STEPS)

    # Controllers stand still, so that the last step can be seen to wait for them.
    controlplane.cluster.pause(Component.CONTROLLER_MANAGER)
    try:
        developer.by_id("wizard-submit").click()
        developer.wait_value("step-verify", "running")
        developer.wait_value("step-access", "done")
        developer.wait_value("request-status", "provisioning")
        assert developer.by_id("request-outcome").count() == 0
    finally:
        controlplane.cluster.resume(Component.CONTROLLER_MANAGER)
    developer.wait_value("request-status", "completed")

    ensure_only_forward(seen_steps(developer.page))
    developer.page.wait_for_selector(
        f'[data-testid="announcer"]:has-text("{name} is ready")', state="attached"
    )
    ensure_said_once(developer.page.evaluate("window.heard"), name)
    assert f"{name} is ready. It took " in developer.by_id("request-outcome").inner_text()
    assert objects_in(controlplane, name) == ISOLATED
    labels = json.loads(controlplane.kubectl("get", "ns", name, "-o", "json"))["metadata"]["labels"]
    assert {k: v for k, v in labels.items() if k.startswith("platform.io/")} == {
        "platform.io/managed": "true",
        "platform.io/team": "frontend",
        "platform.io/environment": "testing",
        "platform.io/tier": "micro",
        "platform.io/network": "isolated",
    }
    ensure_the_commands_work(developer, controlplane)


def ensure_the_commands_work(developer: Visit, controlplane: ControlPlane) -> None:
    for key in ("pods", "quota", "rights"):
        program, *arguments = shlex.split(developer.by_id(f"command-{key}").inner_text())
        assert program == "kubectl"
        assert "--as" in arguments
        controlplane.kubectl(*arguments)


def tab_to(page: Page, test_id: str) -> None:
    """Press Tab until the focus is on the element or inside it."""
    for _ in range(500):
        page.keyboard.press("Tab")
        inside = "e => !!document.activeElement.closest(`[data-testid='${e}']`)"
        if page.evaluate(inside, test_id):
            return
    raise AssertionError(f"the keyboard does not reach {test_id}")


def test_by_keyboard_alone(
    visit: Visiting, served: ServedPortal, controlplane: ControlPlane, name: str
) -> None:
    developer = visit("frontend-dev").goto("/")
    page = developer.page
    developer.by_id("nav-new").wait_for()
    tab_to(page, "nav-new")
    page.keyboard.press("Enter")
    developer.by_id("wizard-step-basics").wait_for()
    tab_to(page, "field-environment")
    # As long as a finger rests on a key: a shorter press moves the focus and chooses nothing.
    page.keyboard.press("ArrowRight", delay=100)
    developer.wait_value("field-environment", "testing")
    tab_to(page, "field-name")
    page.keyboard.type(name)
    developer.by_id("name-free").wait_for()
    for step in ("size", "network", "access", "review"):
        tab_to(page, "wizard-next")
        page.keyboard.press("Enter")
        developer.by_id(f"wizard-step-{step}").wait_for()
    tab_to(page, "wizard-submit")
    page.keyboard.press("Enter")

    developer.wait_value("request-status", "completed")

    with served.client("frontend-dev") as client:
        asked = client.get("/requests", params={"namespace": name}).json()["items"]
    assert [(one["status"], one["spec"]["environment"]) for one in asked] == [
        ("completed", "testing")
    ]
    assert page.url.endswith(f"/requests/{asked[0]['request_id']}")
    assert controlplane.kubectl("get", "ns", name, "-o", "jsonpath={.status.phase}") == "Active"
