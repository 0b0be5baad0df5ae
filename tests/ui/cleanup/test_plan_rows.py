"""Lines of plans as they are shown: what failed can be tried again or taken back, and says so."""

from dataclasses import replace

import pytest

from nsaas_app.domain.cleanup import Impact, Reason, Stage
from nsaas_app.domain.cleanup_plans import Action, ActionState, Line, LineState, Plan, PlanState
from nsaas_app.domain.cleanup_recourse import advice, retried
from nsaas_app.ui.cleanup.plan_rows import PlanLine, PlanLink
from nsaas_app.ui.cleanup.transform import impact_words
from tests.support.specs import NOW

DONE, FAILED = ActionState.DONE, ActionState.FAILED
STATES = {Stage.NOTIFY: DONE, Stage.SLEEP: DONE, Stage.REVOKE: DONE, Stage.EXPORT: DONE}


def line(**last: ActionState) -> Line:
    states = STATES | {Stage(stage): state for stage, state in last.items()}
    actions = tuple(
        Action(f"plan-1.0.{stage}", stage, state=state, request_id=f"req-{stage}")
        for stage, state in states.items()
    )
    return Line("shop", "u-1", "frontend", "development", (Reason.IDLE,), (), Impact(),
                LineState.FAILED, "It was refused.", actions)  # fmt: skip


def plan(*lines: Line, state: PlanState = PlanState.DONE) -> Plan:
    return Plan("plan-1", "local", Stage.DELETE, state, "admin", NOW, "c", lines=lines,
                confirmed_by="admin", confirmed_at=NOW)  # fmt: skip


def test_a_failed_deletion_is_tried_again_or_access_given_back() -> None:
    failed = line(delete=FAILED)
    shown = PlanLine.of(failed, plan(failed), would="")
    assert (shown.retry_word, shown.retry_id) == ("Retry delete", "plan-1.0.delete")
    assert (shown.undo_word, shown.undo_id) == ("Undo revoke", "plan-1.0.revoke")
    assert shown.advice.startswith("Nobody has access to it")
    assert PlanLink.of(plan(failed)).word == "Done, 1 failed"


def test_nothing_of_a_stopped_plan_begins_anew() -> None:
    failed = line(delete=FAILED)
    stopped = PlanLine.of(failed, plan(failed, state=PlanState.STOPPED), would="")
    assert (stopped.retry_id, stopped.undo_word) == ("", "Undo revoke")
    assert "undo revoke to let people in again" in stopped.advice


@pytest.mark.parametrize("state", [LineState.RUNNING, LineState.UNDONE])
def test_who_goes_on_or_is_back_needs_no_advice(state: LineState) -> None:
    revoke = ActionState.UNDONE if state is LineState.UNDONE else DONE
    other = replace(line(revoke=revoke, delete=ActionState.PENDING), state=state)
    assert advice(other, plan(other)) == ""


def test_each_attempt_is_found_by_a_key_of_its_own() -> None:
    failed = line(delete=FAILED)
    again = retried(failed, failed.actions[-1], now=NOW)
    assert (again.state, again.actions[-1].state) == (LineState.RUNNING, ActionState.PENDING)
    assert again.actions[-1].due_at == NOW
    keys = {failed.actions[-1].key, again.actions[-1].key}
    assert keys == {"plan-1.0.delete", "plan-1.0.delete.1"}


def test_cloud_resources_are_named_and_the_unknown_is_no_zero() -> None:
    names = [f"Bucket.s3.services.k8s.aws/b-{number}" for number in range(5)]
    found = Impact(cloud_resources=tuple(names), unseen=("Thing.x.azure.com",))
    words = "5 cloud resources: Bucket b-0, Bucket b-1, Bucket b-2 and 2 more"
    assert impact_words(found) == f"{words}, unknown: Thing.x.azure.com"
