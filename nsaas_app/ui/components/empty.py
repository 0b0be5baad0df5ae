"""Empty states: what would be here, and the first step."""

import reflex as rx

__all__ = ["NOT_YOURS", "empty_state"]

NOT_YOURS = "Developers and leads of a team ask for them; each shows here at once."
"""Said of namespaces that are not there to who may not ask for one."""


def empty_state(
    title: str | rx.Component,
    text: str | rx.Component = "",
    *actions: rx.Component,
    icon: str = "box",
    test_id: str = "empty-state",
) -> rx.Component:
    """Explain an empty list and offer the way on."""
    return rx.el.div(
        rx.el.span(rx.icon(icon, size=20, aria_hidden="true"), class_name="empty-icon"),
        rx.el.p(title, class_name="empty-title"),
        rx.el.p(text, class_name="empty-text")
        if not isinstance(text, str) or text
        else rx.fragment(),
        rx.el.div(*actions, class_name="empty-actions") if actions else rx.fragment(),
        class_name="empty",
        data_testid=test_id,
    )
