"""Text of others that looks like markup is shown as text on every page that shows it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pytest
from playwright.sync_api import Dialog

from nsaas_app.domain.actors import AuthMethod
from nsaas_app.identity.roles import Identity
from tests.e2e.conftest import Visiting
from tests.support.browser import Visit
from tests.support.controlplane import ControlPlane
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal

pytestmark = pytest.mark.xdist_group("browser")

MARKUP: Final = "<img src=x onerror=alert(1)><script>alert(2)</script>"
HOSTILE: Final = f"{MARKUP}\"'`{{{{7-7}}}}"
"""One line, for names and titles."""
WILD: Final = f"{HOSTILE}\n\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe\x1b[31m\r\nsecond & last"
"""For what the cluster says: it may hold anything."""


BECAME_ELEMENTS: Final = "img[src=x], img[onerror]"
"""What the markup would be if a page took it for its own."""


@dataclass(frozen=True)
class Things:
    """What carries hostile text."""

    namespace: str
    request: str
    team: str


def _team(served: ServedPortal) -> str:
    name = fresh_name("odd")[:30].rstrip("-")
    groups = {"lead": ["frontend-leads"], "developer": [HOSTILE]}
    team = {"display_name": HOSTILE, "groups": groups}
    with served.client("admin") as client:
        made = client.put(f"/teams/{name}", json=team)
    assert made.is_success, made.text
    return name


@pytest.fixture(scope="module")
def things(served: ServedPortal, controlplane: ControlPlane) -> Things:
    name, team = fresh_name("odd"), _team(served)
    spec = {
        "name": name, "team": "frontend", "environment": "development", "description": HOSTILE,
        "display_name": HOSTILE,
        "access": [
            {"kind": "Group", "name": HOSTILE, "role": "viewer"},
            {"kind": "Group", "name": "frontend-leads", "role": "lead"},
        ],
    }  # fmt: skip
    with served.client("frontend-lead") as client:
        asked = client.post("/requests", json={"spec": spec})
        assert asked.status_code == 202, asked.text
        request = asked.json()["request_id"]
        path = f"/requests/{request}"
        wait_completed(client, path)
    controlplane.kubectl("create", "-f", "-", stdin=json.dumps(_event(name)))
    return Things(name, request, team)


def _event(namespace: str) -> dict[str, object]:
    """A warning as any program of the team could write it."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": "Odd<b>Reason</b>",
        "metadata": {"name": "odd", "namespace": namespace}, "message": WILD,
        "involvedObject": {"kind": "Pod", "name": "odd", "namespace": namespace},
        "source": {"component": HOSTILE}, "firstTimestamp": now, "lastTimestamp": now, "count": 1,
    }  # fmt: skip


@contextmanager
def unharmed(page: Visit) -> Iterator[None]:
    """Nothing that was brought in ran, nor became an element."""
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.page.on("dialog", note)
    yield
    assert page.page.locator(BECAME_ELEMENTS).count() == 0
    assert dialogs == []


SHOWN: Final = {
    "/namespaces/{namespace}": "namespace-health",
    "/namespaces/{namespace}?tab=settings": "settings-danger",
    "/namespaces/{namespace}?tab=events": "namespace-events",
    "/namespaces/{namespace}?tab=access": "proven-at",
    "/namespaces/{namespace}?tab=yaml&object=RoleBinding/nsaas-viewer": "yaml-text",
    "/requests/{request}": "request-ready",
    "/teams/{team}": "team-budget-cpu",
    "/teams/{team}?tab=members": "members-card",
    "/teams": "team-row-{team}",
}
"""Pages that show text of others, and what is there once they are whole."""


def test_markup_of_others_is_text_on_every_page(visit: Visiting, things: Things) -> None:
    page = visit("admin")
    with unharmed(page):
        for path, shown in SHOWN.items():
            page.goto(path.format(**vars(things)))
            page.by_id(shown.format(**vars(things))).first.wait_for()
            page.wait_value("live-indicator", "live")
            page.page.get_by_text(MARKUP[:28]).first.wait_for(state="attached")
            assert page.page.locator(BECAME_ELEMENTS).count() == 0, path

        page.goto(f"/audit?q={things.team}")
        row = page.page.locator("tr[data-testid^=audit-row-]").first
        row.get_by_text("Show").click()
        changes = page.by_id("audit-detail-changes")
        changes.wait_for()
        assert MARKUP in changes.inner_text()


def test_what_the_cluster_says_is_shown_letter_by_letter(visit: Visiting, things: Things) -> None:
    page = visit("frontend-lead")
    with unharmed(page):
        page.goto(f"/namespaces/{things.namespace}?tab=events")
        page.page.locator("summary", has_text="What the cluster said").first.click()
        raw = page.page.locator("pre.raw").first
        raw.wait_for()
        assert HOSTILE in raw.inner_text()
        assert "second & last" in raw.inner_text()


def test_groups_and_names_of_a_person_are_text(visit: Visiting) -> None:
    odd = Identity("odd", HOSTILE, (f"no {HOSTILE}", "plain"), AuthMethod.OIDC)
    page = visit(odd)
    with unharmed(page):
        for path in ("/", "/audit", "/teams"):
            page.goto(path)
            page.by_id("outsider").wait_for()
            assert f"no {HOSTILE}, plain" in page.by_id("outsider-groups").inner_text()
            assert page.by_id("user-name").inner_text() == HOSTILE


def test_a_script_that_got_into_a_page_does_not_run(visit: Visiting) -> None:
    page = visit("frontend-dev").goto("/")
    page.wait_value("live-indicator", "live")
    brought_in = """
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        const image = document.createElement('div');
        image.innerHTML = '<img src="data:," onerror="window.ran = true">';
        document.body.append(image);
        image.firstChild.dispatchEvent(new Event('error'));
    """
    with page.forgiving("Content Security Policy"):
        page.page.evaluate(f"() => {{ {brought_in} }}")
        assert page.page.evaluate("window.ran") is None
