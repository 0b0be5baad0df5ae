"""Who may decide and steer a request, and how its approval reads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nsaas_app.domain.actors import Role
from nsaas_app.domain.approval import Approval, Decision, Verdict
from nsaas_app.domain.requests import Phase, ProvisioningRequest
from nsaas_app.ui.decisions.transform import (
    FOUR_EYES,
    ApprovalView,
    Steering,
    count_decidable,
    decide_reason,
    steer_reason,
)
from tests.support.actors import actor
from tests.ui.examples import NOW, failed_request, finished_request, running_request

LEAD_SAID_YES = Decision("frontend-lead", Role.LEAD, Verdict.APPROVED, "Fine", NOW)


def waiting(*decisions: Decision, **changes: object) -> ProvisioningRequest:
    """A request that needs a lead and an admin."""
    approval = Approval((Role.LEAD, Role.ADMIN), "Production.", NOW + timedelta(days=7), decisions)
    request = replace(running_request(), phase=Phase.AWAITING_APPROVAL, approval=approval)
    return replace(request, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("frontend-lead", ""),
        ("admin", ""),
        ("frontend-dev", "Leads of team frontend and platform admins decide."),
        ("payments-lead", "Leads of team frontend and platform admins decide."),
        ("auditor", "Leads of team frontend and platform admins decide."),
    ],
)
def test_who_cannot_decide_reads_why(who: str, reason: str) -> None:
    assert decide_reason(waiting(), actor(who)) == reason


def test_nobody_decides_their_own_request() -> None:
    own = waiting(requested_by="frontend-lead")
    assert decide_reason(own, actor("frontend-lead")) == FOUR_EYES


def test_nobody_decides_twice() -> None:
    reason = decide_reason(waiting(LEAD_SAID_YES), actor("frontend-lead"))
    assert reason == "You have decided already; somebody else must."


def test_a_lead_cannot_speak_for_an_admin() -> None:
    by_another = replace(LEAD_SAID_YES, actor="another-lead")
    reason = decide_reason(waiting(by_another), actor("frontend-lead"))
    assert reason == "This waits for a platform admin."


def test_what_has_moved_on_waits_for_nobody() -> None:
    assert decide_reason(finished_request(), actor("admin")) == "It waits for nobody any more."


def test_the_count_is_of_what_waits_for_this_very_person() -> None:
    requests = [waiting(), waiting(LEAD_SAID_YES), waiting(requested_by="admin")]
    assert count_decidable(requests, actor("admin")) == 2
    assert count_decidable(requests, actor("frontend-lead")) == 2
    assert count_decidable(requests, actor("payments-lead")) == 0


def test_an_approval_tells_who_spoke_and_who_is_outstanding() -> None:
    view = ApprovalView.from_request(waiting(LEAD_SAID_YES), actor("admin"))
    assert (view.waits_for, view.reason, view.is_waiting) == ("a platform admin", "", True)
    assert [(line.actor, line.role, line.word) for line in view.decisions] == [
        ("frontend-lead", "as lead", "Approved")
    ]
    assert ApprovalView.from_request(finished_request(), actor("admin")) == ApprovalView()


def test_the_end_of_the_waiting_names_who_ended_it() -> None:
    granted = waiting(LEAD_SAID_YES, phase=Phase.RUNNING)
    by_me = ApprovalView.from_request(granted, actor("frontend-lead"))
    assert (by_me.settled, by_me.settled_at) == ("You approved it", "2026-11-24T12:00:00.000Z")
    by_another = ApprovalView.from_request(granted, actor("frontend-dev"))
    assert by_another.settled == "frontend-lead approved it"
    cancelled = waiting(LEAD_SAID_YES, phase=Phase.CANCELLED, finished_at=NOW)
    assert (
        ApprovalView.from_request(cancelled, actor("admin")).settled == "The request is cancelled"
    )
    assert ApprovalView.from_request(waiting(), actor("admin")).settled == ""


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("frontend-dev", ""),
        ("frontend-lead", ""),
        ("admin", ""),
        ("frontend-viewer", "Your role reads only."),
    ],
)
def test_who_cannot_steer_reads_why(who: str, reason: str) -> None:
    assert steer_reason(running_request(), actor(who)) == reason


def test_a_developer_steers_only_their_own() -> None:
    others = replace(running_request(), requested_by="frontend-lead")
    reason = steer_reason(others, actor("frontend-dev"))
    assert reason == "Only frontend-lead or a lead of team frontend can do this."


def test_a_stop_is_offered_while_there_is_something_to_stop() -> None:
    me = actor("frontend-dev")
    assert Steering.from_request(running_request(), me).can_cancel
    assert not Steering.from_request(finished_request(), me).can_cancel
    assert "ends at once" in Steering.from_request(waiting(), me).effect


def test_what_was_rolled_back_or_waits_for_a_better_moment_is_retried() -> None:
    me = actor("frontend-dev")
    assert Steering.from_request(replace(running_request(), phase=Phase.RETRYING), me).can_retry
    assert not Steering.from_request(running_request(), me).can_retry
    assert Steering.from_request(failed_request(), me).can_retry
    rejected = replace(failed_request(), phase=Phase.REJECTED)
    assert not Steering.from_request(rejected, me).can_retry
