"""The search box over a list: what is typed goes into the address."""

from typing import Any, Final

import reflex as rx

__all__ = ["PAUSE_MS", "search_box"]

PAUSE_MS: Final = 120
"""After the last key, before it is searched: with the answer less than 0.3 s, see `bench/`."""


def search_box(
    text: str, event: Any, *, label: str, placeholder: str, is_loaded: bool, turn: int = 0
) -> rx.Component:
    """Build the box; `event` takes what was typed, a moment after the last key.

    Args:
        text: what stands in it at first.
        event: takes what was typed.
        label: what it is for.
        placeholder: what stands in it while it is empty.
        is_loaded: whether the text is known.
        turn: another number puts the text in anew, whatever was typed.
    """
    return rx.el.div(
        rx.icon("search", size=16, class_name="search-mark", aria_hidden="true"),
        rx.el.input(
            type="search",
            id="filter_q",
            # Uncontrolled: rows that arrive never touch what is being typed.
            default_value=text,
            key=f"{is_loaded}-{turn}",
            on_change=event.debounce(PAUSE_MS),
            placeholder=placeholder,
            class_name="control search-control",
            aria_label=label,
            data_testid="filter-q",
        ),
        class_name="search",
    )
