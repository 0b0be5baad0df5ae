"""What narrows the log: search, who, what, where, how it ended and when; and the export of it."""

from typing import Any

import reflex as rx

from ..components.pills import pill_row
from ..components.search_box import search_box
from .filters import Chip
from .state import AuditState

__all__ = ["filter_bar"]


def _chip(chip: Chip) -> rx.Component:
    return rx.link(
        chip.label,
        rx.icon("x", size=14, aria_hidden="true"),
        href=chip.href,
        class_name="chip",
        aria_label=f"Remove filter {chip.label}",
        key=chip.key,
        data_testid=f"chip-{chip.key}",
    )


def _labelled(field: str, label: str, control: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"filter_{field}", class_name="field-label"),
        control,
        class_name="audit-field",
    )


def _typed(field: str, label: str, value: str, **props: Any) -> rx.Component:
    control = rx.el.input(
        id=f"filter_{field}",
        # Uncontrolled: rows that arrive never touch what is being typed.
        default_value=value,
        key=f"{AuditState.is_loaded}-{AuditState.turn}",
        on_change=AuditState.narrow(field).debounce(250),
        class_name="control",
        auto_complete="off",
        data_testid=f"filter-{field}",
        **props,
    )
    return _labelled(field, label, control)


def _team() -> rx.Component:
    choice = rx.el.div(
        rx.el.select(
            rx.el.option("Any team", value=""),
            rx.foreach(
                AuditState.teams,
                lambda one: rx.el.option(one.called, value=one.name, key=one.name),
            ),
            value=AuditState.team,
            on_change=AuditState.choose_team,
            id="filter_team",
            class_name="control",
            data_testid="filter-team",
        ),
        rx.icon("chevron-down", size=16, class_name="select-mark", aria_hidden="true"),
        class_name="select",
    )
    return _labelled("team", "Team", choice)


def _fields() -> rx.Component:
    days = f"day in {AuditState.zone}"
    return rx.el.div(
        _typed("actor", "Who", AuditState.actor, type="text", placeholder="Whole name"),
        _typed(
            "action", "Action", AuditState.action, type="text", placeholder="request, cleanup.keep"
        ),
        _team(),
        _typed("namespace", "Namespace", AuditState.namespace, type="text"),
        _typed("first", f"From, {days}", AuditState.first, type="date"),
        _typed("last", f"To, {days}", AuditState.last, type="date"),
        class_name="audit-fields",
        role="group",
        aria_label="More filters",
    )


def _tools() -> rx.Component:
    def download(label: str, href: str, test_id: str) -> rx.Component:
        icon = rx.icon("download", size=16, aria_hidden="true")
        return rx.el.a(
            icon,
            label,
            href=href,
            reload_document=True,  # a file, not a page of the application
            class_name="button",
            aria_describedby="export_size",
            data_testid=test_id,
        )

    fresh = rx.el.button(
        AuditState.fresh,
        " new · Show",
        type="button",
        on_click=AuditState.show_fresh,
        class_name="chip chip-accent num",
        data_testid="changes-apply",
        data_value=AuditState.fresh,
    )
    return rx.el.div(
        rx.cond(AuditState.fresh > 0, fresh, rx.fragment()),
        rx.el.span(
            AuditState.export_word,
            id="export_size",
            class_name="card-note num",
            data_testid="export-size",
            data_value=AuditState.total,
        ),
        download("Export CSV", AuditState.csv_href, "export-csv"),
        download("Export JSON lines", AuditState.jsonl_href, "export-jsonl"),
        class_name="chips-row",
    )


def filter_bar() -> rx.Component:
    """Show every filter; each of them is in the address."""
    search = search_box(
        AuditState.q,
        AuditState.search,
        label="Search the audit log",
        placeholder="Search who, what, request, correlation id",
        is_loaded=AuditState.is_loaded,
        turn=AuditState.turn,
    )
    clear = rx.el.button(
        "Clear filters",
        type="button",
        on_click=AuditState.clear,
        class_name="text-button",
        data_testid="filter-clear",
    )
    return rx.el.div(
        rx.el.div(
            rx.el.div(search, class_name="filters", role="search", aria_label="Filter the log"),
            _tools(),
            class_name="audit-tools",
        ),
        _fields(),
        rx.el.div(
            pill_row(AuditState.outcomes, label="Outcome", area="outcome"),
            pill_row(AuditState.windows, label="Time", area="window"),
            class_name="pill-bar",
        ),
        rx.cond(
            AuditState.is_narrowed,
            rx.el.div(rx.foreach(AuditState.chips, _chip), clear, class_name="chips-row"),
            rx.fragment(),
        ),
        class_name="audit-filters",
    )
