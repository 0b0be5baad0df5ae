"""The filter bar: search, one menu a filter with counts, chips of what is active."""

import reflex as rx

from ..components.search_box import search_box
from .export_menu import export_menu
from .filters import FACETS
from .saved_menu import saved_views
from .state import NamespacesState
from .transform import Chip, Facet, FacetValue

__all__ = ["filter_bar"]


def _search() -> rx.Component:
    return search_box(
        NamespacesState.q,
        NamespacesState.search,
        label="Search namespaces by name, team or owner",
        placeholder="Search name, team, owner",
        is_loaded=NamespacesState.is_loaded,
        turn=NamespacesState.turn,
    )


def _value(name: str, value: FacetValue) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.checkbox(
                checked=value.is_chosen,
                aria_label=value.label,
                on_change=lambda _: NamespacesState.toggle(name, value.value),
                data_testid=f"filter-{name}-{value.value}",
            ),
            rx.el.span(value.label, class_name="facet-label"),
            rx.el.span(value.text, class_name="num facet-count"),
            class_name="facet-value",
        ),
        key=value.value,
    )


def _menu(name: str, label: str, facet: Facet) -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                label,
                rx.cond(
                    facet.chosen > 0,
                    rx.el.span(facet.chosen, class_name="facet-chosen num"),
                    rx.fragment(),
                ),
                rx.icon("chevron-down", size=14, aria_hidden="true"),
                type="button",
                class_name="button",
                data_testid=f"filter-{name}",
            )
        ),
        rx.popover.content(
            rx.el.ul(
                rx.foreach(facet.options, lambda value: _value(name, value)),
                class_name="facet-values",
                aria_label=label,
            ),
            size="1",
            align="start",
            aria_label=label,
        ),
    )


def _chip(chip: Chip) -> rx.Component:
    return rx.el.button(
        chip.label,
        rx.icon("x", size=14, aria_hidden="true"),
        type="button",
        on_click=NamespacesState.toggle(chip.name, chip.value),
        class_name="chip",
        aria_label=f"Remove filter {chip.label}",
        key=chip.label,
        data_testid=f"chip-{chip.name}-{chip.value}",
    )


def filter_bar() -> rx.Component:
    """Narrow the list; everything goes into the address."""
    active = rx.el.div(
        rx.el.span(
            NamespacesState.matching,
            class_name="card-note num",
            data_testid="filter-count",
            data_value=NamespacesState.total,
        ),
        rx.foreach(NamespacesState.chips, _chip),
        rx.cond(
            NamespacesState.is_narrowed,
            rx.el.button(
                "Clear filters",
                type="button",
                on_click=NamespacesState.clear,
                class_name="text-button",
                data_testid="filter-clear",
            ),
            rx.fragment(),
        ),
        class_name="chips-row",
    )
    return rx.el.div(
        rx.el.div(
            _search(),
            *(
                _menu(name, label, getattr(NamespacesState, f"facet_{name}"))
                for name, label in FACETS.items()
            ),
            saved_views(),
            export_menu(),
            class_name="filters",
            role="search",
            aria_label="Filter namespaces",
        ),
        rx.cond(NamespacesState.is_narrowed, active, rx.fragment()),
        rx.cond(
            NamespacesState.dropped != "",
            rx.el.p(
                NamespacesState.dropped, class_name="field-warning", data_testid="filter-dropped"
            ),
            rx.fragment(),
        ),
        class_name="filter-bar",
    )
