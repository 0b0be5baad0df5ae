"""Rows that are sent one by one: each keeps its place, and what is equal is not sent again."""

from dataclasses import dataclass, replace

import reflex as rx

from nsaas_app.ui.live import LivePage
from nsaas_app.ui.places import Places


@dataclass(frozen=True)
class _Line:
    key: str
    value: int = 0


ROWS = Places("rows", _Line, most=4, key=lambda line: line.key)


@ROWS.declared
class PlacesTestState(LivePage, rx.State):
    """A list of its own, for these tests alone."""

    title: str = ""


def _shown(*keys: str) -> PlacesTestState:
    state = PlacesTestState()
    ROWS.put(state, [_Line(key) for key in keys])
    state.dirty_vars.clear()
    return state


def _keys(state: PlacesTestState) -> list[str]:
    return [line.key for line in ROWS.lines(state)]


def test_a_change_of_one_row_sends_that_row_alone() -> None:
    state = _shown("a", "b", "c")
    ROWS.put(state, [_Line("a"), _Line("b", 1), _Line("c")])
    assert state.dirty_vars == {"rows_1"}
    assert ROWS.lines(state)[1].value == 1


def test_rows_that_change_their_order_stay_in_their_places() -> None:
    state = _shown("a", "b", "c")
    ROWS.put(state, [_Line("c"), _Line("a"), _Line("b")])
    assert state.dirty_vars == {"rows_order"}
    assert _keys(state) == ["c", "a", "b"]


def test_a_row_that_comes_takes_the_place_of_one_that_went() -> None:
    state = _shown("a", "b", "c", "d")
    ROWS.put(state, [_Line("new"), _Line("a"), _Line("c"), _Line("d")])
    assert state.dirty_vars == {"rows_1", "rows_order"}
    assert _keys(state) == ["new", "a", "c", "d"]


def test_what_is_equal_is_not_sent_again() -> None:
    state = _shown("a", "b")
    ROWS.put(state, [replace(line) for line in ROWS.lines(state)])
    assert state.dirty_vars == set()


def test_nothing_of_a_row_stays_behind_and_no_more_are_shown_than_there_are_places() -> None:
    state = _shown("a", "b")
    ROWS.put(state, [])
    assert [state.get_value(f"rows_{place}") for place in range(4)] == [None] * 4
    ROWS.put(state, [_Line(str(number)) for number in range(9)])
    assert _keys(state) == ["0", "1", "2", "3"]
    state.reset()  # type: ignore[no-untyped-call]  # the framework's
    assert _keys(state) == []
    assert state.get_value("rows_0") is None
