"""Sleep and wake, exports and the inbox by REST."""

import gzip
from datetime import datetime, timedelta

from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.lifecycle.at import notices_at
from tests.support.actors import actor
from tests.support.clocks import Clock
from tests.support.requests import ended, submit
from tests.support.waiting import eventually

ADMIN = actor("admin")


async def settled(portal: Runtime) -> None:
    await eventually(
        lambda: portal.requests.in_flight(actor=ADMIN) == (), within_s=60, what="nothing runs"
    )


async def test_sleep_and_wake_are_requests_and_nothing_when_they_change_nothing(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    developer, path = await calling("frontend-dev"), f"/namespaces/{name}"
    until = (portal.clock() + timedelta(hours=8)).isoformat()

    slept = await developer.post(f"{path}/sleep", json={"until": until})
    assert (slept.status_code, slept.json()["kind"]) == (202, "sleep")
    await settled(portal)

    shown = (await developer.get(path)).json()
    assert (shown["state"], shown["asleep"]["cause"]) == ("sleeping", "person")
    assert (await developer.get(f"{path}/sleep")).json()["asleep"] is True
    assert (await developer.post(f"{path}/sleep", json={"until": until})).status_code == 200
    woken = await developer.post("/requests", json={"kind": "wake", "namespace": name})
    assert (woken.status_code, woken.json()["kind"]) == (202, "wake")
    await settled(portal)
    again = await developer.post(f"{path}/wake")
    assert (again.status_code, again.json()["state"]) == (200, "active")


async def test_a_moment_without_a_zone_is_refused_and_readers_stop_nothing(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    path = f"/namespaces/{name}/sleep"
    developer, viewer = await calling("frontend-dev"), await calling("frontend-viewer")
    stranger = await calling("payments-dev")

    reply = await developer.post(path, json={"until": "2030-01-01T00:00:00"})
    problem_in(reply, 422, "INVALID_FIELD", field="until")
    problem_in(await viewer.post(path), 403, "NOT_ALLOWED")
    problem_in(await stranger.post(path), 404, "NOT_FOUND")
    problem_in(await viewer.get(f"/namespaces/{name}/export"), 403, "NOT_ALLOWED")


async def test_production_is_confirmed_and_other_environments_are_renewed(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    path = f"/namespaces/{name}/certify"
    lead, developer = await calling("frontend-lead"), await calling("frontend-dev")

    problem_in(await lead.post(path), 422, "POLICY_DENY", field="environment")
    problem_in(await developer.post(path), 403, "NOT_ALLOWED")
    assert (await developer.get(f"/namespaces/{name}")).json()["certify_by"] is None
    request = await submit(portal, f"{name}-p", environment="production", cost_center="cc")
    for who in ("frontend-lead", "admin"):
        await (await calling(who)).post(f"/requests/{request.request_id}/approve", json={})
    await ended(portal, request)
    confirmed = await lead.post(f"/namespaces/{name}-p/certify")
    assert (confirmed.status_code, confirmed.json()["kind"]) == (202, "change")
    await settled(portal)
    again = await lead.post(f"/namespaces/{name}-p/certify")
    assert again.status_code == 200
    written = confirmed.json()["spec"]["certified_at"]
    assert datetime.fromisoformat(again.json()["certified_at"]) == datetime.fromisoformat(written)


async def test_an_export_is_a_file_to_download(portal: Runtime, calling: Caller, name: str) -> None:
    await ended(portal, await submit(portal, name))
    developer = await calling("frontend-dev")

    reply = await developer.get(f"/namespaces/{name}/export")

    assert reply.headers["content-type"] == "application/gzip"
    assert f'filename="{name}.tar.gz"' in reply.headers["content-disposition"]
    assert b"namespace-request.yaml" in gzip.decompress(reply.content)
    assert (await developer.get("/exports")).json() == []
    problem_in(await developer.get("/exports/none"), 404, "NOT_FOUND")


async def test_the_inbox_is_ones_own(portal: Runtime, calling: Caller, name: str) -> None:
    await ended(portal, await submit(portal, name))
    spec = await portal.changes.spec_of(name, actor=ADMIN)
    assert spec.expires_at is not None
    await notices_at(portal, Clock(spec.expires_at - timedelta(days=1))).tell()
    owner, stranger = await calling("frontend-dev"), await calling("payments-dev")

    found = (await owner.get("/inbox")).json()
    assert (found["total"], found["unread"]) == (1, 1)
    ids = [found["items"][0]["notice_id"]]
    assert (await stranger.post("/inbox/read", json={"ids": ids})).json()["total"] == 0
    assert (await owner.get("/inbox")).json()["unread"] == 1
    assert (await owner.post("/inbox/read", json={"ids": ids})).json()["unread"] == 0
