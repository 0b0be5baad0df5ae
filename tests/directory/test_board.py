"""The board: requests as the actor may see them, and the numbers that come from them."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from nsaas_app.directory.hub import REQUESTS, namespace_topic, request_topic
from nsaas_app.directory.outcomes import Performance
from nsaas_app.directory.requests import WINDOW, RequestQuery, Tally
from nsaas_app.directory.waiting import Place
from nsaas_app.domain.actors import Actor, Role
from nsaas_app.domain.ended_requests import EndedRequest
from nsaas_app.domain.errors import NotFoundError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.requests import Phase, ProvisioningRequest, RequestKind
from tests.directory.samples import (
    ADMIN,
    AUDITOR,
    FRONTEND,
    NOBODY,
    PAYMENTS,
    Desk,
    member,
    request,
)
from tests.support.specs import NOW

SECOND = timedelta(seconds=1)


def desk(*requests: ProvisioningRequest) -> Desk:
    made = Desk()
    for each in requests:
        made.board.put(each)
    return made


def ids(made: Desk, actor: Actor = ADMIN, query: RequestQuery = RequestQuery()) -> str:  # noqa: B008 - it is frozen
    page = made.board.find(query, actor=actor)
    return " ".join(found.request_id for found in page.items)


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (ADMIN, "p1 f2 f1"),
        (AUDITOR, "p1 f2 f1"),
        (member(FRONTEND), "f2 f1"),
        (member(PAYMENTS), "p1"),
        (member(FRONTEND, PAYMENTS), "p1 f2 f1"),
        (member(TeamName("third")), ""),
        (NOBODY, ""),
    ],
)
def test_an_actor_sees_the_requests_of_own_teams_and_no_others(actor: Actor, seen: str) -> None:
    made = desk(
        request("f1", phase=Phase.RUNNING, finished_at=None),
        request("f2", created_at=NOW + SECOND, finished_at=NOW + 3 * SECOND),
        request("p1", team=PAYMENTS, created_at=NOW + 2 * SECOND, phase=Phase.ROLLED_BACK),
    )
    assert ids(made, actor) == seen
    assert made.board.find(RequestQuery(), actor=actor).total == len(seen.split())
    for request_id in ("f1", "f2", "p1"):
        if request_id in seen:
            assert made.board.get(request_id, actor=actor).request_id == request_id
        else:
            with pytest.raises(NotFoundError):
                made.board.get(request_id, actor=actor)
    in_flight = [found.request_id for found in made.board.in_flight(actor=actor)]
    assert in_flight == (["f1"] if "f1" in seen else [])
    ended = [found for found in ("f2", "p1") if found in seen]
    assert made.board.performance(actor=actor).n == len(ended)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "r3 r2 r1"),
        ({"status": "completed"}, "r1"),
        ({"status": "pending"}, "r2"),
        ({"kind": "release"}, "r3"),
        ({"namespace": "shop-r2"}, "r2"),
        ({"requested_by": "bob"}, "r3"),
        ({"team": "frontend", "status": "completed"}, "r1"),
        ({"team": "payments"}, ""),
        ({"offset": 1, "limit": 1}, "r2"),
    ],
)
def test_requests_are_found_newest_first(query: dict[str, Any], expected: str) -> None:
    made = desk(
        request("r1"),
        request("r2", created_at=NOW + SECOND, phase=Phase.QUEUED, finished_at=None),
        request(
            "r3",
            created_at=NOW + 2 * SECOND,
            kind=RequestKind.RELEASE,
            requested_by="bob",
            phase=Phase.CANCELLED,
        ),
    )
    assert ids(made, query=RequestQuery(**query)) == expected


def test_what_has_not_ended_is_in_flight_oldest_first_until_it_ends() -> None:
    running = request("r2", phase=Phase.RUNNING, finished_at=None)
    made = desk(running, request("r1", created_at=NOW + SECOND, phase=Phase.QUEUED))
    assert [found.request_id for found in made.board.in_flight(actor=ADMIN)] == ["r2", "r1"]
    made.board.put(replace(running, phase=Phase.DONE, finished_at=NOW))
    assert [found.request_id for found in made.board.in_flight(actor=ADMIN)] == ["r1"]


def test_waiting_for_people_is_a_list_of_its_own() -> None:
    made = desk(
        request("r1", phase=Phase.AWAITING_APPROVAL, finished_at=None),
        request("r2", phase=Phase.QUEUED, finished_at=None),
    )
    assert [found.request_id for found in made.board.awaiting_approval()] == ["r1"]


def test_success_leaves_out_what_people_ended_and_other_kinds() -> None:
    ended = [
        request("ok1"),
        request("ok2"),
        request("ok3"),
        request("bad", phase=Phase.ROLLED_BACK),
        request("cancelled", phase=Phase.CANCELLED),
        request("rejected", phase=Phase.REJECTED),
        request("expired", phase=Phase.EXPIRED),
        request("running", phase=Phase.RUNNING, finished_at=None),
        request("release", kind=RequestKind.RELEASE, phase=Phase.ROLLED_BACK),
        request("change", kind=RequestKind.CHANGE),
        request("old", created_at=NOW - WINDOW - SECOND, phase=Phase.ROLLED_BACK),
    ]
    performance = desk(*ended).board.performance(actor=ADMIN)
    assert (performance.n, performance.success_rate) == (4, 0.75)
    assert performance.avg_ms == pytest.approx(1000)


def test_without_any_ended_request_there_is_no_number() -> None:
    assert desk().board.performance(actor=ADMIN) == Performance(0, None, None, None)
    only_failed = desk(request("bad", phase=Phase.ROLLED_BACK)).board.performance(actor=ADMIN)
    assert only_failed == Performance(1, 0.0, None, None)


@pytest.mark.parametrize(
    ("seconds", "p95"),
    [([7], 7000), ([1, 2], 1950), (list(range(1, 101)), 95050), ([5] * 30, 5000)],
)
def test_of_a_hundred_times_the_fifth_longest_is_told(seconds: list[int], p95: float) -> None:
    made = desk(
        *(request(f"r{n}", finished_at=NOW + s * SECOND) for n, s in enumerate(reversed(seconds)))
    )
    performance = made.board.performance(actor=ADMIN)
    assert performance.p95_ms == pytest.approx(p95)
    assert performance.avg_ms == pytest.approx(1000 * sum(seconds) / len(seconds))


def test_the_usual_time_of_a_kind_is_the_median_over_all_teams() -> None:
    made = desk(
        request("r1", finished_at=NOW + SECOND),
        request("r2", finished_at=NOW + 9 * SECOND, team=PAYMENTS),
        request("r3", finished_at=NOW + 2 * SECOND),
        request("r4", finished_at=NOW + 99 * SECOND, phase=Phase.ROLLED_BACK),
    )
    assert made.board.median_duration_ms(RequestKind.PROVISION) == pytest.approx(2000)
    assert made.board.median_duration_ms(RequestKind.RELEASE) is None


def test_a_change_wakes_the_lists_the_request_and_its_namespace_and_a_repeat_wakes_nobody() -> None:
    made = desk(request("r1"))
    topics = [REQUESTS, request_topic("r1"), namespace_topic("shop-r1")]
    before = made.hub.versions(topics)
    made.board.put(request("r1"))
    assert made.hub.versions(topics) == before
    made.board.put(request("r1", phase=Phase.RUNNING))
    assert made.hub.versions(topics) == {topic: n + 1 for topic, n in before.items()}
    changes, _ = made.feed.since(100)
    assert [(change.event, change.team, change.key) for change in changes] == [
        ("request.updated", FRONTEND, "r1")
    ] * 2


def test_what_left_the_window_is_forgotten_unless_it_still_runs() -> None:
    old = NOW - WINDOW - SECOND
    made = desk(
        request("ended", created_at=old),
        request("open", created_at=old, phase=Phase.RUNNING, finished_at=None),
        request("young"),
    )
    made.board.forget_old()
    assert ids(made) == "young open"


def test_a_list_takes_no_longer_for_what_other_teams_have() -> None:
    own = [request(f"r-{number}") for number in range(20)]
    alone, crowded = desk(*own), desk(*own)
    for number in range(5000):
        crowded.board.put(request(f"o-{number}", team=PAYMENTS))

    def fastest(made: Desk) -> float:
        def once() -> float:
            began = time.perf_counter()
            made.board.find(RequestQuery(), actor=member(FRONTEND))
            made.board.in_flight(actor=member(FRONTEND))
            made.board.performance(actor=member(FRONTEND))
            return time.perf_counter() - began

        return min(once() for _ in range(50))

    assert ids(crowded, member(FRONTEND)) == ids(alone, member(FRONTEND))
    # Looking at the others' at all would take some ten times as long.
    assert fastest(crowded) < 4 * fastest(alone)


def test_a_tally_counts_whose_they_are_and_is_right_after_every_change() -> None:
    running = request("r1", requested_by="bob", phase=Phase.RUNNING, finished_at=None)
    made = desk(running, request("r2", requested_by="bob"), request("r3", requested_by="ada"))
    bob = Actor("bob", teams={TeamName("frontend"): Role.DEVELOPER})
    query = RequestQuery()
    assert made.board.tally(query, actor=bob) == Tally(total=3, mine=2, team=3, open=1)
    made.board.put(replace(running, phase=Phase.DONE, finished_at=NOW))
    assert made.board.tally(query, actor=bob) == Tally(total=3, mine=2, team=3, open=0)
    assert made.board.tally(RequestQuery(requested_by="ada"), actor=bob).total == 1
    assert made.board.tally(query, actor=Actor("eve")).total == 0
    assert made.board.tally(query, actor=ADMIN).team == 0


def test_the_queue_numbers_those_that_could_start_until_they_do() -> None:
    second = replace(
        request("r2", created_at=NOW + SECOND, phase=Phase.QUEUED), queued_at=NOW + SECOND
    )
    first = request("r1", phase=Phase.QUEUED, started_at=None, queued_at=NOW)
    made = desk(second, first)
    assert made.board.place_of(second) == Place(2, 2)
    made.board.put(replace(first, phase=Phase.RUNNING, started_at=NOW))
    assert made.board.place_of(second) == Place(1, 1)
    assert made.board.place_of(first) is None
    page = made.board.find(RequestQuery(is_open=True), actor=ADMIN)
    assert [found.request_id for found in page.items] == ["r1", "r2"], "the oldest on top"


def test_what_came_during_a_read_is_not_undone_by_it() -> None:
    running = request("f1", phase=Phase.RUNNING, finished_at=None)
    made = desk(running)
    begun = made.board.arrivals.moment
    made.board.put(request("f1"))

    made.board.put_read(running, begun=begun)
    made.board.put_read(request("f2"), begun=begun)

    assert made.board.get("f1", actor=ADMIN).phase is Phase.DONE
    assert ids(made) == "f2 f1"

    made.board.put_read(running, begun=made.board.arrivals.moment)
    assert made.board.get("f1", actor=ADMIN).phase is Phase.RUNNING, "another process wrote it"


def test_the_window_before_is_told_by_itself_also_of_what_lists_have_forgotten() -> None:
    day = timedelta(days=1)
    made = desk(
        request("now"),
        request("now-bad", phase=Phase.ROLLED_BACK, created_at=NOW - day),
        request("before", created_at=NOW - 31 * day, finished_at=NOW - 31 * day + 3 * SECOND),
        request("before-theirs", created_at=NOW - 59 * day, team=PAYMENTS, phase=Phase.ROLLED_BACK),
        request("too-old", created_at=NOW - 61 * day, phase=Phase.ROLLED_BACK),
        request("cancelled", created_at=NOW - 31 * day, phase=Phase.CANCELLED),
    )

    def told(actor: Actor, windows_ago: int) -> tuple[int, float | None]:
        found = made.board.performance(actor=actor, windows_ago=windows_ago)
        return found.n, found.success_rate

    for is_forgotten in (False, True):
        assert told(ADMIN, 0) == (2, 0.5), is_forgotten
        assert told(ADMIN, 1) == (2, 0.5), is_forgotten
        assert told(member(FRONTEND), 1) == (1, 1.0), is_forgotten
        assert told(member(PAYMENTS), 1) == (1, 0.0), is_forgotten
        assert told(NOBODY, 1) == (0, None), is_forgotten
        made.board.forget_old()
        made.now += timedelta(minutes=1)
    before = made.board.performance(actor=member(FRONTEND), windows_ago=1)
    assert before.avg_ms == pytest.approx(3000)
    day_before = made.board.performance(actor=ADMIN, window=day, windows_ago=1)
    assert (day_before.n, day_before.success_rate) == (1, 0.0)
    made.now += 30 * day + SECOND
    made.board.forget_old()
    assert told(ADMIN, 1) == (2, 0.5), "what was the window has become the one before"


def test_what_a_process_reads_of_the_window_before_counts_once() -> None:
    old = request("old", created_at=NOW - 31 * timedelta(days=1))
    made = desk(old)
    read = EndedRequest.of(old)
    assert read is not None
    made.board.forget_old()
    made.board.remember([read])
    assert made.board.performance(actor=ADMIN, windows_ago=1).n == 1
