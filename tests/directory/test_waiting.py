"""Waiting: places in the queue, and how long others waited by our own past."""

from dataclasses import replace
from datetime import datetime, timedelta

from nsaas_app.directory.waiting import (
    Place,
    approval_waits,
    in_line,
    places_in,
    queue_waits,
    span_of,
)
from nsaas_app.domain.actors import Role
from nsaas_app.domain.approval import Approval, Decision, Verdict
from nsaas_app.domain.requests import Phase, ProvisioningRequest
from tests.ui.examples import NOW, running_request


def _queued(request_id: str, at: datetime) -> ProvisioningRequest:
    waiting = replace(running_request(), phase=Phase.QUEUED, started_at=None, steps=())
    return replace(waiting, request_id=request_id, created_at=at, queued_at=at)


def _approval(verdict: Verdict, at: datetime) -> Approval:
    said = Decision("ada", Role.LEAD, verdict, "", at)
    return Approval((Role.LEAD,), "", NOW + timedelta(days=7), (said,))


def test_nothing_is_said_without_a_past() -> None:
    assert span_of([]) is None
    assert span_of(queue_waits([_queued("a", NOW)])) is None


def test_the_queue_goes_by_who_could_start_first() -> None:
    first, second = _queued("b", NOW), _queued("a", NOW + timedelta(seconds=1))
    twin = _queued("ab", NOW + timedelta(seconds=1))
    asked = _queued("c", NOW - timedelta(hours=1))
    late = replace(asked, queued_at=NOW + timedelta(seconds=5))
    started = replace(running_request(), request_id="d", queued_at=NOW)
    line = in_line([late, started, twin, second, first])
    assert [request.request_id for request in line] == ["b", "a", "ab", "c"]
    places = places_in(line)
    assert places["c"] == Place(4, 4)
    assert "d" not in places


def test_a_retried_request_stands_behind_and_the_days_until_its_retry_do_not_count() -> None:
    retried = NOW + timedelta(seconds=2)
    again = replace(_queued("old", NOW - timedelta(days=3)), queued_at=retried)
    line = in_line([again, _queued("new", NOW)])
    assert [request.request_id for request in line] == ["new", "old"]
    began = replace(again, phase=Phase.RUNNING, started_at=retried + timedelta(seconds=1))
    assert queue_waits([began]) == [1000]
    assert queue_waits([replace(began, queued_at=None)]) == [], "nobody wrote down since when"


def test_time_that_people_took_is_no_time_in_the_queue() -> None:
    decided = NOW + timedelta(hours=2)
    request = replace(
        running_request(),
        created_at=NOW,
        queued_at=decided,
        started_at=decided + timedelta(seconds=3),
        approval=_approval(Verdict.APPROVED, decided),
    )
    assert queue_waits([request]) == [3000]
    assert approval_waits([request]) == [7_200_000]


def test_a_no_is_a_decision_and_silence_is_none() -> None:
    said_no = replace(running_request(), created_at=NOW, approval=_approval(Verdict.REJECTED, NOW))
    silent = replace(said_no, approval=Approval((Role.LEAD,), "", NOW))
    half = replace(
        said_no,
        approval=replace(_approval(Verdict.APPROVED, NOW), needed=(Role.LEAD, Role.ADMIN)),
    )
    assert approval_waits([said_no, silent, half]) == [0]


def test_half_and_nearly_all_are_told_apart() -> None:
    span = span_of([1000.0, 2000.0, 9000.0])
    assert span is not None
    assert (span.p50_ms, span.n) == (2000, 3)
    assert 2000 < span.p95_ms < 9000
