"""Scope and status of the list of requests live in the address."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nsaas_app.directory.requests import Tally
from nsaas_app.domain.actors import Actor, Role
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.preferences import PAGE_SIZES
from nsaas_app.ui.requests.filters import RequestFilters, scope_pills, status_pills


def test_mine_asks_for_the_actors_own() -> None:
    filters = RequestFilters.from_query({"scope": "mine", "status": "failed", "page": "2"})
    ada = Actor("ada")
    asked = filters.request_query(ada)
    assert (asked.requested_by, asked.status, asked.offset) == ("ada", "failed", PAGE_SIZES[0])
    assert RequestFilters().request_query(ada).requested_by == ""


def test_what_means_nothing_falls_back() -> None:
    filters = RequestFilters.from_query({"scope": "moon", "status": "blue", "page": "x"})
    assert filters.dropped == ("moon", "blue")
    assert replace(filters, dropped=()) == RequestFilters()
    assert not filters.is_narrowed
    assert filters.address() == "/requests"


def test_each_pill_is_an_address_and_one_is_open() -> None:
    filters = RequestFilters.from_query({"status": "failed", "page": "3"})
    pills = status_pills(filters)
    assert [pill.key for pill in pills if pill.is_open] == ["failed"]
    assert pills[0].href == "/requests"
    mine, *_ = scope_pills(filters, Tally(total=9, mine=3, team=5, open=1))
    assert (mine.label, mine.href) == ("Mine 3", "/requests?scope=mine&status=failed")
    others = scope_pills(filters, Tally(total=9, mine=3, team=5, open=1))
    assert [pill.label for pill in others] == ["Mine 3", "Team 5", "Queue 1", "All 9"]
    assert [pill.key for pill in others if pill.is_open] == ["all"]


def test_team_and_queue_narrow_what_is_asked_for() -> None:
    frontend = TeamName("frontend")
    lead = Actor("lead", teams={frontend: Role.LEAD})
    assert RequestFilters(scope="team").request_query(lead).teams == frozenset({frontend})
    assert (
        RequestFilters(scope="team").request_query(Actor("admin", is_admin=True)).teams
        == frozenset()
    )
    assert RequestFilters(scope="queue").request_query(lead).is_open
    assert not RequestFilters().request_query(lead).is_open


def test_a_window_and_a_period_are_read_and_said_and_what_means_nothing_is_dropped() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    week = RequestFilters.from_query({"window": "7d"})
    assert week.span(now) == (now - timedelta(days=7), None)
    assert week.span_words == "Handed in within the last 7 days."
    assert week.address() == "/requests?window=7d"
    day = RequestFilters.from_query({"at": "2026-11-23"})
    start = datetime(2026, 11, 23, tzinfo=UTC)
    assert day.span(now) == (start, start + timedelta(days=1))
    assert day.span_words == "Handed in on 23 Nov 2026, UTC."
    hour = RequestFilters.from_query({"at": "2026-11-23T14"})
    assert hour.span(now) == (start + timedelta(hours=14), start + timedelta(hours=15))
    assert hour.span_words == "Handed in on 23 Nov 2026, 14:00 to 14:59 UTC."
    nothing = RequestFilters.from_query({"window": "1y", "at": "yesterday"})
    assert (nothing.span(now), nothing.span_words, nothing.address()) == (
        (None, None), "", "/requests",
    )  # fmt: skip


@pytest.mark.parametrize("at", ["9999-12-31", "9999-12-31T23", "0000-01-01", "2026-02-30"])
def test_a_day_that_no_calendar_has_is_dropped(at: str) -> None:
    filters = RequestFilters.from_query({"at": at})
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert (filters.span(now), filters.address()) == ((None, None), "/requests")
    assert filters.dropped == (at,)
