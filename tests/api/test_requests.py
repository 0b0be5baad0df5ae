"""POST and GET /requests: handed in once, found again by whoever may see it."""

from dataclasses import replace
from typing import Any

import pytest

from nsaas_app.domain.audit import AuditEvent
from nsaas_app.domain.names import TeamName
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor
from tests.support.requests import REASON, ended, submit
from tests.support.waiting import eventually

ADMIN = actor("admin")
STEPS = ["checks", "approval", "namespace", "quota", "limits", "network", "features", "access",
         "verify"]  # fmt: skip


def body(name: str, **spec: Any) -> dict[str, Any]:
    asked = {"name": name, "team": "frontend", "environment": "development"} | spec
    return {"kind": "provision", "spec": asked}


async def newest_audit(portal: Runtime) -> AuditEvent:
    async with portal.database.reading() as connection:
        return (await portal.stores.audit.newest(connection, limit=1))[0]


async def test_a_request_is_accepted_found_at_its_location_and_completed(
    portal: Runtime, calling: Caller, name: str
) -> None:
    developer = await calling("frontend-dev")

    accepted = await developer.post("/requests", json=body(name) | {"justification": "a demo"})

    assert accepted.status_code == 202
    asked = accepted.json()
    location = accepted.headers["location"]
    assert location == f"/api/v1/requests/{asked['request_id']}"
    assert (asked["status"], asked["namespace"], asked["team"]) == ("pending", name, "frontend")
    assert (asked["requested_by"], asked["justification"]) == ("frontend-dev", "a demo")
    assert [step["name"] for step in asked["steps"]] == STEPS

    await eventually(lambda: portal.requests.in_flight(actor=ADMIN) == (), within_s=30)
    done = (await developer.get(f"http://localhost:8000{location}")).json()
    assert (done["status"], done["phase"], done["error"]) == ("completed", "done", None)
    assert done["duration_ms"] > 0
    assert {step["status"] for step in done["steps"]} == {"done", "skipped"}
    assert done["spec"]["tier"] == "small"
    assert "Namespace/" + name in done["steps"][2]["objects"]


@pytest.mark.produces("IDEMPOTENCY_MISMATCH")
async def test_a_reason_and_a_question_that_no_database_takes_are_refused(
    calling: Caller, name: str
) -> None:
    developer, admin = await calling("frontend-dev"), await calling("admin")
    torn = body(name) | {"justification": f"{REASON}\x00"}
    problem_in(
        await developer.post("/requests", json=torn), 422, "INVALID_FIELD", field="justification"
    )
    waiting = body(name, environment="production") | {"justification": REASON}
    request_id = (await developer.post("/requests", json=waiting)).json()["request_id"]
    asked = await admin.post(f"/requests/{request_id}/ask", json={"comment": "Why\x00?"})
    problem_in(asked, 422, "INVALID_FIELD", field="comment")


async def test_the_same_idempotency_key_gives_the_same_request(calling: Caller, name: str) -> None:
    developer = await calling("frontend-dev")
    key = {"Idempotency-Key": "once"}

    first = await developer.post("/requests", json=body(name), headers=key)
    again = await developer.post("/requests", json=body(name), headers=key)
    other = await developer.post("/requests", json=body(name, tier="micro"), headers=key)

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json()["request_id"] == first.json()["request_id"]
    problem_in(other, 422, "IDEMPOTENCY_MISMATCH")


async def test_a_key_is_ones_own(calling: Caller, name: str) -> None:
    key = {"Idempotency-Key": "shared"}
    mine = await (await calling("frontend-dev")).post("/requests", json=body(name), headers=key)
    theirs = await (await calling("payments-dev")).post(
        "/requests", json=body(f"{name}-p", team="payments"), headers=key
    )

    assert (mine.status_code, theirs.status_code) == (202, 202)
    assert mine.json()["request_id"] != theirs.json()["request_id"]


@pytest.fixture
async def some(portal: Runtime, name: str) -> list[str]:
    """Ids of five requests, oldest first: four of frontend, one of payments."""
    asked = [await submit(portal, f"{name}-{n}") for n in range(3)]
    asked.append(await submit(portal, f"{name}-s", who="frontend-lead", environment="testing"))
    asked.append(await submit(portal, f"{name}-p", who="payments-dev", team="payments"))
    for request in asked:
        await ended(portal, request)
    return [request.request_id for request in asked]


async def test_requests_are_filtered_newest_first(
    calling: Caller, some: list[str], name: str
) -> None:
    admin = await calling("admin")
    for query, wanted in [
        ({}, [4, 3, 2, 1, 0]),
        ({"team": "payments"}, [4]),
        ({"requested_by": "frontend-lead"}, [3]),
        ({"status": "completed", "team": "frontend"}, [3, 2, 1, 0]),
        ({"status": "failed"}, []),
        ({"kind": "provision", "requested_by": "frontend-dev"}, [2, 1, 0]),
        ({"kind": "release"}, []),
        ({"namespace": f"{name}-1"}, [1]),
    ]:
        reply = (await admin.get("/requests", params=query)).json()

        assert [item["request_id"] for item in reply["items"]] == [some[n] for n in wanted], query
        assert (reply["total"], reply["next_cursor"]) == (len(wanted), None), query


