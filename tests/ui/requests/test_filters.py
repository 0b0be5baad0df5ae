"""Scope and status of the list of requests live in the address."""

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
    assert filters == RequestFilters()
    assert filters.address() == "/requests"


def test_each_pill_is_an_address_and_one_is_open() -> None:
    filters = RequestFilters.from_query({"status": "failed", "page": "3"})
    pills = status_pills(filters)
    assert [pill.key for pill in pills if pill.is_open] == ["failed"]
    assert pills[0].href == "/requests"
    mine, *_ = scope_pills(filters, {"mine": 3})
    assert (mine.label, mine.href) == ("Mine 3", "/requests?scope=mine&status=failed")
    assert [pill.key for pill in scope_pills(filters, {}) if pill.is_open] == ["all"]


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
