"""Calls that get no good answer, met by whole requests: each object is made exactly once."""

import re
from collections import Counter

import pytest

from nsaas_app.domain.requests import Phase
from nsaas_app.runtime import Runtime
from tests.support.auditlog import portal_writes
from tests.support.controlplane import ControlPlane
from tests.support.failing import waiting_with
from tests.support.faultproxy import FaultProxy, answer, drop_reply
from tests.support.requests import ended, submission, submit

NAMESPACES = r"/api/v1/namespaces\?"
WRITES = [
    pytest.param(("POST", NAMESPACES), id="create-namespace"),
    pytest.param(("PATCH", r"/api/v1/namespaces/[^/]+\?"), id="apply-namespace"),
    pytest.param(("PATCH", "/resourcequotas/"), id="apply-quota"),
    pytest.param(("PATCH", "/limitranges/"), id="apply-limits"),
    pytest.param(("PATCH", "/networkpolicies/nsaas-default-deny"), id="apply-network"),
    pytest.param(("PATCH", "/rolebindings/nsaas-leads"), id="apply-access"),
]


def _created(controlplane: ControlPlane, name: str, since: int) -> Counter[str]:
    """How often each object came into being, by the API server's own word."""
    return Counter(
        f"{ref['resource']}/{ref['name']}"
        for entry in portal_writes(controlplane.audit_log, since=since)
        if entry["responseStatus"]["code"] == 201
        and name in ((ref := entry["objectRef"]).get("namespace", ""), ref["name"])
    )


@pytest.mark.parametrize("write", WRITES)
async def test_a_lost_reply_is_read_back_and_nothing_is_made_twice(
    behind: Runtime,
    proxy: FaultProxy,
    controlplane: ControlPlane,
    name: str,
    write: tuple[str, str],
) -> None:
    since = controlplane.audit_log.stat().st_size
    lost = drop_reply(method=write[0], path=write[1])
    proxy.faults.append(lost)

    done = await ended(behind, await submit(behind, name))

    assert done.phase is Phase.DONE, done.failure
    assert lost.times == 0
    created = _created(controlplane, name, since)
    assert len(created) == 12
    assert set(created.values()) == {1}, created


async def test_a_lost_reply_to_the_deletion_finds_the_namespace_gone(
    behind: Runtime, proxy: FaultProxy, controlplane: ControlPlane, name: str
) -> None:
    await ended(behind, await submit(behind, name))
    lost = drop_reply(method="DELETE", path=f"/namespaces/{name}")
    proxy.faults.append(lost)

    request = await behind.changes.delete(name, submission("admin"), confirm=name)

    assert (await ended(behind, request)).phase is Phase.DONE
    assert lost.times == 0
    assert controlplane.kubectl("get", "ns", name, "--ignore-not-found") == ""


@pytest.mark.produces("OUTCOME_UNKNOWN")
async def test_replies_that_stay_lost_pause_the_request_and_it_ends_whole(
    behind: Runtime, proxy: FaultProxy, controlplane: ControlPlane, name: str
) -> None:
    since = controlplane.audit_log.stat().st_size
    proxy.faults.append(drop_reply(method="PATCH", path="/resourcequotas/", times=None))
    request = await submit(behind, name)
    await waiting_with(behind, request, "OUTCOME_UNKNOWN", raw="")

    proxy.faults.clear()

    assert (await ended(behind, request)).phase is Phase.DONE
    assert set(_created(controlplane, name, since).values()) == {1}


@pytest.mark.produces("API_UNREACHABLE")
async def test_a_cluster_that_goes_away_in_the_middle_pauses_the_request(
    behind: Runtime, proxy: FaultProxy, name: str
) -> None:
    await ended(behind, await submit(behind, f"{name}-first"))
    await proxy.stop_listening()
    request = await submit(behind, name)
    await waiting_with(behind, request, "API_UNREACHABLE", raw="Connect")

    await proxy.listen()

    assert (await ended(behind, request)).phase is Phase.DONE


@pytest.mark.produces("API_THROTTLED")
async def test_a_server_that_asks_for_time_gets_it(
    behind: Runtime, proxy: FaultProxy, name: str
) -> None:
    asked_for_s = 2
    proxy.faults.append(answer(429, method="POST", path=NAMESPACES, retry_after=asked_for_s))

    assert (await ended(behind, await submit(behind, name))).phase is Phase.DONE
    first, second = [
        call.at for call in proxy.calls
        if call.method == "POST" and re.search(NAMESPACES, call.path)
    ]  # fmt: skip
    assert second - first >= asked_for_s

    proxy.faults.append(
        answer(429, method="POST", path=NAMESPACES, message="slow down", times=None, retry_after=1)
    )
    request = await submit(behind, f"{name}-b")
    await waiting_with(behind, request, "API_THROTTLED", raw="slow down")
    proxy.faults.clear()
    assert (await ended(behind, request)).phase is Phase.DONE
