"""The menu that writes every namespace that matches into a file."""

import reflex as rx

from .state import NamespacesState

__all__ = ["export_menu"]


def _file(label: str, href: str, test_id: str) -> rx.Component:
    return rx.dropdown_menu.item(
        rx.icon("download", size=16, aria_hidden="true"),
        label,
        on_select=rx.download(url=href),
        data_testid=test_id,
    )


def export_menu() -> rx.Component:
    """Offer the list as a file: all that match, not only the page that is shown."""
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                rx.icon("download", size=16, aria_hidden="true"),
                type="button",
                class_name="icon-button",
                aria_label="Export all that match",
                title="Export all that match",
                data_testid="export",
            )
        ),
        rx.dropdown_menu.content(
            rx.el.p(f"All {NamespacesState.total} that match", class_name="card-note menu-note"),
            _file("CSV, for a spreadsheet", NamespacesState.csv_href, "export-csv"),
            _file("YAML, for nsaas apply", NamespacesState.yaml_href, "export-yaml"),
            align="end",
        ),
        modal=False,
    )
