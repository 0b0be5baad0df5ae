"""A candidate's row says where the plan that names it stands, and what comes next."""

from dataclasses import replace
from datetime import timedelta

from nsaas_app.domain.cleanup import (
    Candidate,
    Confidence,
    Evidence,
    Impact,
    Reason,
    Reclaim,
    Stage,
)
from nsaas_app.domain.cleanup_plans import Action, ActionState, Line, LineState, Plan, PlanState
from nsaas_app.ui.cleanup.transform import CandidateRow
from tests.support.specs import NOW

SHOP = Candidate("shop", "local", "u-1", "frontend", "development", "active", "ada",
                 (Reason.IDLE,), (), (), Confidence.STRONG, Impact(), Reclaim(), NOW)  # fmt: skip
ACTIONS = (
    Action("plan-1.0.notify", Stage.NOTIFY, state=ActionState.DONE),
    Action("plan-1.0.sleep", Stage.SLEEP, due_at=NOW + timedelta(days=6)),
)
LINE = Line("shop", "u-1", "frontend", "development", (Reason.IDLE,), (), Impact(),
            LineState.RUNNING, "", ACTIONS)  # fmt: skip
RUNNING = Plan("plan-1", "local", Stage.SLEEP, PlanState.RUNNING, "admin", NOW, "c", lines=(LINE,),
               confirmed_by="admin", confirmed_at=NOW)  # fmt: skip
PLANNED = replace(RUNNING, plan_id="plan-2", state=PlanState.PLANNED)


def test_what_was_done_and_what_comes_next() -> None:
    row = CandidateRow.of(SHOP, selected=(), plans=(PLANNED, RUNNING))
    assert (row.stage, row.coming) == ("Done: notify", "sleep")
    assert row.coming_at == "2030-01-08T03:04:05.000Z"
    assert row.plan_href == "/cleanup?plan=plan-1"


def test_a_plan_that_nobody_confirmed_does_nothing_next() -> None:
    called = {SHOP.team: "The Shop"}
    row = CandidateRow.of(SHOP, selected=(), plans=(PLANNED,), called=called)
    assert row.team == "The Shop"
    assert (row.stage, row.coming, row.plan_href) == ("Planned", "", "/cleanup?plan=plan-2")


def test_another_namespace_of_the_same_name_is_in_no_plan() -> None:
    other = replace(SHOP, uid="u-2")
    assert CandidateRow.of(other, selected=(), plans=(RUNNING,)).stage == ""
    undone = replace(RUNNING, lines=(replace(LINE, state=LineState.UNDONE),))
    assert CandidateRow.of(SHOP, selected=(), plans=(undone,)).stage == ""


def test_each_piece_of_evidence_has_a_name_of_its_own() -> None:
    def full(resource: str) -> Evidence:
        reason = Reason.OVER_QUOTA
        return Evidence(reason, "over-quota", f"{resource} full", "14 d", "quota", NOW, NOW)

    row = CandidateRow.of(replace(SHOP, evidence=(full("cpu"), full("pods"))), selected=())
    assert [chip.key for chip in row.chips] == ["over-quota-over-quota", "over-quota-over-quota-2"]
    assert (row.chips[1].text, row.chips[1].since) == ("pods full", "2030-01-02T03:04:05.000Z")