async def test_a_cursor_leads_through_all_requests_once(calling: Caller, some: list[str]) -> None:
    admin, seen, cursor = await calling("admin"), [], ""
    while cursor is not None:
        page = (await admin.get("/requests", params={"limit": 2, "cursor": cursor})).json()
        assert page["total"] == 5
        seen.append([item["request_id"] for item in page["items"]])
        cursor = page["next_cursor"]

    assert seen == [[some[4], some[3]], [some[2], some[1]], [some[0]]]


async def test_another_teams_requests_are_not_there(calling: Caller, some: list[str]) -> None:
    stranger = await calling("payments-dev")

    page = (await stranger.get("/requests")).json()
    assert [item["request_id"] for item in page["items"]] == [some[4]]
    assert page["total"] == 1
    asked_for_theirs = (await stranger.get("/requests", params={"team": "frontend"})).json()
    assert (asked_for_theirs["items"], asked_for_theirs["total"]) == ([], 0)
    theirs = problem_in(await stranger.get(f"/requests/{some[0]}"), 404, "NOT_FOUND")
    absent = problem_in(await stranger.get("/requests/req-none"), 404, "NOT_FOUND")
    # Word for word the same, but for the id that was asked for.
    assert theirs["detail"].replace(some[0], "req-none") == absent["detail"]


async def test_a_made_up_cursor_is_a_wrong_field(calling: Caller) -> None:
    admin = await calling("admin")
    for cursor in ["!", "bm9uZQ==", "LTE=", "9" * 400]:
        reply = await admin.get("/requests", params={"cursor": cursor})

        problem_in(reply, 422, "INVALID_FIELD", field="cursor")


@pytest.mark.parametrize("limit", ["0", "201", "many"])
@pytest.mark.produces("INVALID_FIELD")
async def test_a_limit_out_of_range_is_a_wrong_field(calling: Caller, limit: str) -> None:
    reply = await (await calling("admin")).get("/requests", params={"limit": limit})

    problem_in(reply, 422, "INVALID_FIELD", field="limit")


@pytest.mark.parametrize("reader", ["frontend-viewer", "auditor"])
@pytest.mark.produces("NOT_ALLOWED")
async def test_who_only_reads_may_not_ask(
    portal: Runtime, calling: Caller, name: str, reader: str
) -> None:
    reply = await (await calling(reader)).post("/requests", json=body(name))

    problem_in(reply, 403, "NOT_ALLOWED")
    assert portal.requests.in_flight(actor=ADMIN) == ()


async def test_a_token_that_only_reads_may_not_ask(calling: Caller, name: str) -> None:
    reading = await calling("frontend-dev", scopes=frozenset({"read"}))

    problem_in(await reading.post("/requests", json=body(name)), 403, "NOT_ALLOWED")
    assert (await reading.get("/requests")).status_code == 200


async def test_a_request_for_another_team_is_a_wrong_field(calling: Caller, name: str) -> None:
    stranger = await calling("payments-dev")

    theirs = problem_in(
        await stranger.post("/requests", json=body(name)), 422, "INVALID_FIELD", field="team"
    )
    absent = problem_in(
        await stranger.post("/requests", json=body(name, team="nobody")),
        422,
        "INVALID_FIELD",
        field="team",
    )
    assert theirs["detail"].replace("frontend", "nobody") == absent["detail"]


