"""Selecting rows, and the bar that says what can be done with them."""

import reflex as rx

from ..namespace_views import NamespaceLine
from .bulk import MOST, Bulk
from .offers import Offer
from .planning import Planning
from .state import NamespacesState

__all__ = ["bulk_bar", "select_all", "select_row"]


def select_row(line: NamespaceLine) -> rx.Component:
    """Select one row."""
    return rx.checkbox(
        checked=NamespacesState.selected.contains(line.name),  # type: ignore[attr-defined]  # a Var
        on_change=lambda _: Bulk.toggle(line.name),
        aria_label=f"Select {line.name}",
        data_testid=f"row-select-{line.name}",
    )


def select_all() -> rx.Component:
    """Select the rows of the page."""
    return rx.checkbox(
        checked=NamespacesState.is_page_selected,
        on_change=lambda _: Bulk.toggle_all(NamespacesState.names),
        aria_label="Select the rows of this page",
        data_testid="row-select-all",
    )


def _offer(offer: Offer) -> rx.Component:
    icon = rx.match(
        offer.key,
        ("renew", rx.icon("calendar-plus", size=16, aria_hidden="true")),
        ("sleep", rx.icon("moon", size=16, aria_hidden="true")),
        ("wake", rx.icon("sun", size=16, aria_hidden="true")),
        rx.icon("archive", size=16, aria_hidden="true"),
    )
    content = (icon, offer.label)
    usable = rx.el.button(
        *content,
        type="button",
        on_click=Bulk.begin(offer.key),
        class_name="button",
        data_testid=f"bulk-{offer.key}",
    )
    closed = rx.el.button(
        *content,
        type="button",
        aria_disabled="true",
        class_name="button",
        data_testid=f"bulk-{offer.key}",
    )
    return rx.fragment(rx.cond(offer.is_open, usable, closed), key=offer.key)


def _plan() -> rx.Component:
    """Hand the selection to cleanup; nobody else is shown what they may not use."""
    button = rx.el.button(
        rx.icon("list-checks", size=16, aria_hidden="true"),
        "Add to cleanup plan",
        type="button",
        on_click=Planning.begin,
        class_name="button",
        data_testid="bulk-plan",
    )
    return rx.cond(Bulk.may_plan, button, rx.fragment())


def bulk_bar() -> rx.Component:
    """Say how many are selected and what can be done with them; nothing while none is."""
    reasons = rx.cond(
        Bulk.reasons,
        rx.el.ul(
            rx.foreach(Bulk.reasons, lambda reason: rx.el.li(reason, key=reason)),
            class_name="bulk-reasons",
            data_testid="bulk-reasons",
        ),
        rx.fragment(),
    )
    number = NamespacesState.selected.length()  # type: ignore[attr-defined]  # a Var
    shown = rx.el.div(
        rx.el.span(
            number,
            " selected",
            class_name="bulk-count num",
            data_testid="bulk-count",
            data_value=number,
        ),
        rx.foreach(Bulk.offers, _offer),
        _plan(),
        rx.el.button(
            rx.cond(
                NamespacesState.total > MOST,
                f"Select the first {MOST} of {NamespacesState.total_text} that match",
                f"Select all {NamespacesState.total_text} that match",
            ),
            type="button",
            on_click=Bulk.select_matching,
            class_name="text-button",
            data_testid="bulk-select-matching",
        ),
        rx.el.button(
            "Clear",
            type="button",
            on_click=Bulk.clear,
            class_name="text-button",
            data_testid="bulk-clear",
        ),
        reasons,
        class_name="bulk-bar",
        role="region",
        aria_label="Selection",
        data_testid="bulk-bar",
    )
    return rx.cond(number > 0, shown, rx.fragment())
