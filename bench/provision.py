"""From a request to a proven namespace, beside kubectl and beside a bare apply; and to the screen.

All ways write the very same objects to the same throw-away control plane, in turns, so that they
share whatever else the machine does. Ours alone also checks, stores every step durably and proves
the result.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.localcluster import ensure_binaries, quiet
from tests.support.controlplane import ControlPlane, running_controlplane
from tests.support.served import ServedPortal, served_portal

from .kit import Series, report
from .rivals import BARE, DEV, KUBECTL, bare_apply, bundle_of, fresh_name, kubectl_apply

__all__ = ["main"]

ROUNDS: Final = 50
CHANGES: Final = 30
OURS_TOTAL: Final = "portal: request to completed"


def _by_portal(client: httpx.Client, events: Iterator[str]) -> tuple[float, float]:
    """By its own clock from accepted to completed, and by the caller's from call to answer."""
    name, started = fresh_name(), time.perf_counter()
    spec = {"name": name, "team": "frontend", "environment": "development"}
    accepted = client.post("/requests", json={"kind": "provision", "spec": spec}).json()
    ended = _ended(events, accepted["request_id"])
    assert ended["status"] == "completed", ended
    return float(ended["duration_ms"]), (time.perf_counter() - started) * 1000


def _ended(events: Iterator[str], request_id: str) -> dict[str, Any]:
    """Follow the stream of changes, as `nsaas request --wait` does, until the request ends."""
    for line in events:
        if line.startswith("data: ") and request_id in line:
            found: dict[str, Any] = json.loads(line.removeprefix("data: "))
            if found.get("status") in ("completed", "failed"):
                return found
    raise AssertionError("the stream of changes ended")


def _provisioning(
    portal: ServedPortal, controlplane: ControlPlane, directory: Path
) -> list[Series]:
    kubectl = str(controlplane.run(ensure_binaries(quiet)).path("kubectl"))
    bare = controlplane.run(connect(ClusterAddress(kubeconfig=controlplane.kubeconfig)))
    times: dict[str, list[float]] = {
        name: [] for name in (OURS_TOTAL, "portal: as its caller sees it", KUBECTL, BARE)
    }
    with portal.client(DEV) as client, client.stream("GET", "/events") as stream:
        events = stream.iter_lines()
        for number in range(-3, ROUNDS):
            durations = _by_portal(client, events)
            by_kubectl = kubectl_apply(kubectl, controlplane.kubeconfig, directory)
            row = (*durations, by_kubectl, controlplane.run(bare_apply(bare)))
            if number < 0:
                continue  # warm caches and connections, for everybody
            for values, value in zip(times.values(), row, strict=True):
                values.append(value)
    controlplane.run(bare.close())
    return [Series(name, tuple(values)) for name, values in times.items()]


_WATCH: Final = """([id]) => {
  window.seen = [];
  const note = () => {
    const cell = document.querySelector(`[data-testid="${id}"]`);
    if (cell) window.seen.push([cell.textContent, performance.timeOrigin + performance.now()]);
  };
  new MutationObserver(note).observe(document.body,
    {subtree: true, childList: true, characterData: true});
}"""
_CELL: Final = "workload-Deployment-web-available"
_SETTLE_S: Final = 1.2
"""Longer than a page waits between two updates: each change is the first after quiet."""


def _seen_at(page: Page, text: str) -> float:
    """Wall-clock milliseconds at which the cell first showed a text."""
    found = page.wait_for_function(
        "text => { const hit = window.seen.find(([shown]) => shown.includes(text));"
        " return hit ? hit[1] : null; }",
        arg=text,
        timeout=10_000,
    )
    return float(found.json_value())


def _seen_after(page: Page, desired: int, change: Callable[[], object]) -> float:
    """How long after a change of the wanted replicas was sent the page showed it."""
    time.sleep(_SETTLE_S)
    page.evaluate("window.seen = []")
    started = time.time() * 1000
    change()
    return _seen_at(page, f"of {desired}") - started


def _new_namespace(portal: ServedPortal) -> str:
    name = fresh_name()
    spec = {"name": name, "team": "frontend", "environment": "development"}
    with portal.client(DEV) as client:
        request = client.post("/requests", json={"kind": "provision", "spec": spec}).json()
        path = f"/requests/{request['request_id']}"
        while client.get(path).json()["status"] != "completed":
            time.sleep(0.05)
    return name


def _to_the_screen(portal: ServedPortal, controlplane: ControlPlane) -> list[Series]:
    name = _new_namespace(portal)
    controlplane.kubectl("create", "deployment", "web", "-n", name, "--image=x", "--replicas=0")
    admin = controlplane.run(connect(ClusterAddress(kubeconfig=controlplane.kubeconfig)))

    def scale(replicas: int) -> None:
        patch = {"spec": {"replicas": replicas}}
        controlplane.run(admin.merge("Deployment", "web", patch, name))

    def scale_by_kubectl(replicas: int) -> None:
        controlplane.kubectl("scale", "deployment/web", "-n", name, f"--replicas={replicas}")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto(portal.sign_in_url(DEV))
        page.goto(f"{portal.url}/namespaces/{name}")
        page.wait_for_selector(f'[data-testid="{_CELL}"]')
        page.evaluate(_WATCH, [_CELL])
        by_call, by_kubectl = (
            tuple(_seen_after(page, n % 8 + 1, partial(change, n % 8 + 1)) for n in range(CHANGES))
            for change in (scale, scale_by_kubectl)
        )
        browser.close()
    controlplane.run(admin.close())
    return [
        Series("change in the cluster to DOM", by_call),
        Series("the same, kubectl's process included", by_kubectl),
    ]


def main() -> None:
    """Run it all on a control plane of its own and print one table."""
    with tempfile.TemporaryDirectory(prefix="nsaas-bench-") as name:
        directory = Path(name)
        factory = cast("pytest.TempPathFactory", None)
        with (
            running_controlplane(factory, home=directory / "controlplane") as controlplane,
            served_portal(directory / "home", controlplane) as portal,
        ):
            series = _provisioning(portal, controlplane, directory)
            screen = _to_the_screen(portal, controlplane)
    objects = len(list(bundle_of(fresh_name())))
    facts: dict[str, Any] = {"objects each": objects, "rounds": ROUNDS, "changes": CHANGES}
    report("provision", [*series, *screen], rival=KUBECTL, facts=facts)
