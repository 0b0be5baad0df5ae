"""Action buttons: one that cannot be used stays visible and says why."""

from typing import Any, Literal

import reflex as rx

__all__ = ["action_button", "action_reason"]

Look = Literal["plain", "primary", "danger"]

_LOOKS = {
    "plain": "button",
    "primary": "button button-primary",
    "danger": "button button-danger",
}


def action_button(
    label: str,
    icon: str,
    event: Any,
    *,
    test_id: str,
    reason: str = "",
    is_busy: bool = False,
    look: Look = "plain",
) -> rx.Component:
    """Build a button; with a reason it is `aria-disabled` and does nothing.

    Its test id is its id as well: a dialog gives the focus back to it.
    """
    content = (rx.icon(icon, size=16, aria_hidden="true"), label)
    shared: dict[str, Any] = {
        "id": test_id,
        "type": "button",
        "data_testid": test_id,
        "class_name": _LOOKS[look],
    }
    usable = rx.el.button(*content, on_click=event, disabled=is_busy, **shared)
    if isinstance(reason, str) and not reason:
        return usable
    closed = rx.el.button(
        *content, aria_disabled="true", title=reason, aria_description=reason, **shared
    )
    return rx.cond(reason != "", closed, usable)


def action_reason(reason: str, *, test_id: str) -> rx.Component:
    """Say beside the buttons why they cannot be used; nothing when they can."""
    return rx.cond(
        reason != "",
        rx.el.p(
            rx.icon("lock", size=14, class_name="shrink-0", aria_hidden="true"),
            rx.el.span(reason),
            class_name="field-help",
            data_testid=test_id,
        ),
        rx.fragment(),
    )
