"""The search box over a list: what is typed goes into the address."""

from typing import Any

import reflex as rx

__all__ = ["search_box"]


def search_box(
    text: str, event: Any, *, label: str, placeholder: str, is_loaded: bool
) -> rx.Component:
    """Build the box; `event` takes what was typed, a moment after the last key."""
    return rx.el.div(
        rx.icon("search", size=16, class_name="search-mark", aria_hidden="true"),
        rx.el.input(
            type="search",
            id="filter_q",
            # Uncontrolled: rows that arrive never touch what is being typed.
            default_value=text,
            key=is_loaded.to_string(),  # type: ignore[attr-defined]  # a Var
            on_change=event.debounce(250),
            placeholder=placeholder,
            class_name="control search-control",
            aria_label=label,
            data_testid="filter-q",
        ),
        class_name="search",
    )
