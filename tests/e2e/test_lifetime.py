"""Sleep, wake and the inbox by mouse in a real browser."""

import io
import json
import os
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from playwright.sync_api import Download

from tests.e2e.conftest import Visiting
from tests.support.controlplane import ControlPlane
from tests.support.names import fresh_name
from tests.support.namespaces import deployment_manifest
from tests.support.requests import wait_completed
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
        wait_completed(client, path)
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


def ensure_completed(client: httpx.Client, request_id: str) -> None:
    path = f"/requests/{request_id}"
    wait_completed(client, path)


def applied(served: ServedPortal, file: Path) -> list[dict[str, Any]]:
    """What `nsaas apply` says of each document."""
    command = [sys.executable, "-m", "nsaas_app", "apply", "-f", str(file), "--wait", "-o", "json"]
    environment = os.environ | {
        "NSAAS_URL": served.url,
        "NSAAS_TOKEN": served.token("frontend-dev"),
    }
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def archive_of(download: Download) -> dict[str, str]:
    """The files of a downloaded archive, by their name."""
    with tarfile.open(download.path()) as archive:
        return {
            member.name.rpartition("/")[2]: (archive.extractfile(member) or io.BytesIO())
            .read()
            .decode()
            for member in archive.getmembers()
        }


def test_an_export_is_downloaded_while_it_lives_and_when_it_is_gone_and_made_again(
    visit: Visiting, served: ServedPortal, tmp_path: Path
) -> None:
    name = fresh_name("leaving")
    spec = {"name": name, "team": "frontend", "environment": "development", "tier": "micro"}
    with served.client("frontend-dev") as client:
        request = client.post("/requests", json={"spec": spec}).json()
        ensure_completed(client, request["request_id"])
    page = visit("frontend-dev").goto(f"/namespaces/{name}?tab=settings")
    with page.page.expect_download() as alive:
        page.by_id("action-export").click()
    assert alive.value.suggested_filename == f"{name}.tar.gz"
    with served.client("admin") as client:
        asked = {"kind": "delete", "namespace": name, "confirm": name}
        ensure_completed(client, client.post("/requests", json=asked).json()["request_id"])

    page.goto("/namespaces").by_id("exports-link").click()
    page.page.wait_for_url("**/exports")
    page.by_id(f"export-{name}-until").wait_for()
    with page.page.expect_download() as gone:
        page.by_id(f"export-{name}-download").click()

    files = archive_of(gone.value)
    assert files.keys() == archive_of(alive.value).keys()
    document = yaml.safe_load(files["namespace-request.yaml"])
    document["metadata"]["name"] = f"{name}-2"
    file = tmp_path / "again.yaml"
    file.write_text(yaml.safe_dump(document))
    assert [row["result"] for row in applied(served, file)] == ["completed"]
    with served.client("frontend-dev") as client:
        assert client.get(f"/namespaces/{name}-2").json()["tier"] == "micro"
    reader = visit("frontend-viewer").goto(f"/exports?namespace={name}")
    assert reader.by_id(f"export-{name}-download").get_attribute("aria-disabled") == "true"


def test_one_click_on_the_overview_or_in_a_notice_puts_an_end_off(
    visit: Visiting, served: ServedPortal
) -> None:
    noticed, name = fresh_name("noticed"), fresh_name("ending")
    with served.client("payments-dev") as client:
        # The last warning of the one falls due while the test looks at the other.
        for each, lifetime in ((noticed, timedelta(days=1, seconds=12)), (name, timedelta(days=2))):
            soon = (datetime.now(UTC) + lifetime).isoformat()
            spec = {"name": each, "team": "payments", "environment": "testing", "expires_at": soon}
            request = client.post("/requests", json={"spec": spec}).json()
            ensure_completed(client, request["request_id"])

        def renewals(name: str) -> int:
            return int(client.get(f"/namespaces/{name}").json()["renewals"]["used"])

        page = visit("payments-dev").goto("/")
        page.by_id(f"attention-renew-{name}").click()
        page.page.wait_for_url("**/requests/*")
        page.by_id("request-outcome").wait_for(timeout=60_000)
        eventually_sync(lambda: renewals(name) == 1, within_s=60)

        def notice() -> str:
            items = client.get("/inbox").json()["items"]
            return next((one["notice_id"] for one in items if one["namespace"] == noticed), "")

        eventually_sync(lambda: bool(notice()), within_s=180)
        page.goto("/inbox")
        page.by_id(f"notice-{notice()}-renew").click()
        page.page.wait_for_url("**/requests/*")
        page.by_id("request-outcome").wait_for(timeout=60_000)
        eventually_sync(lambda: renewals(noticed) == 1, within_s=60)


def test_the_bell_leads_to_an_inbox_that_says_what_it_is_for(visit: Visiting) -> None:
    page = visit("frontend-lead").goto("/")
    page.by_id("bell").click()
    page.page.wait_for_url("**/inbox")
    page.by_id("inbox-card").wait_for()
