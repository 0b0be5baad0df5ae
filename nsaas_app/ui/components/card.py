"""Cards: the one surface everything stands on."""

import reflex as rx

__all__ = ["card", "stat_card"]


def card(
    *content: rx.Component,
    title: str = "",
    note: str | rx.Component = "",
    action: rx.Component | None = None,
    test_id: str,
    class_name: str = "",
) -> rx.Component:
    """Frame content under a heading, with a sentence below it and an action beside it."""
    heading = rx.el.div(
        rx.el.div(
            rx.el.h2(title, class_name="card-title"),
            rx.el.p(note, class_name="card-note")
            if not isinstance(note, str) or note
            else rx.fragment(),
        ),
        action or rx.fragment(),
        class_name="card-head",
    )
    return rx.el.section(
        heading if not isinstance(title, str) or title else rx.fragment(),
        *content,
        class_name=f"card {class_name}".strip(),
        data_testid=test_id,
    )


def stat_card(
    label: str,
    value: str,
    *,
    unit: str = "",
    note: str | rx.Component,
    icon: str,
    test_id: str,
    raw: str,
    as_of: str,
    is_loaded: bool,
    href: str,
    meaning: str | rx.Var[str],
    change: rx.Component | None = None,
) -> rx.Component:
    """Show one headline number with its window, linked to the list behind it.

    An empty value reads "No data yet": the portal never invents a number. What it means, and how
    it is counted, shows when the card is pointed at or has the focus. What became of it since
    another time stands below.
    """
    number = rx.el.p(
        rx.cond(
            value != "",
            rx.fragment(rx.el.span(value), rx.el.span(unit, class_name="stat-unit")),
            rx.el.span("No data yet", class_name="stat-empty"),
        ),
        class_name="stat-value num",
        data_testid=test_id,
        data_value=raw,
        data_as_of=as_of,
    )
    waiting = rx.skeleton(height="36px", width="96px", class_name="stat-wait")
    return rx.el.section(
        rx.el.div(
            rx.el.h2(
                rx.tooltip(
                    rx.link(
                        label, href=href, class_name="stat-link", data_testid=f"{test_id}-link"
                    ),
                    content=meaning,
                ),
                class_name="stat-label",
            ),
            rx.el.span(rx.icon(icon, size=18, aria_hidden="true"), class_name="stat-icon"),
            class_name="stat-head",
        ),
        rx.cond(is_loaded, number, waiting),
        rx.el.p(note, class_name="stat-note num"),
        change or rx.fragment(),
        class_name="card stat",
    )
