"""Scope and status of the list of requests live in the address."""

from nsaas_app.domain.preferences import PAGE_SIZES
from nsaas_app.ui.requests.filters import RequestFilters, scope_pills, status_pills


def test_mine_asks_for_the_actors_own() -> None:
    filters = RequestFilters.from_query({"scope": "mine", "status": "failed", "page": "2"})
    asked = filters.request_query("ada")
    assert (asked.requested_by, asked.status, asked.offset) == ("ada", "failed", PAGE_SIZES[0])
    assert RequestFilters().request_query("ada").requested_by == ""


def test_what_means_nothing_falls_back() -> None:
    filters = RequestFilters.from_query({"scope": "moon", "status": "blue", "page": "x"})
    assert filters == RequestFilters()
    assert filters.address() == "/requests"


def test_each_pill_is_an_address_and_one_is_open() -> None:
    filters = RequestFilters.from_query({"status": "failed", "page": "3"})
    pills = status_pills(filters)
    assert [pill.key for pill in pills if pill.is_open] == ["failed"]
    assert pills[0].href == "/requests"
    assert scope_pills(filters)[1].href == "/requests?scope=mine&status=failed"
