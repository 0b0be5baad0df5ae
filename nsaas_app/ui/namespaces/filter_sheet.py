"""All filters in one sheet, where there is no room for a menu each."""

import reflex as rx

from .facets import facet_values
from .filters import FACETS
from .state import NamespacesState

__all__ = ["filter_sheet"]


def _opener() -> rx.Component:
    chosen = NamespacesState.chips.length()  # type: ignore[attr-defined]  # a Var
    return rx.el.button(
        rx.icon("sliders-horizontal", size=16, aria_hidden="true"),
        "Filters",
        rx.cond(chosen > 0, rx.el.span(chosen, class_name="facet-chosen num"), rx.fragment()),
        type="button",
        class_name="button",
        data_testid="filter-sheet-open",
    )


def filter_sheet() -> rx.Component:
    """Offer every filter with its counts; what is chosen shows at once below the sheet."""
    parts = (
        rx.el.section(rx.el.h3(label, class_name="part-title"), facet_values(name))
        for name, label in FACETS.items()
    )
    done = rx.dialog.close(
        rx.el.button(
            f"Show {NamespacesState.total_text}",
            type="button",
            class_name="button button-primary",
            data_testid="filter-sheet-done",
        )
    )
    sheet = rx.dialog.root(
        rx.dialog.trigger(_opener()),
        rx.dialog.content(
            rx.dialog.title("Filters", custom_attrs={"as": "h2"}),
            rx.dialog.description(
                "What is chosen narrows the list at once.", class_name="card-note dialog-note"
            ),
            *parts,
            rx.el.div(done, class_name="dialog-actions"),
            class_name="sheet",
            data_testid="filter-sheet",
        ),
    )
    return rx.el.div(sheet, class_name="narrow-only")
