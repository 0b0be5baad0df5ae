"""Filters: the address is the state, and no address can break the list."""

from hypothesis import given
from hypothesis import strategies as st

from nsaas_app.ui.namespaces.filters import FACETS, SIZES, Filters


def test_the_plain_address_has_no_query() -> None:
    assert Filters.from_query({}).address() == "/namespaces"


def test_an_address_survives_reading_and_writing() -> None:
    query = {"q": "pay", "env": "staging,production", "sort": "cpu", "dir": "desc", "page": "3",
             "size": "50", "team": "payments"}  # fmt: skip
    filters = Filters.from_query(query)
    assert filters.chosen["env"] == ("staging", "production")
    assert filters.row_query().offset == 100
    assert filters.row_query().environments == {"staging", "production"}
    again = filters.address().split("?", 1)[1]
    assert dict(part.split("=", 1) for part in again.split("&")) == query


def test_what_means_nothing_is_dropped_and_named() -> None:
    filters = Filters.from_query({"env": "staging,moon", "sort": "colour", "size": "7"})
    assert filters.chosen == {"env": ("staging",)}
    assert set(filters.dropped) == {"moon", "colour"}
    assert (filters.sort, filters.size) == ("name", SIZES[0])


def test_a_value_toggles_and_the_page_starts_over() -> None:
    filters = Filters.from_query({"page": "4"}).toggled("env", "staging")
    assert filters.address() == "/namespaces?env=staging"
    assert filters.toggled("env", "staging").address() == "/namespaces"
    assert filters.toggled("colour", "red") == filters


def test_the_same_column_again_turns_the_order() -> None:
    once = Filters().sorted_by("cpu")
    assert (once.sort, once.is_descending) == ("cpu", False)
    assert once.sorted_by("cpu").is_descending
    assert not once.sorted_by("cpu").sorted_by("cpu").is_descending
    assert once.sorted_by("colour") == once


def test_clearing_keeps_order_and_size() -> None:
    filters = Filters.from_query({"q": "x", "env": "staging", "sort": "cpu", "size": "50"})
    assert filters.is_narrowed
    assert filters.cleared().address() == "/namespaces?sort=cpu&size=50"
    assert not filters.cleared().is_narrowed


@given(st.dictionaries(st.sampled_from([*FACETS, "q", "sort", "dir", "page", "size"]), st.text()))
def test_no_address_breaks_the_list(query: dict[str, str]) -> None:
    filters = Filters.from_query(query)
    asked = filters.row_query()
    assert asked.limit in SIZES
    assert asked.offset >= 0
    assert filters.address().startswith("/namespaces")
