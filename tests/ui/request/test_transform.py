"""One request's page: outcome, commands, announcements."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
import yaml

from nsaas_app.directory.waiting import Place, Span
from nsaas_app.domain.actors import Role
from nsaas_app.domain.approval import Approval, Decision, Verdict
from nsaas_app.domain.requests import (
    STEPS,
    Phase,
    ProvisioningRequest,
    RequestFailure,
    RequestKind,
    Step,
    StepName,
    StepStatus,
)
from nsaas_app.domain.spec_draft import draft_from_document
from nsaas_app.ui.figures import iso
from nsaas_app.ui.problems import Problem
from nsaas_app.ui.request.transform import announcement_of, outcome_of, request_vars
from nsaas_app.ui.request_views import StepView, wait_text
from tests.support.actors import actor
from tests.ui.examples import NOW, failed_request, finished_request, running_request


def test_a_completed_request_says_how_to_get_in() -> None:
    found = request_vars(
        finished_request(), actor=actor("frontend-dev"), usual=Span(1900, 4000, 9), is_local=True
    )
    assert found["outcome"] == "frontend-shop-dev is ready. It took 2.1 s."
    assert found["usual"] == "1.9 s, nearly always under 4.0 s"
    assert found["commands"]
    assert found["is_completed"]


def test_a_running_request_gives_no_way_in_yet() -> None:
    found = request_vars(running_request(), actor=actor("frontend-dev"), usual=None, is_local=True)
    assert (found["commands"], found["usual"], found["outcome"]) == ([], "", "")


def test_a_failure_is_told_once() -> None:
    request = failed_request()
    found = request_vars(request, actor=actor("frontend-dev"), usual=None, is_local=False)
    assert found["failure"] == Problem()
    assert outcome_of(request) == "It failed and was rolled back: nothing of it is left."


def test_what_was_rejected_ended_at_its_approval() -> None:
    skipped = tuple(
        replace(step, status=StepStatus.SKIPPED, finished_at=NOW, error=None)
        for step in failed_request().steps
    )
    approval = Approval((Role.ADMIN,), "Production.", NOW + timedelta(days=7))
    rejected = replace(
        failed_request(), phase=Phase.REJECTED, steps=skipped, finished_at=NOW, approval=approval
    )
    notes = _notes(rejected)
    assert notes.pop("approval") == ("failed", "rejected")
    assert set(notes.values()) == {("pending", "not reached")}


def test_what_a_failure_cut_off_was_not_reached_however_needed_it_was() -> None:
    """Quota and network policies run side by side: one's failure ends the other."""
    ended = NOW + timedelta(seconds=1)
    at_the_end = {"status": StepStatus.SKIPPED, "finished_at": ended}
    changes: dict[StepName, dict[str, Any]] = {
        StepName.APPROVAL: {"status": StepStatus.SKIPPED, "finished_at": NOW},
        StepName.QUOTA: at_the_end,
        StepName.VERIFY: at_the_end,
    }
    steps = (replace(step, **changes.get(step.name, {})) for step in failed_request().steps)
    notes = _notes(replace(failed_request(), steps=tuple(steps), finished_at=ended))
    assert notes["approval"] == ("skipped", "no approval needed")
    assert notes["quota"] == notes["verify"] == ("pending", "not reached")


def test_what_a_step_wrote_leads_to_the_page_that_shows_it() -> None:
    def links(request: ProvisioningRequest) -> dict[str, str]:
        steps = tuple(
            replace(step, objects=("ResourceQuota/nsaas-quota", "Group/x as viewer"))
            if step.name is StepName.QUOTA
            else step
            for step in request.steps
        )
        request = replace(request, steps=steps)
        found = request_vars(request, actor=actor("frontend-dev"), usual=None, is_local=False)
        shown = cast("list[StepView]", found["steps"])
        return {one.text: one.href for step in shown for one in step.objects}

    assert links(finished_request()) == {
        "ResourceQuota/nsaas-quota": "/namespaces/frontend-shop-dev?tab=quota",
        "Group/x as viewer": "",
    }
    assert set(links(failed_request()).values()) == {""}, "it was taken back"


def test_the_failed_step_carries_the_id_of_its_request() -> None:
    request = failed_request()
    found = request_vars(request, actor=actor("frontend-dev"), usual=None, is_local=False)
    told = [step.problem for step in cast("list[StepView]", found["steps"]) if step.problem.code]
    assert [problem.correlation_id for problem in told] == [request.correlation_id]


def _notes(request: ProvisioningRequest) -> dict[str, tuple[str, str]]:
    found = request_vars(request, actor=actor("frontend-dev"), usual=None, is_local=False)
    steps = cast("list[StepView]", found["steps"])
    return {step.name: (step.status, step.note) for step in steps}


@pytest.mark.parametrize("kind", [RequestKind.RELEASE, RequestKind.DELETE])
def test_after_a_release_nobody_is_told_how_to_get_in(kind: RequestKind) -> None:
    request = replace(finished_request(), kind=kind)
    found = request_vars(request, actor=actor("frontend-dev"), usual=None, is_local=True)
    assert found["commands"] == []
    assert found["is_there"] is (kind is RequestKind.RELEASE)
    assert "is released" in outcome_of(request) or "is deleted" in outcome_of(request)


def test_each_step_is_announced_once_and_the_end_too() -> None:
    steps = STEPS[RequestKind.PROVISION]
    said = [announcement_of(running_request(step)) for step in steps]
    assert [*said, announcement_of(finished_request())] == [
        "",
        "Step 1 of 9, checks, done",
        "Step 2 of 9, approval, done",
        "Step 3 of 9, namespace, done",
        "Step 4 of 9, quota, done",
        "Step 5 of 9, container defaults, done",
        "Step 6 of 9, network policies, done",
        "Step 7 of 9, features, done",
        "Step 8 of 9, access, done",
        "frontend-shop-dev is ready. It took 2.1 s.",
    ]


