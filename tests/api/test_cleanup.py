"""Cleanup over REST and by command: who may read it, who may run it, and the shapes of both."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.support.cleanup import made, remembered, whole
from tests.support.namespaces import create_namespace
from tests.support.waiting import eventually, eventually_async


@pytest.fixture
async def orphan(portal: Runtime, name: str) -> str:
    mirror = await whole(portal)
    await create_namespace(mirror.cluster, name)
    await eventually(lambda: mirror.namespaces.get(name) is not None, what="it is seen")
    return name


async def test_admins_and_auditors_read_the_candidates(calling: Caller, orphan: str) -> None:
    auditor, lead = [await calling(who) for who in ("auditor", "frontend-lead")]
    for path in ("/cleanup/candidates", "/cleanup/plans", "/cleanup/sweeps"):
        assert (await lead.get(path)).status_code == 403
        assert (await auditor.get(path)).status_code == 200
    found = (await auditor.get("/cleanup/candidates", params={"reason": "orphan"})).json()
    (one,) = [item for item in found["items"] if item["namespace"] == orphan]
    assert one["reasons"] == ["orphan"]
    assert one["confidence"] == "certain"
    assert set(one["evidence"][0]) >= {"signal", "value", "threshold", "source", "seen_at"}
    assert set(one["impact"]) == {
        "pods", "volumes", "load_balancers", "ingress_hosts", "cloud_resources", "unseen",
    }  # fmt: skip
    assert set(one["reclaim"]) == {"cpu", "memory", "storage", "cost"}
    assert found["counts"]["idle"] == 0
    assert (await auditor.get(f"/cleanup/stuck/{orphan}")).status_code == 404


async def test_a_plan_is_made_tried_and_refused_without_its_words(
    calling: Caller, orphan: str
) -> None:
    admin, auditor = [await calling(who) for who in ("admin", "auditor")]
    body = {"namespaces": [orphan, "kube-system"], "stage": "delete"}
    assert (await auditor.post("/cleanup/plans", json=body)).status_code == 403
    wrong = await admin.post("/cleanup/plans", json=body | {"stage": "explode"})
    assert wrong.status_code == 422
    made = await admin.post("/cleanup/plans", json=body, headers={"Idempotency-Key": "one"})
    assert made.status_code == 201
    again = await admin.post("/cleanup/plans", json=body, headers={"Idempotency-Key": "one"})
    assert again.json() == made.json()
    plan = made.json()
    path = f"/cleanup/plans/{plan['plan_id']}"
    assert made.headers["Location"] == f"/api/v1{path}"
    assert [line["state"] for line in plan["lines"]] == ["planned", "skipped"]
    tried = (await admin.get(f"{path}/dry-run")).json()["lines"]
    assert [line["would"] for line in tried] == ["begin", "skip"]

    refused = await admin.post(f"{path}/execute", json={"confirm": "yes"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "confirm"


async def test_a_confirmed_plan_runs_to_its_end_and_what_is_gone_stays_gone(
    calling: Caller, orphan: str
) -> None:
    admin = await calling("admin")
    body = {"namespaces": [orphan], "stage": "delete"}
    plan = (await admin.post("/cleanup/plans", json=body)).json()
    path = f"/cleanup/plans/{plan['plan_id']}"
    begun = await admin.post(f"{path}/execute", json={"confirm": plan["confirm"]})
    assert begun.status_code == 202
    await eventually_async(lambda: _is(admin, path, "done"), within_s=60, what="it has ended")
    ended = (await admin.get(path)).json()
    (action,) = ended["lines"][0]["actions"]
    assert (action["stage"], action["state"]) == ("delete", "done")
    metrics = (await admin.get("http://localhost:8000/metrics")).text
    assert 'nsaas_cleanup_actions_total{outcome="done",stage="delete"}' in metrics
    undo = await admin.post(f"/cleanup/actions/{action['action_id']}/undo")
    assert undo.status_code == 422
    assert "cannot be brought back" in undo.json()["detail"]
    assert (await admin.post(f"{path}/stop")).status_code == 409
    assert (await admin.get("/cleanup/plans/plan-none")).status_code == 404


async def _is(client: httpx.AsyncClient, path: str, state: str) -> bool:
    return bool((await client.get(path)).json()["state"] == state)


async def test_the_owner_and_the_lead_see_their_candidate_and_keep_it(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await made(portal, name)
    await remembered(portal, name, quiet_for=timedelta(days=20))
    owner, lead, viewer, stranger = [
        await calling(who)
        for who in ("frontend-dev", "frontend-lead", "frontend-viewer", "payments-lead")
    ]

    async def seen(caller: httpx.AsyncClient) -> list[dict[str, Any]]:
        portal.cleanup.candidates.forget()
        items = (await caller.get("/cleanup/mine")).json()["items"]
        return [one for one in items if one["namespace"] == name]

    (own,), (led,), (read,) = [await seen(caller) for caller in (owner, lead, viewer)]
    assert own["reasons"] == ["idle"]
    assert (own["why_not_keep"], led["why_not_keep"]) == ("", "")
    assert read["why_not_keep"] == "Your role reads only."
    assert await seen(stranger) == []

    body = {"reason": "The next release needs it.", "days": 30}
    path = f"/cleanup/keeps/{name}"
    assert (await viewer.post(path, json=body)).status_code == 403
    assert (await stranger.post(path, json=body)).status_code == 404
    assert (await owner.post(path, json=body)).status_code == 200
    (own,) = await seen(owner)
    assert own["kept"].startswith("Kept: The next release needs it. (frontend-dev, until")
    assert (await lead.delete(path)).status_code == 204


async def test_who_owns_another_one_does_not_speak_for_it(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await made(portal, name, who="frontend-lead")
    caller = await calling("frontend-dev")
    refused = await caller.post(
        f"/cleanup/keeps/{name}", json={"reason": "I like it very much.", "days": 30}
    )
    assert refused.status_code == 403
    assert "Its owner, leads of team frontend" in refused.json()["detail"]


async def test_rules_are_read_by_auditors_and_switched_by_admins(calling: Caller) -> None:
    admin, auditor, lead = [await calling(who) for who in ("admin", "auditor", "frontend-lead")]
    assert (await lead.get("/cleanup/rules")).status_code == 403
    found = (await auditor.get("/cleanup/rules")).json()["items"]
    assert {one["reason"] for one in found} == {"expired", "idle", "owner-gone", "over-quota"}
    body = {"is_on": True, "every_days": 14}
    assert (await auditor.put("/cleanup/rules/expired", json=body)).status_code == 403
    assert (await admin.put("/cleanup/rules/orphan", json=body)).status_code == 422
    changed = (await admin.put("/cleanup/rules/expired", json=body)).json()
    assert (changed["is_on"], changed["every_days"], changed["changed_by"]) == (True, 14, "admin")
    assert (await admin.put("/cleanup/rules/expired", json=body)).json() == changed
