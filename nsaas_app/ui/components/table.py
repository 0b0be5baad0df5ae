"""Tables: a named region that scrolls by itself, sortable headers, a foot."""

from typing import Any

import reflex as rx

__all__ = [
    "changes_pill",
    "data_table",
    "head_cell",
    "sort_cell",
    "table_cell",
    "table_foot",
]


def data_table(
    *head: rx.Component, body: rx.Component, label: str, test_id: str, **region: Any
) -> rx.Component:
    """Put head and body into a region that keyboards can scroll."""
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*head)),
            rx.el.tbody(body),
            class_name="table",
            aria_label=label,
        ),
        class_name="table-region",
        role="region",
        aria_label=label,
        tab_index=0,
        data_testid=test_id,
        **region,
    )


def head_cell(label: str, *, class_name: str = "") -> rx.Component:
    """Head a column that cannot be sorted."""
    return rx.el.th(label, scope="col", class_name=class_name)


def sort_cell(
    column: str, label: str, *, sort: str, is_descending: bool, event: Any, class_name: str = ""
) -> rx.Component:
    """Head a column that sorts the list."""
    is_active = sort == column
    mark = rx.cond(
        is_active,
        rx.cond(
            is_descending,
            rx.icon("arrow-down", size=14, aria_hidden="true"),
            rx.icon("arrow-up", size=14, aria_hidden="true"),
        ),
        rx.icon("chevrons-up-down", size=14, class_name="sort-idle", aria_hidden="true"),
    )
    return rx.el.th(
        rx.el.button(
            label,
            mark,
            type="button",
            on_click=event(column),
            class_name="sort",
            data_testid=f"sort-{column}",
        ),
        scope="col",
        aria_sort=rx.cond(is_active, rx.cond(is_descending, "descending", "ascending"), "none"),
        class_name=class_name,
    )


def table_cell(label: str, *content: rx.Component | str, class_name: str = "") -> rx.Component:
    """Fill a cell; the label stands before the value where rows become cards."""
    return rx.el.td(*content, custom_attrs={"data-label": label}, class_name=class_name)


def changes_pill(
    waiting: int, event: Any, *, test_id: str = "changes-apply", is_feed: bool = False
) -> rx.Component:
    """Offer the changes that wait because somebody is at the rows; nothing while none does.

    Args:
        waiting: how many.
        event: takes them in.
        test_id: of the pill.
        is_feed: whether rows only ever come, newest first.
    """
    words = (
        f"{waiting} new"
        if is_feed
        else rx.cond(waiting == 1, "1 change · Apply", f"{waiting} changes · Apply")
    )
    pill = rx.el.button(
        words,
        type="button",
        on_click=event,
        class_name="chip chip-accent",
        data_testid=test_id,
        data_value=waiting,
    )
    return rx.cond(waiting > 0, pill, rx.fragment())


def table_foot(
    counted: str,
    *,
    total: int,
    as_of: str,
    pages: rx.Component,
    changes: rx.Component | None = None,
) -> rx.Component:
    """Close a table: how many rows there are in all, and the way to the others."""
    return rx.el.div(
        rx.el.span(
            counted,
            class_name="card-note num",
            data_testid="result-count",
            data_value=total,
            data_as_of=as_of,
        ),
        changes or rx.fragment(),
        pages,
        class_name="table-foot",
    )
