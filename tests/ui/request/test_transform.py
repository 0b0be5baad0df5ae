"""One request's page: outcome, commands, announcements."""

from dataclasses import replace

import pytest

from nsaas_app.directory.waiting import Span
from nsaas_app.domain.requests import STEPS, Phase, RequestKind, StepName, StepStatus
from nsaas_app.ui.problems import Problem
from nsaas_app.ui.request.transform import announcement_of, outcome_of, request_vars
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


def test_what_was_rejected_reached_no_step() -> None:
    skipped = tuple(replace(step, status=StepStatus.SKIPPED) for step in failed_request().steps)
    rejected = replace(failed_request(), phase=Phase.REJECTED, steps=skipped, started_at=None)
    found = request_vars(rejected, actor=actor("frontend-dev"), usual=None, is_local=False)
    assert {step.note for step in found["steps"]} == {"not reached"}  # type: ignore[attr-defined]


def test_steps_behind_the_failed_one_were_not_reached() -> None:
    steps = failed_request().steps
    skipped = tuple(
        replace(step, status=StepStatus.SKIPPED)
        if step.status is StepStatus.PENDING or step.name is StepName.APPROVAL
        else step
        for step in steps
    )
    failed = replace(failed_request(), steps=skipped, started_at=NOW)
    found = request_vars(failed, actor=actor("frontend-dev"), usual=None, is_local=False)
    notes = {step.name: step.note for step in found["steps"]}  # type: ignore[attr-defined]
    assert notes["approval"] == "not needed"
    assert notes["verify"] == "not reached"


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
