"""How provisioning goes: times by step, their spread, failures by code, and whose they are."""

from datetime import timedelta

import pytest

from nsaas_app.directory.feed import Feed
from nsaas_app.directory.hub import FEED, Hub
from nsaas_app.directory.requests import RequestBoard
from nsaas_app.domain.errors import NotFoundError
from nsaas_app.domain.names import NamespaceName
from nsaas_app.domain.requests import (
    Phase,
    ProvisioningRequest,
    RequestFailure,
    RequestKind,
    Step,
    StepName,
    StepStatus,
)
from nsaas_app.insights.performance import Performances
from tests.support.actors import actor
from tests.support.specs import NOW, spec_of

MONTH = timedelta(days=30)


def request(name: str, seconds: float, *, code: str = "", days: int = 1) -> ProvisioningRequest:
    start = NOW - timedelta(days=days)
    end = start + timedelta(seconds=seconds)
    return ProvisioningRequest(
        request_id=f"req-{name}",
        kind=RequestKind.PROVISION,
        namespace=NamespaceName(name),
        team=spec_of(name).team,
        phase=Phase.ROLLED_BACK if code else Phase.DONE,
        spec=spec_of(name),
        requested_by="frontend-dev",
        correlation_id="c",
        created_at=start,
        finished_at=end,
        steps=(
            Step(StepName.APPROVAL, StepStatus.DONE, 1, start, end),
            Step(StepName.QUOTA, StepStatus.FAILED if code else StepStatus.DONE, 1, start, end),
        ),
        failure=RequestFailure(code, "it failed") if code else None,
    )


@pytest.fixture
def performances() -> Performances:
    hub = Hub()
    board = RequestBoard(hub=hub, feed=Feed(hub.publish, FEED, start=0), clock=lambda: NOW)
    for each in (
        request("a-dev", 0.5),
        request("b-dev", 4),
        request("c-dev", 90),
        request("d-dev", 2, code="API_DOWN"),
        request("e-dev", 1, days=12),
    ):
        board.put(each)
    return Performances(board=board, clock=lambda: NOW)


def test_times_are_told_by_step_and_spread_without_the_wait_for_people(
    performances: Performances,
) -> None:
    found = performances.report(team="", window=timedelta(days=7), actor=actor("frontend-dev"))
    assert (found.n, found.done, found.median_ms) == (4, 3, 4000)
    assert {one.up_to_s: one.n for one in found.spread if one.n} == {1: 1, 5: 1, None: 1}
    assert [(one.name, one.n, one.median_ms) for one in found.steps] == [(StepName.QUOTA, 3, 4000)]


def test_failures_are_counted_by_code_with_their_cause(performances: Performances) -> None:
    found = performances.report(team="frontend", window=MONTH, actor=actor("admin"))
    assert [(one.code, one.n) for one in found.failures] == [("API_DOWN", 1)]
    assert found.failures[0].cause
    assert found.n == 5


def test_a_window_beyond_what_is_kept_says_what_it_covers(performances: Performances) -> None:
    found = performances.report(team="", window=timedelta(days=90), actor=actor("admin"))
    assert found.window == MONTH


def test_other_teams_requests_do_not_count_and_their_team_looks_absent(
    performances: Performances,
) -> None:
    stranger = actor("payments-dev")
    found = performances.report(team="", window=MONTH, actor=stranger)
    assert (found.n, found.steps, found.spread, found.p95_ms) == (0, (), (), None)
    with pytest.raises(NotFoundError):
        performances.report(team="frontend", window=MONTH, actor=stranger)
