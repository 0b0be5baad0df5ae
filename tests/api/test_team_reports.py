"""Reports on a team over REST: its shares, its scorecard, and the review of its access."""

from nsaas_app.domain.audit import AuditFilter, Outcome
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller
from tests.api.problems import problem_in
from tests.support.actors import actor

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
