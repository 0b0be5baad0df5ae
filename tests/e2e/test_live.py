"""Live: what changes in the cluster changes on every open page, by itself and from one watch."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from kubernetes.aio.client.configuration import Configuration

from nsaas_app.cluster.calls import ObservedApi
from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.mirror import Mirror
from tests.e2e.conftest import Visiting
from tests.support.auditlog import PORTAL
from tests.support.browser import Visit
from tests.support.controlplane import ControlPlane
from tests.support.inspecting import count_shifts, shifts
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal
from tests.support.waiting import eventually_sync

pytestmark = pytest.mark.xdist_group("browser")

IN_TURN = re.compile(
    r"/apis$|/apis/(coordination|metrics)\.k8s\.io[/?]|/apis/metrics\.k8s\.io$|/api/v1/events\?"
)
"""What the portal looks at once a minute or two, whoever looks at a page or not: signs of life, and
which kinds the API server serves."""
SOON_S = 30.0
"""On a machine that does much else. `bench/` tells how soon it is."""


MOST_SHIFTED = 0.01


@pytest.fixture
def namespace(served: ServedPortal) -> str:
    """A ready development namespace of team frontend."""
    name = fresh_name()
    spec = {"name": name, "team": "frontend", "environment": "development"}
    with served.client("frontend-dev") as client:
        asked = client.post("/requests", json={"spec": spec})
        assert asked.status_code == 202, asked.text
        path = asked.headers["location"].removeprefix("/api/v1")
        wait_completed(client, path)
    return name


@pytest.fixture
def pages(visit: Visiting) -> list[Visit]:
    """The overview, open in two browsers, live, and marked: a reload would lose the mark."""
    # Of one person: a lead of other tests' teams would count their namespaces, too.
    opened = [visit("frontend-dev").goto("/") for _ in range(2)]
    for page in opened:
        page.wait_value("live-indicator", "live")
        page.page.evaluate("window.notReloaded = true")
    return opened


def metric(page: Visit, name: str) -> int:
    return int(page.value(f"metric-{name}"))


def settled(pages: list[Visit], name: str) -> int:
    """What both pages say, once they say the same: the news of what was before reach each alone."""
    eventually_sync(lambda: len({metric(page, name) for page in pages}) == 1, within_s=SOON_S)
    return metric(pages[0], name)


def ensure_both_reach(pages: list[Visit], name: str, value: int) -> None:
    for page in pages:
        page.wait_value(f"metric-{name}", str(value), within_s=SOON_S)
        assert page.page.evaluate("window.notReloaded")


class AuditLog:
    """What the portal asked the API server for, by the API server's own log."""

    def __init__(self, controlplane: ControlPlane) -> None:
        self._path = controlplane.audit_log
        self._start = self._path.stat().st_size

    def reads(self) -> list[tuple[str, str]]:
        """Verb and address of every get and list since the start that pages could have caused.

        Watches go on by themselves.
        """
        with self._path.open("rb") as log:
            log.seek(self._start)
            events: list[dict[str, Any]] = [json.loads(line) for line in log.read().splitlines()]
        return [
            (event["verb"], event["requestURI"])
            for event in events
            if event["user"]["username"] == PORTAL
            and event["verb"] in ("get", "list")
            and not IN_TURN.match(event["requestURI"])
        ]


@pytest.fixture
def audit(controlplane: ControlPlane) -> Callable[[], AuditLog]:
    return lambda: AuditLog(controlplane)


def test_deployments_are_counted_on_two_pages_from_one_watch(
    namespace: str, pages: list[Visit], controlplane: ControlPlane, audit: Callable[[], AuditLog]
) -> None:
    kubectl, before = controlplane.kubectl, settled(pages, "active-deployments")
    log = audit()

    kubectl("create", "deployment", "shop", "--image=shop", "-n", namespace)
    kubectl("wait", "deployment/shop", "-n", namespace, "--for=condition=Available")
    ensure_both_reach(pages, "active-deployments", before + 1)
    kubectl("scale", "deployment/shop", "--replicas=0", "-n", namespace)
    ensure_both_reach(pages, "active-deployments", before)
    kubectl("scale", "deployment/shop", "--replicas=2", "-n", namespace)
    ensure_both_reach(pages, "active-deployments", before + 1)

    assert log.reads() == []


