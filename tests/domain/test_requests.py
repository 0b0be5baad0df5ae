"""Requests: four public words, finer phases beneath, steps in one order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nsaas_app.domain.actors import Role
from nsaas_app.domain.approval import Approval, Decision, Verdict
from nsaas_app.domain.requests import (
    STEPS,
    TERMINAL_PHASES,
    Phase,
    ProvisioningRequest,
    RequestKind,
    RequestStatus,
    Step,
    StepName,
)
from tests.support.specs import NOW, spec_of

STATUS = {
    "queued": "pending",
    "awaiting-approval": "pending",
    "running": "provisioning",
    "verifying": "provisioning",
    "retrying": "provisioning",
    "rolling-back": "provisioning",
    "done": "completed",
    "rolled-back": "failed",
    "cancelled": "failed",
    "rejected": "failed",
    "expired": "failed",
}


def request(phase: Phase) -> ProvisioningRequest:
    spec = spec_of()
    return ProvisioningRequest(
        request_id="r1",
        kind=RequestKind.PROVISION,
        namespace=spec.name,
        team=spec.team,
        phase=phase,
        spec=spec,
        requested_by="frontend-dev",
        correlation_id="c1",
        created_at=NOW,
    )


def test_every_phase_has_its_status() -> None:
    assert {phase.value: phase.status.value for phase in Phase} == STATUS


@pytest.mark.parametrize("phase", Phase)
def test_a_request_has_ended_when_its_status_says_so(phase: Phase) -> None:
    has_ended = phase.status in (RequestStatus.COMPLETED, RequestStatus.FAILED)
    assert request(phase).is_terminal == has_ended
    assert (phase in TERMINAL_PHASES) == has_ended


def test_the_steps_are_in_this_order() -> None:
    assert " ".join(StepName) == (
        "checks approval export namespace quota limits network features access workloads verify"
    )


def test_a_step_took_as_long_as_between_its_two_times() -> None:
    step = Step(StepName.QUOTA, started_at=NOW)
    assert step.duration is None
    assert Step(StepName.QUOTA, finished_at=NOW).duration is None
    later = NOW + timedelta(seconds=3)
    assert replace(step, finished_at=later).duration == timedelta(seconds=3)


def test_a_request_took_as_long_as_from_submit_to_end() -> None:
    running = request(Phase.RUNNING)
    assert running.duration is None
    ended = replace(running, started_at=NOW + timedelta(seconds=5), finished_at=NOW + timedelta(9))
    assert ended.duration == timedelta(9)


@pytest.mark.parametrize("kind", STEPS)
def test_every_kind_checks_first_and_verifies_last(kind: RequestKind) -> None:
    steps = STEPS[kind]
    assert (steps[0], steps[-1]) == (StepName.CHECKS, StepName.VERIFY)
    assert list(steps) == [step for step in StepName if step in steps]


def test_the_time_a_request_took_leaves_out_the_wait_for_approval() -> None:
    said_yes = NOW + timedelta(days=2)
    decision = Decision("lead", Role.LEAD, Verdict.APPROVED, "", said_yes)
    approval = Approval((Role.LEAD,), "why", NOW + timedelta(days=7), (decision,))
    ended = replace(request(Phase.DONE), finished_at=said_yes + timedelta(seconds=3))

    assert ended.duration == timedelta(days=2, seconds=3)
    assert replace(ended, approval=approval).duration == timedelta(seconds=3)


def test_what_was_retried_took_as_long_as_its_last_run() -> None:
    ended = replace(request(Phase.DONE), finished_at=NOW + timedelta(hours=2))
    retried_at = NOW + timedelta(hours=2, seconds=-4)
    assert replace(ended, queued_at=retried_at).duration == timedelta(seconds=4)
    behind, ahead = NOW - timedelta(seconds=1), NOW + timedelta(hours=3)
    for of_another_clock in (behind, ahead):
        assert replace(ended, queued_at=of_another_clock).duration == timedelta(hours=2)
