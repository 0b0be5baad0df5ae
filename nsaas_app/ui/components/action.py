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
    """Build a button; with a reason it is `aria-disabled` and does nothing, as while it works.

    It is one and the same element all the time, and never `disabled`: it keeps the focus of whoever
    has pressed it. Its test id is its id as well: a dialog gives the focus back to it.
    """
    looks: dict[str, Any] = {
        "id": test_id,
        "type": "button",
        "data_testid": test_id,
        "class_name": _LOOKS[look],
    }
    if not isinstance(reason, str) or reason:
        looks |= {"title": reason, "aria_description": reason}
        is_off = rx.cond(reason != "", True, is_busy)
    elif is_busy is not False:
        is_off = is_busy
    else:
        is_off = None
    if is_off is not None:
        event = rx.cond(is_off, rx.noop(), event)
        looks |= {"aria_disabled": is_off, "aria_busy": is_busy}
    return rx.el.button(rx.icon(icon, size=16, aria_hidden="true"), label, on_click=event, **looks)


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
