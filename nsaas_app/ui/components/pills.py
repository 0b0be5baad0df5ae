"""Pills: a row of links of which one is open; each is an address of its own."""

import reflex as rx

from ..routes import Pill

__all__ = ["pill_row"]


def _pill(pill: Pill, area: str) -> rx.Component:
    label = rx.cond(
        pill.short != "",
        rx.fragment(
            rx.el.span(pill.label, class_name="pill-long"),
            rx.el.span(pill.short, class_name="pill-short", aria_hidden="true"),
        ),
        rx.el.span(pill.label),
    )
    return rx.el.li(
        rx.link(
            label,
            href=pill.href,
            class_name=rx.cond(pill.is_open, "pill pill-open", "pill"),
            aria_current=rx.cond(pill.is_open, "true", "false"),
            data_testid=f"{area}-{pill.key}",
        ),
        key=pill.key,
    )


def pill_row(pills: list[Pill], *, label: str, area: str) -> rx.Component:
    """Show the links side by side."""
    return rx.el.nav(
        rx.el.ul(rx.foreach(pills, lambda pill: _pill(pill, area)), class_name="pills"),
        aria_label=label,
    )
