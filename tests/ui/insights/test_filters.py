"""What the page of insights is about stands in its address, and nothing else does."""

import pytest

from nsaas_app.ui.insights.filters import InsightFilters


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ({}, "/insights"),
        ({"view": "usage", "window": "30d"}, "/insights"),
        ({"view": "cost", "team": "shop"}, "/insights?view=cost&team=shop"),
        ({"window": "7d"}, "/insights?window=7d"),
        ({"show": "table"}, "/insights?show=table"),
        ({"show": "chart"}, "/insights"),
        ({"view": "nonsense", "window": "1y", "other": "x"}, "/insights"),
    ],
)
def test_an_address_is_read_and_written_without_what_is_usual(
    query: dict[str, str], address: str
) -> None:
    filters = InsightFilters.from_query(query)
    assert filters.address() == address


def test_a_view_of_this_moment_offers_no_window() -> None:
    filters = InsightFilters.from_query({"view": "rightsizing", "window": "7d"})
    assert filters.window_pills() == []
    assert filters.words == "now"
    assert filters.show_pills() == []
    assert filters.csv_address() == "/api/v1/insights/rightsizing/export"
    assert filters.csv_address("namespaces") == filters.csv_address()


def test_the_file_holds_what_the_page_shows() -> None:
    filters = InsightFilters.from_query({"view": "cost", "team": "a&b", "window": "7d"})
    assert filters.csv_address() == "/api/v1/insights/usage/export?team=a%26b&window=7d"
    assert [pill.key for pill in filters.view_pills() if pill.is_open] == ["cost"]