async def test_a_taken_name_is_a_conflict_with_free_ones(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await submit(portal, name)

    reply = await (await calling("frontend-dev")).post("/requests", json=body(name))

    conflict = problem_in(reply, 409, "NS_EXISTS", field="name")
    assert conflict["suggestions"][0] == f"{name}-2"
    assert conflict["errors"] == [
        {"field": "name", "message": conflict["detail"], "code": "NS_EXISTS"}
    ]


async def test_what_a_body_may_not_hold_is_told_at_its_field(calling: Caller) -> None:
    developer = await calling("frontend-dev")
    for sent, field in [
        ({"kind": "provision", "spec": {}, "colour": "red"}, "colour"),
        ({"spec": {"colour": "red", "size": 3}}, "colour"),
        ({"spec": {"network": {"preset": "isolated", "vpn": True}}}, "network.vpn"),
        ({"spec": {"network": "isolated"}}, "network"),
        (body("a", access=[{"kind": "Group", "name": "g"}]), "access[0].role"),
        ({"spec": {"access": [{"kind": "Group", "sudo": "yes"}]}}, "access[0].sudo"),
        ({"spec": {"features": [{"id": "x", "param": {}}]}}, "features[0].param"),
        ({"spec": {"expires_in_days": "soon"}}, "expires_in_days"),
        ({"spec": {"labels": {"a": 1}}}, "labels"),
        ({"kind": "dance", "spec": {}}, "kind"),
        ([], "body"),
        (None, "body"),
    ]:
        reply = await developer.post("/requests", json=sent)

        assert reply.status_code == 422
        assert field in {issue["field"] for issue in reply.json()["errors"]}


async def test_every_broken_rule_is_told_at_once(calling: Caller) -> None:
    wrong = body("Not-A-Label", tier="huge", expires_in_days=9999)
    reply = await (await calling("frontend-dev")).post("/requests", json=wrong)

    problem = problem_in(reply, 422, "NS_NAME_INVALID", field="name")
    assert {issue["field"] for issue in problem["errors"]} == {"name", "tier", "expires_in_days"}


@pytest.mark.produces("INVALID_BODY")
async def test_what_is_no_json_is_refused(calling: Caller) -> None:
    developer = await calling("frontend-dev")
    cases: list[str | bytes] = ["{", "not json", '{"spec": }', b"\xff\xfe"]
    for text in cases:
        reply = await developer.post(
            "/requests", content=text, headers={"Content-Type": "application/json"}
        )

        problem_in(reply, 422, "INVALID_BODY")


async def test_a_refusal_by_role_is_in_the_audit_log(
    portal: Runtime, calling: Caller, name: str
) -> None:
    frontend = await portal.teams.require(TeamName("frontend"))
    readers = replace(frontend.groups, viewer=("payments-devs",))
    await portal.teams.put(replace(frontend, groups=readers), actor=ADMIN, source="test")

    # A developer elsewhere passes the first look; that here the role only reads is seen next.
    reply = await (await calling("payments-dev")).post("/requests", json=body(name))

    problem_in(reply, 403, "NOT_ALLOWED")
    event = await newest_audit(portal)
    assert (event.actor, event.action) == ("payments-dev", "request.submit")
    assert (event.outcome.value, event.namespace) == ("denied", name)
    assert event.correlation_id == reply.headers["x-correlation-id"]


async def test_whoever_needs_approval_says_why_at_every_door(
    portal: Runtime, calling: Caller, name: str
) -> None:
    developer = await calling("frontend-dev")
    staging = {"environment": "staging", "cost_center": "cc"}
    await ended(portal, await submit(portal, name, **staging))
    space, why = f"/namespaces/{name}", {"justification": "The release candidate stays longer."}
    larger = {"kind": "change", "namespace": name, "spec": {"tier": "large"}}
    copy = {"name": f"{name}-b", "spec": {"environment": "production"}}

    for method, path, sent in [
        ("POST", "/requests", body(f"{name}-c", environment="production", cost_center="cc")),
        ("POST", "/requests", larger),
        ("POST", f"{space}/renew", {"days": 200}),
        ("POST", f"{space}/clone", copy),
        ("PATCH", space, {"tier": "large"}),
    ]:
        refused = await developer.request(method, path, json=sent)
        problem_in(refused, 422, "INVALID_FIELD", field="justification")
    renewed = await developer.post(f"{space}/renew", json={"days": 200} | why)

    asked = renewed.json()
    assert (renewed.status_code, asked["phase"]) == (202, "awaiting-approval")
    assert asked["approval"]["needed"] == [{"role": "lead", "count": 1}]
    assert asked["justification"] == why["justification"]
    shown = (await developer.get(space)).json()
    assert shown["renewals"] == {"used": 0, "allowed": 0}


async def test_a_change_says_why_beside_its_patch(
    portal: Runtime, calling: Caller, name: str
) -> None:
    await ended(portal, await submit(portal, name, environment="staging", cost_center="cc"))
    developer, why = await calling("frontend-dev"), "Load tests before the release."

    reply = await developer.patch(
        f"/namespaces/{name}", json={"tier": "large", "justification": why}
    )
    wrong = await developer.patch(f"/namespaces/{name}", json={"justification": ["why"]})

    assert (reply.status_code, reply.json()["justification"]) == (202, why)
    problem_in(wrong, 422, "INVALID_FIELD", field="justification")


async def test_other_numbers_than_the_tiers_are_asked_for_and_waited_for(
    calling: Caller, name: str
) -> None:
    developer, lead = await calling("frontend-dev"), await calling("frontend-lead")
    wished = body(name, overrides={"limits.cpu": 3, "requests.storage": "30Gi"})
    wrong = await developer.post("/requests", json=body(name, overrides={"limits.cpu": "900"}))
    problem_in(wrong, 422, "POLICY_DENY", field="overrides.limits.cpu")

    asked = await developer.post("/requests", json={**wished, "justification": REASON})
    address = f"/requests/{asked.json()['request_id']}"
    assert asked.json()["spec"]["overrides"] == {"limits.cpu": "3", "requests.storage": "30Gi"}
    waiting = (await developer.get(address)).json()
    assert (waiting["phase"], waiting["wait"]["waits_for"]) == ("awaiting-approval", "approval")
    assert waiting["wait"]["position"] is None

    await lead.post(f"{address}/approve", json={"comment": ""})
    preview = (await developer.post("/previews", json=body(f"{name}-2"))).json()
    assert preview["expected_approval_ms"] >= 0