def test_steps_that_end_together_are_each_announced() -> None:
    running = running_request(StepName.FEATURES)
    assert announcement_of(running, told=3) == (
        "Step 4 of 9, quota, done. Step 5 of 9, container defaults, done. "
        "Step 6 of 9, network policies, done"
    )
    assert announcement_of(running, told=6) is None
    late = announcement_of(running)
    assert late == announcement_of(running, told=8) == "Step 6 of 9, network policies, done"


def test_what_waits_for_a_better_moment_says_when_it_goes_on() -> None:
    failure = RequestFailure("API_UNREACHABLE", "The cluster is silent.", retry_at=NOW)
    paused = replace(running_request(), phase=Phase.RETRYING, failure=failure)
    found = request_vars(paused, actor=actor("frontend-dev"), usual=None, is_local=False)
    assert found["is_paused"]
    assert str(found["retry_at"]).startswith(NOW.strftime("%Y-%m-%dT%H:%M:%S"))
    steps = tuple(
        replace(step, error=failure) if step.status is StepStatus.RUNNING else step
        for step in running_request().steps
    )
    trying = request_vars(
        replace(running_request(), steps=steps),
        actor=actor("frontend-dev"),
        usual=None,
        is_local=False,
    )
    assert (trying["is_paused"], trying["retry_at"]) == (True, ""), "it stays while the try runs"
    running = request_vars(
        running_request(), actor=actor("frontend-dev"), usual=None, is_local=False, wait="1 of 2"
    )
    assert (running["is_paused"], running["retry_at"]) == (False, "")


def test_what_a_failed_request_had_written_is_named_and_what_it_looked_at_is_not() -> None:
    steps = tuple(
        replace(step, status=StepStatus.DONE, objects=(f"Kind/{step.name}",))
        for step in failed_request().steps
    )
    failed = replace(failed_request(), steps=steps)
    found = request_vars(failed, actor=actor("frontend-dev"), usual=None, is_local=False)
    taken_back = found["taken_back"]
    assert isinstance(taken_back, list)
    assert {"Kind/namespace", "Kind/quota"} <= set(taken_back)
    assert not {"Kind/checks", "Kind/verify"} & set(taken_back)
    partly = replace(failed, failure=RequestFailure("ROLLBACK_PARTIAL", "Something stayed."))
    found = request_vars(partly, actor=actor("frontend-dev"), usual=None, is_local=False)
    assert found["taken_back"] == []


def test_what_was_asked_can_be_applied_again() -> None:
    found = request_vars(
        finished_request(), actor=actor("frontend-dev"), usual=None, is_local=False
    )
    document = yaml.safe_load(str(found["document"]))
    assert document["kind"] == "NamespaceRequest"
    wish = draft_from_document({**document["spec"], "name": document["metadata"]["name"]})
    assert wish.name == "frontend-shop-dev"


def test_a_place_in_the_queue_is_told_with_what_others_waited() -> None:
    place, few, many = Place(2, 5), Span(1200, 9000, 2), Span(1200, 9000, 40)
    assert wait_text(None, many) == ""
    assert wait_text(place, None) == "2 of 5 in the queue"
    assert wait_text(place, few) == "2 of 5 in the queue, starts usually within 1.2 s"
    assert wait_text(place, many).endswith("within 1.2 s, nearly always within 9.0 s")


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (RequestKind.PROVISION, ["pods", "quota", "rights"]),
        (RequestKind.SLEEP, []),
        (RequestKind.WAKE, ["start"]),
        (RequestKind.RESTORE, ["rights", "pods"]),
        (RequestKind.RELEASE, []),
    ],
)
def test_what_comes_next_fits_what_was_done(kind: RequestKind, keys: list[str]) -> None:
    request = replace(finished_request(), kind=kind)
    found = request_vars(request, actor=actor("frontend-dev"), usual=None, is_local=False)
    assert [one.key for one in found["commands"]] == keys  # type: ignore[attr-defined]
    assert found["may_wake"] is (kind is RequestKind.SLEEP)


def _waiting(*, is_approved: bool = False) -> ProvisioningRequest:
    said = Decision("ada", Role.LEAD, Verdict.APPROVED, "", NOW + timedelta(minutes=2))
    approval = Approval(
        (Role.LEAD,), "Production.", NOW + timedelta(days=7), (said,) if is_approved else ()
    )
    request = finished_request() if is_approved else running_request()
    if is_approved:
        return replace(request, approval=approval, finished_at=NOW + timedelta(minutes=3))
    steps = tuple(Step(step.name) for step in request.steps)
    return replace(request, phase=Phase.AWAITING_APPROVAL, approval=approval, steps=steps)


def test_what_waits_for_approval_stands_at_that_step() -> None:
    usual = Span(455, 455, 1)
    found = request_vars(_waiting(), actor=actor("frontend-dev"), usual=usual, is_local=True)
    steps = cast("list[StepView]", found["steps"])
    current = [step for step in steps if step.is_running]
    assert [(one.name, one.tone, one.aside) for one in current] == [
        ("approval", "waiting", "waits for approval")
    ]
    assert current[0].started_at == iso(NOW)
    assert {step.note for step in steps if step not in current} == {"after approval"}
    assert found["usual"] == "455 ms once approved"


def test_an_approval_took_as_long_as_it_was_waited_for() -> None:
    found = request_vars(
        _waiting(is_approved=True), actor=actor("frontend-dev"), usual=None, is_local=True
    )
    took = {step.name: step.took for step in cast("list[StepView]", found["steps"])}
    assert (took["approval"], took["quota"]) == ("2 min 0 s", "250 ms")