def test_a_deleted_namespace_leaves_the_total_on_two_pages(
    namespace: str, pages: list[Visit], controlplane: ControlPlane, audit: Callable[[], AuditLog]
) -> None:
    kubectl, before = controlplane.kubectl, settled(pages, "total-namespaces")
    log = audit()

    kubectl("annotate", "ns", namespace, f"platform.io/confirm-deletion={namespace}")
    kubectl("delete", "ns", namespace, "--wait=false")
    ensure_both_reach(pages, "total-namespaces", before - 1)

    assert log.reads() == []


def test_a_request_over_rest_shows_on_an_open_page(
    served: ServedPortal, pages: list[Visit], name: str
) -> None:
    before = settled(pages, "total-namespaces")
    spec = {"name": name, "team": "frontend", "environment": "development"}
    with served.client("frontend-dev") as client:
        request_id = client.post("/requests", json={"spec": spec}).json()["request_id"]

    for page in pages:
        page.by_id(f"recent-{request_id}").wait_for()
        page.wait_value(f"recent-status-{request_id}", "completed")
    ensure_both_reach(pages, "total-namespaces", before + 1)


def ensure_shown(pages: Mapping[str, Visit], cpu: str) -> None:
    for value, page in pages.items():
        page.wait_value(value, cpu, within_s=SOON_S)


def test_values_change_and_nothing_around_them_moves(
    namespace: str, visit: Visiting, controlplane: ControlPlane
) -> None:
    places = {
        f"namespace-row-{namespace}-cpu": f"/namespaces?q={namespace}",
        "quota-requests.cpu": f"/namespaces/{namespace}",
    }
    pages = {value: visit("frontend-dev") for value in places}
    for value, page in pages.items():
        count_shifts(page.page)
        page.goto(places[value]).wait_value("live-indicator", "live")

    def use(cpu: str, pods: int) -> None:
        used = {"requests.cpu": cpu, "requests.memory": "1900Mi", "pods": str(pods)}
        change = ("patch", "resourcequota", "nsaas-quota", "-n", namespace, "--type=merge")
        status = json.dumps({"status": {"used": used}})
        controlplane.kubectl(*change, "--subresource=status", "-p", status)
        ensure_shown(pages, cpu)

    use("50m", 1)
    for page in pages.values():
        page.page.evaluate("document.fonts.ready.then(() => void (window.shifted.length = 0))")
    # From little to much: another number of digits, a mark, and a reason that takes health.
    use("975m", 10)
    use("350m", 7)
    moved = {places[value]: shifts(page.page) for value, page in pages.items()}
    assert all(shifted < MOST_SHIFTED for shifted, _ in moved.values()), moved


def open_watches(controlplane: ControlPlane) -> Counter[str]:
    """Watches of the portal's account that began and have not ended, by resource."""
    begun, ended = {}, set()
    for line in controlplane.audit_log.read_bytes().splitlines():
        if b'"verb":"watch"' not in line:
            continue
        event = json.loads(line)
        if event["user"]["username"] != PORTAL:
            continue
        if event["stage"] == "ResponseStarted":
            begun[event["auditID"]] = event["objectRef"]["resource"]
        else:
            ended.add(event["auditID"])
    return Counter(resource for audit_id, resource in begun.items() if audit_id not in ended)


def test_there_is_one_watch_a_kind_however_many_browsers_look(
    namespace: str, served: ServedPortal, visit: Visiting, controlplane: ControlPlane
) -> None:
    kinds = len(Mirror(Cluster(ObservedApi(Configuration()), name="none")).reflectors)
    before = open_watches(controlplane)
    # Portals of other tests may watch the same control plane, each as often.
    assert len(before) == kinds
    for path in ("/", "/namespaces", f"/namespaces/{namespace}", "/status"):
        visit("admin", portal=served).goto(path)
    # One that comes to its time is begun anew, and is ended before.
    eventually_sync(lambda: open_watches(controlplane) == before, within_s=SOON_S)
