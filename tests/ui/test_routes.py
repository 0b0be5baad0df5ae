"""Addresses: defaults stay out, and reading one never fails."""

import pytest

from nsaas_app.ui.routes import address, dropped_words, last_part, number_in, unknown_in


def test_empty_values_stay_out_of_an_address() -> None:
    assert address("/namespaces", {"q": "", "page": ""}) == "/namespaces"
    assert address("/namespaces", {"q": "a b", "env": "x,y"}) == "/namespaces?q=a%20b&env=x,y"


def test_what_means_nothing_in_an_address_is_named() -> None:
    known = {"view": ("usage", "cost"), "window": ("7d",)}
    assert dropped_words(unknown_in({"view": "cost", "window": "", "team": "x"}, known)) == ""
    words = dropped_words(unknown_in({"view": "costs", "window": "1y"}, known))
    assert words == "Ignored, because it means nothing here: view=costs, window=1y."


@pytest.mark.parametrize("path", ["/requests/req-1", "/requests/req-1/", "req-1"])
def test_the_last_part_is_what_a_page_is_about(path: str) -> None:
    assert last_part(path) == "req-1"


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("0", 1), ("-3", 7), ("", 7), ("x", 7), ("99999999999", 7), ("٣", 7)],
)
def test_numbers_of_an_address(text: str, number: int) -> None:
    assert number_in(text, default=7) == number
