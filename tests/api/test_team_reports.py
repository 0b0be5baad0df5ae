"""Reports on a team over REST: its shares, its scorecard, and the review of its access."""

from nsaas_app.domain.audit import AuditFilter, Outcome
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor


async def events(portal: Runtime, action: str) -> list[tuple[str, Outcome]]:
    found = await portal.audit_trail.find(AuditFilter(action=action), actor=actor("admin"), limit=9)
    return [(event.actor, event.outcome) for event in found.items]


REVIEW = "/teams/frontend/access-review"


async def test_a_lead_confirms_access_and_the_log_keeps_what_was_confirmed(
    portal: Runtime, calling: Caller
) -> None:
    viewer, lead = await calling("frontend-viewer"), await calling("frontend-lead")
    before = (await viewer.get(REVIEW)).json()
    assert before["reviewed_at"] is None
    assert not before["is_due"]

    done = await lead.post(REVIEW)

    assert done.status_code == 200, done.text
    assert done.json()["reviewed_by"] == "frontend-lead"
    after = (await viewer.get(REVIEW)).json()
    assert after == done.json()
    assert after["due_at"] > before["due_at"]
    found = await portal.audit_trail.find(
        AuditFilter(action="team.review"), actor=actor("admin"), limit=2
    )
    (event,) = found.items
    assert (event.actor, event.team, event.outcome) == (
        "frontend-lead", "frontend", Outcome.COMPLETED,
    )  # fmt: skip
    assert event.after is not None
    assert event.after["groups"]["lead"] == ["frontend-leads"]


async def test_groups_that_were_not_seen_are_not_confirmed(calling: Caller) -> None:
    lead, admin = await calling("frontend-lead"), await calling("admin")
    seen = {"If-Match": (await lead.get(REVIEW)).headers["ETag"]}
    others = {"viewer": ["everybody"]}
    assert (await admin.put("/teams/frontend/members", json=others)).status_code == 200

    problem_in(await lead.post(REVIEW, headers=seen), 409, "CHANGED_MEANWHILE")
    assert (await lead.get(REVIEW)).json()["reviewed_at"] is None

    now = {"If-Match": (await lead.get(REVIEW)).headers["ETag"]}
    assert (await lead.post(REVIEW, headers=now)).json()["reviewed_by"] == "frontend-lead"


async def test_nobody_else_confirms_it_and_the_try_is_written_down(
    portal: Runtime, calling: Caller
) -> None:
    developer, stranger = await calling("frontend-dev"), await calling("payments-lead")
    problem_in(await developer.post(REVIEW), 403, "NOT_ALLOWED")
    problem_in(await stranger.post(REVIEW), 404, "NOT_FOUND")
    problem_in(await stranger.get(REVIEW), 404, "NOT_FOUND")
    # Whose role includes it nowhere does not get as far as the log.
    denied = AuditFilter(action="team.review", outcome=Outcome.DENIED.value)
    found = await portal.audit_trail.find(denied, actor=actor("admin"), limit=5)
    assert [(event.actor, event.object) for event in found.items] == [
        ("payments-lead", "team/frontend")
    ]


async def test_shares_and_scorecard_are_for_those_who_see_the_team(calling: Caller) -> None:
    lead, stranger = await calling("frontend-lead"), await calling("payments-dev")
    spec = {"name": "scored-dev", "team": "frontend", "environment": "development"}
    assert (await lead.post("/requests", json={"spec": spec})).status_code == 202

    shares = (await lead.get("/teams/frontend/shares")).json()
    assert [(one["namespace"], one["reserved"]) for one in shares["items"]] == [
        ("scored-dev", True)
    ]
    card = (await lead.get("/teams/frontend/scorecard")).json()
    assert 0 <= card["score"] <= 100
    assert all(rule["kept"] is not False or rule["improve"] for rule in card["rules"])
    for report in ("shares", "scorecard"):
        problem_in(await stranger.get(f"/teams/frontend/{report}"), 404, "NOT_FOUND")


ASK = {
    "budget": {"requests.cpu": "210", "per_environment": {"staging": 120}},
    "reason": "The shop opens in three more countries.",
}
ASKS = "/teams/frontend/budget-requests"


async def test_a_lead_asks_for_budget_and_an_admin_finds_it_until_it_is_set(
    portal: Runtime, calling: Caller
) -> None:
    lead, admin, viewer = [
        await calling(who) for who in ("frontend-lead", "admin", "frontend-viewer")
    ]
    asked = await lead.post(ASKS, json=ASK)
    assert asked.status_code == 202, asked.text
    assert asked.json()["wanted"] == {"requests.cpu": "210", "per_environment": {"staging": 120}}
    again = await lead.post(ASKS, json=ASK)
    assert again.json()["id"] == asked.json()["id"]

    (item,) = portal.lifetime.inbox.of(actor("admin"))
    assert "CPU requests 200 → 210" in item.notice.title
    assert portal.lifetime.inbox.of(actor("frontend-lead")) == ()
    assert (await viewer.get(ASKS)).json()["total"] == 1
    assert [outcome for _, outcome in await events(portal, "team.budget-ask")] == [
        Outcome.COMPLETED
    ]

    await admin.put("/teams/frontend", json={"budget": {"requests.cpu": "210"}})
    assert (await viewer.get(ASKS)).json()["total"] == 1
    more = {"budget": {"per_environment": {"staging": 120}}}
    await admin.put("/teams/frontend", json=more)
    assert (await viewer.get(ASKS)).json()["total"] == 0


async def test_a_no_comes_with_its_reason_and_the_wish_may_come_again(
    portal: Runtime, calling: Caller
) -> None:
    lead, admin = await calling("frontend-lead"), await calling("admin")
    ask_id = (await lead.post(ASKS, json=ASK)).json()["id"]
    decline = f"{ASKS}/decline"
    empty = await admin.post(decline, json={"id": ask_id, "comment": " "})
    problem_in(empty, 422, "INVALID_FIELD", field="comment")
    problem_in(await admin.post(decline, json={"id": "none", "comment": "No."}), 404, "NOT_FOUND")
    problem_in(await lead.post(decline, json={"id": ask_id, "comment": "No."}), 403, "NOT_ALLOWED")

    done = await admin.post(decline, json={"id": ask_id, "comment": "Not before the new nodes."})

    assert done.json()["total"] == 0
    (item,) = portal.lifetime.inbox.of(actor("frontend-lead"))
    assert item.notice.text == "Not before the new nodes."
    second = await lead.post(ASKS, json=ASK)
    assert second.json()["id"] != ask_id


async def test_a_wish_that_is_none_is_refused_at_its_field(calling: Caller) -> None:
    lead = await calling("frontend-lead")
    for body, field in [
        ({"budget": {}, "reason": ASK["reason"]}, "budget"),
        ({"budget": {"requests.cpu": "1"}, "reason": ASK["reason"]}, "budget.requests.cpu"),
        ({"budget": {"requests.cpu": "lots"}, "reason": ASK["reason"]}, "budget.requests.cpu"),
        ({"budget": {"requests.cpu": "210"}, "reason": "More."}, "reason"),
    ]:
        problem_in(await lead.post(ASKS, json=body), 422, "INVALID_FIELD", field=field)


async def test_nobody_else_asks_and_no_other_team_knows(calling: Caller) -> None:
    problem_in(await (await calling("frontend-dev")).post(ASKS, json=ASK), 403, "NOT_ALLOWED")
    stranger = await calling("payments-lead")
    problem_in(await stranger.post(ASKS, json=ASK), 404, "NOT_FOUND")
    problem_in(await stranger.get(ASKS), 404, "NOT_FOUND")
