"""Namespaces that nobody manages: what runs in them, and the way to adopt one."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.table import data_table, head_cell, table_cell
from ..shell.state import Shell
from .state import CleanupState
from .unmanaged_rows import UnmanagedRow

__all__ = ["unmanaged_card"]

_COLUMNS = ("Namespace", "Age", "Pods", "Adoption")


def _row(row: UnmanagedRow) -> rx.Component:
    area = f"unmanaged-{row.name}"
    adopt = rx.link(
        "Preview adoption",
        rx.el.span(f" of {row.name}", class_name="sr-only"),
        href=row.adopt_href,
        class_name="card-link",
        data_testid=f"{area}-adopt",
    )
    may = rx.cond(
        CleanupState.may_run, adopt, rx.el.span("A platform admin can", class_name="line-note")
    )
    return rx.el.tr(
        rx.el.th(rx.el.span(row.name, class_name="mono wraps"), scope="row"),
        table_cell("Age", relative_time(row.created_at, test_id=f"{area}-created")),
        table_cell("Pods", rx.el.span(row.pods, class_name="num", data_testid=f"{area}-pods")),
        table_cell(
            "Adoption",
            rx.cond(
                row.why_not != "",
                rx.el.span(row.why_not, class_name="wraps", data_testid=f"{area}-why-not"),
                may,
            ),
        ),
        key=row.name,
        data_testid=area,
        data_as_of=Shell.as_of,
    )


def unmanaged_card() -> rx.Component:
    """Show the list when it is the one that is open."""
    table = data_table(
        *(head_cell(column) for column in _COLUMNS),
        body=rx.foreach(CleanupState.unmanaged, _row),
        label="Namespaces that nobody manages",
        test_id="unmanaged-table",
    )
    nothing = empty_state("Every namespace is managed", icon="sparkles", test_id="unmanaged-empty")
    return card(
        rx.cond(CleanupState.unmanaged, table, nothing),
        title="Unmanaged namespaces",
        note=rx.el.span(
            rx.el.span(CleanupState.unmanaged_word, data_testid="unmanaged-word"),
            " The preview says what an adoption would change, before anything does. Those with the "
            "portal's marks and without a record are orphans.",
        ),
        test_id="unmanaged-card",
        class_name="card-wide-table",
    )
