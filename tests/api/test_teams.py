"""Teams over REST: created, changed by who may, and never by two people over one another."""

import pytest

from nsaas_app.domain.audit import AuditFilter, Outcome
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor

RISK = {
    "display_name": "Risk",
    "cost_center": "r-1",
    "groups": {"lead": ["risk-leads"], "developer": ["risk-devs", "frontend-devs"]},
    "budget": {"namespaces": 3, "requests.cpu": "8"},
}


async def events(portal: Runtime, action: str) -> list[tuple[str, Outcome]]:
    found = await portal.audit_trail.find(AuditFilter(action=action), actor=actor("admin"), limit=9)
    return [(event.actor, event.outcome) for event in found.items]


async def test_an_admin_creates_a_team_and_its_groups_belong_to_it_at_once(
    portal: Runtime, calling: Caller
) -> None:
    admin, developer = await calling("admin"), await calling("frontend-dev")
    problem_in(await developer.get("/teams/risk"), 404, "NOT_FOUND")

    created = await admin.put("/teams/risk", json=RISK)

    assert created.status_code == 200, created.text
    team = created.json()
    assert (team["name"], team["display_name"], team["cost_center"]) == ("risk", "Risk", "r-1")
    assert team["groups"] == {"viewer": [], **RISK["groups"]}  # type: ignore[dict-item]
    assert team["budget"] == {
        "namespaces": 3,
        "per_environment": {"development": 5, "testing": 5, "staging": 3, "production": 3},
        "requests.cpu": "8",
        "requests.memory": "32Gi",
        "requests.storage": "400Gi",
    }
    assert team["used"]["namespaces"] == 0
    assert created.headers["ETag"] == f'"{team["version"]}"'
    mine = (await developer.get("/teams")).json()
    assert [one["name"] for one in mine["items"]] == ["frontend", "risk"]
    assert await events(portal, "team.put") == [("admin", Outcome.COMPLETED)]

    again = await admin.put("/teams/risk", json=RISK)
    assert again.json()["version"] == team["version"]
    assert len(await events(portal, "team.put")) == 1


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("frontend-lead", 403, "NOT_ALLOWED"),
        ("frontend-viewer", 403, "NOT_ALLOWED"),
        ("auditor", 403, "NOT_ALLOWED"),
    ],
)
async def test_nobody_else_sets_a_budget(calling: Caller, who: str, status: int, code: str) -> None:
    caller = await calling(who)
    problem_in(await caller.put("/teams/frontend", json={"budget": 7}), status, code)


@pytest.mark.produces("CHANGED_MEANWHILE")
async def test_the_second_of_two_editors_is_told(calling: Caller) -> None:
    admin, lead = await calling("admin"), await calling("frontend-lead")
    seen = (await admin.get("/teams/frontend")).headers["ETag"]
    groups = {"groups": {"viewer": ["everybody"]}}
    assert (await lead.put("/teams/frontend/members", json=groups)).status_code == 200

    late = await admin.put(
        "/teams/frontend", json={"display_name": "Mine"}, headers={"If-Match": seen}
    )
    problem_in(late, 409, "CHANGED_MEANWHILE")
    team = await admin.get("/teams/frontend")
    assert team.json()["groups"]["viewer"] == ["everybody"]
    fresh = {"If-Match": team.headers["ETag"]}
    done = await admin.put("/teams/frontend", json={"display_name": "Mine"}, headers=fresh)
    assert done.json()["display_name"] == "Mine"


async def test_fields_are_refused_by_name(calling: Caller) -> None:
    admin = await calling("admin")
    problem = problem_in(
        await admin.put("/teams/frontend", json={"owner": "me", "budget": {"namespaces": -1}}),
        422,
        "INVALID_FIELD",
        field="owner",
    )
    assert {issue["field"] for issue in problem["errors"]} == {"owner", "budget.namespaces"}
    problem_in(await admin.put("/teams/Not_A_Name", json={}), 422, "INVALID_FIELD", field="team")
    problem_in(await admin.put("/teams/frontend", json=[1]), 422, "INVALID_FIELD", field="body")


async def test_members_are_those_seen_with_a_group(calling: Caller) -> None:
    lead, viewer = await calling("frontend-lead"), await calling("frontend-viewer")
    await calling("payments-dev")

    found = (await viewer.get("/teams/frontend/members")).json()

    assert [(one["subject"], one["role"], one["groups"]) for one in found["items"]] == [
        ("frontend-lead", "lead", ["frontend-leads"]),
        ("frontend-viewer", "viewer", ["frontend-viewers"]),
    ]
    assert {one["name"]: one["seen"] for one in found["groups"]} == {
        "frontend-leads": 1, "frontend-devs": 0, "frontend-viewers": 1,
    }  # fmt: skip
    problem_in(await lead.get("/teams/payments/members"), 404, "NOT_FOUND")


async def test_a_lead_says_which_groups_belong_and_does_not_shut_itself_out(
    portal: Runtime, calling: Caller
) -> None:
    lead, developer = await calling("frontend-lead"), await calling("frontend-dev")
    path = "/teams/frontend/members"
    problem_in(await developer.put(path, json={"groups": {}}), 403, "NOT_ALLOWED")
    without = {"groups": {"lead": ["others"]}}
    problem_in(await lead.put(path, json=without), 422, "INVALID_FIELD", field="groups.lead")
    stolen = await lead.put("/teams/payments/members", json={"groups": {"lead": ["others"]}})
    problem_in(stolen, 404, "NOT_FOUND")

    changed = await lead.put(path, json={"groups": {"developer": ["contractors"]}})

    assert [one["name"] for one in changed.json()["groups"]] == [
        "frontend-leads", "contractors", "frontend-viewers",
    ]  # fmt: skip
    assert (await developer.get("/me")).json()["teams"] == {}
    assert await events(portal, "team.members") == [
        ("frontend-lead", Outcome.COMPLETED),
        ("frontend-lead", Outcome.DENIED),
    ]
