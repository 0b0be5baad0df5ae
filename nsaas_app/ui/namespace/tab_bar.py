"""The row of sections; on a narrow screen it is one choice."""

import reflex as rx

from .state import NamespacePage
from .tabs import TABS, TabLink

__all__ = ["tab_bar"]


def _tab(link: TabLink) -> rx.Component:
    count = rx.el.span(
        link.count,
        rx.el.span(" to look at", class_name="sr-only"),
        class_name="tab-count num",
        data_testid=f"tab-{link.key}-count",
        data_value=link.count,
    )
    return rx.el.li(
        rx.link(
            link.label,
            rx.cond(link.count != "", count, rx.fragment()),
            href=link.href,
            class_name=rx.cond(link.is_open, "tab tab-open", "tab"),
            aria_current=rx.cond(link.is_open, "page", "false"),
            data_testid=f"tab-{link.key}",
        ),
        key=link.key,
    )


def tab_bar() -> rx.Component:
    """Link every section; each has an address of its own."""
    row = rx.el.nav(
        rx.el.ul(rx.foreach(NamespacePage.tabs, _tab), class_name="tabs"),
        class_name="tab-row",
        aria_label="Sections",
    )
    choice = rx.el.div(
        rx.el.select(
            *(rx.el.option(label, value=tab) for tab, label in TABS.items()),
            value=NamespacePage.tab,
            on_change=NamespacePage.open_tab,
            class_name="control",
            aria_label="Section",
            data_testid="tab-select",
        ),
        rx.icon("chevron-down", size=16, class_name="select-mark", aria_hidden="true"),
        class_name="select tab-choice",
    )
    return rx.fragment(row, choice)
