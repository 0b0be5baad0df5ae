"""The list's vars; rows stay where they are while somebody points at them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from nsaas_app.directory.query import RowPage
from nsaas_app.ui.figures import iso
from nsaas_app.ui.namespace_views import NamespaceLine
from nsaas_app.ui.namespaces.filters import Filters
from nsaas_app.ui.namespaces.transform import Facet, chips_of, list_vars, merged
from tests.ui.examples import NOW, row

MINUTE: Final = timedelta(minutes=1)


def _lines(*names: str) -> list[NamespaceLine]:
    return [NamespaceLine.from_row(row(name)) for name in names]


def _merged(
    shown: list[NamespaceLine], fresh: list[NamespaceLine], *, there: str = ""
) -> tuple[list[NamespaceLine], int]:
    return merged(shown, fresh, is_there=there.__contains__, now=NOW)


def test_values_change_in_place_and_nothing_waits() -> None:
    shown = _lines("a", "b")
    fresh = [shown[0], replace(shown[1], word="Sleeping")]
    rows, waiting = _merged(shown, fresh)
    assert [line.word for line in rows] == ["Active", "Sleeping"]
    assert waiting == 0


def test_what_came_went_or_moved_waits() -> None:
    shown = _lines("a", "b", "c")
    rows, waiting = _merged(shown, _lines("a", "c", "d"))
    assert [line.name for line in rows] == ["a", "b", "c"]
    assert [line.is_gone for line in rows] == [False, True, False]
    assert waiting == 2
    assert rows[1].deleted_at == iso(NOW)
    later, _ = merged(rows, _lines("a", "c"), is_there=lambda _: False, now=NOW + MINUTE)
    assert later[1].deleted_at == iso(NOW)
    moved, count = _merged(shown, _lines("b", "a", "c"))
    assert [line.name for line in moved] == ["a", "b", "c"]
    assert count == 2


def test_a_row_that_only_left_the_page_is_not_called_deleted() -> None:
    rows, waiting = _merged(_lines("a", "b"), _lines("a"), there="b")
    assert (rows[1].is_gone, rows[1].deleted_at, waiting) == (True, "", 1)


def test_a_row_that_comes_back_is_there_again() -> None:
    gone, _ = _merged(_lines("a"), [])
    rows, waiting = _merged(gone, _lines("a"))
    assert (rows[0].is_gone, waiting) == (False, 0)


def test_counts_say_what_is_shown_of_how_many() -> None:
    items = (row("a"), row("b"))
    facets = {"environment": {"development": 2}, "team": {"frontend": 2}}
    page = RowPage(items, total=42, all=10_000, facets=facets)
    plain = list_vars(replace(page, total=10_000), Filters())
    assert plain["counted"] == "1\u201320 of 10,000 namespaces"
    assert list_vars(RowPage((row("a"),), total=1, all=1), Filters())["counted"] == "1 namespace"
    narrowed = list_vars(page, Filters.from_query({"env": "development", "page": "2"}))
    assert narrowed["counted"] == "21\u201340 of 42 that match, 10,000 in all"
    assert narrowed["matching"] == "42 of 10,000"
    assert narrowed["pages"] == 3
    # Whoever hears the page hears that another part of the list is shown.
    assert narrowed["announcement"] == "21\u201340 of 42 namespaces"


def test_a_chosen_value_stays_in_its_menu_without_matches() -> None:
    filters = Filters.from_query({"env": "staging"})
    page = RowPage((), 0, 5, {"environment": {"development": 5}})
    environment = list_vars(page, filters)["facet_env"]
    assert isinstance(environment, Facet)
    assert [(each.value, each.number, each.is_chosen) for each in environment.options] == [
        ("development", 5, False),
        ("staging", 0, True),
    ]
    assert [chip.label for chip in chips_of(filters)] == ["Environment: Staging"]
