"""What the palette ranks first, and how one walks along its lines."""

import pytest

from nsaas_app.ui.palette.items import MOST, PaletteGroup, PaletteItem, Wanted, best, neighbour
from nsaas_app.ui.palette.items import counted as counted_in
from nsaas_app.ui.palette.search import is_thing


@pytest.mark.parametrize(
    ("typed", "text", "group"),
    [
        ("Shop", "shop", ""),
        ("  > new ", "new", "actions"),
        ("@Pay", "pay", "teams"),
        ("#req-1", "req-1", "requests"),
        ("?", "", "help"),
        ("a>b", "a>b", ""),
    ],
)
def test_a_sign_in_front_names_a_group(typed: str, text: str, group: str) -> None:
    assert Wanted.of(typed) == Wanted(text, group)


def test_beginnings_of_names_come_first_then_names_then_what_else_is_known() -> None:
    rows = [("web", "the shop"), ("my-shop", ""), ("shop-a", ""), ("other", ""), ("shop-b", "")]
    found = best(rows, "shop", lambda row: row)
    assert [name for name, _ in found] == ["shop-a", "shop-b", "my-shop", "web"]


def test_a_group_is_cut() -> None:
    assert len(best([(f"shop-{n}",) for n in range(50)], "shop", lambda row: row)) == MOST


def test_the_lines_are_walked_along_round_the_ends() -> None:
    keys = ["a", "b", "c"]
    assert [neighbour(keys, key, 1) for key in keys] == ["b", "c", "a"]
    assert [neighbour(keys, key, -1) for key in keys] == ["c", "a", "b"]
    assert neighbour(keys, "gone", 1) == "a"
    assert neighbour([], "a", 1) == ""


def test_results_are_counted() -> None:
    item = PaletteItem("k", "page", "l", "n", "/")
    assert counted_in([]) == "0 results"
    assert counted_in([PaletteGroup("pages", "Pages", (item,))]) == "1 result"


@pytest.mark.parametrize(
    ("path", "is_one"),
    [("/namespaces/a", True), ("/teams/x/", True), ("/namespaces", False), ("/audit/1", False)],
)
def test_pages_about_one_thing_are_remembered(path: str, is_one: bool) -> None:  # noqa: FBT001 - a case
    assert is_thing(path) is is_one
