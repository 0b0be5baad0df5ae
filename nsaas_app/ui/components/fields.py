"""Form fields: label, control, help, and the error or warning under the control."""

from typing import Any, Final

import reflex as rx
from reflex_base.event import EventCallback

__all__ = ["SETTLE_MS", "field_frame", "select_field", "text_area", "text_field"]

Edit = EventCallback[str, str]
Leave = EventCallback[str]

SETTLE_MS: Final = 300
"""How long typing must rest before the server hears of it."""


def field_frame(
    name: str,
    label: str,
    *control: rx.Component,
    help_text: str,
    error: str,
    warning: str = "",
    is_group: bool = False,
) -> rx.Component:
    """Put a label over a control, and help, warning and error under it."""
    heading = (
        rx.el.span(label, id=f"label_{name}", class_name="field-label")
        if is_group
        else rx.el.label(label, html_for=f"field_{name}", class_name="field-label")
    )
    return rx.el.div(
        heading,
        *control,
        rx.el.p(help_text, id=f"help_{name}", class_name="field-help"),
        rx.cond(
            warning,
            rx.el.p(
                rx.icon("triangle-alert", size=14, class_name="shrink-0", aria_hidden="true"),
                rx.el.span(warning),
                class_name="field-warning",
                data_testid=f"warning-{name}",
            ),
            rx.fragment(),
        ),
        rx.cond(
            error,
            rx.el.p(
                rx.icon("octagon-x", size=14, class_name="shrink-0", aria_hidden="true"),
                rx.el.span(error),
                id=f"error_{name}",
                class_name="field-error",
                data_testid=f"error-{name}",
            ),
            rx.fragment(),
        ),
        class_name="field",
    )


def _described(name: str, error: str) -> dict[str, Any]:
    return {
        "id": f"field_{name}",
        "aria_describedby": f"help_{name} error_{name}",
        "aria_invalid": rx.cond(error, "true", "false"),
        "data_testid": f"field-{name}",
    }


def text_field(
    name: str,
    label: str,
    value: str,
    *,
    edit: Edit,
    leave: Leave,
    help_text: str,
    error: str,
    warning: str = "",
    is_mono: bool = False,
    **props: Any,
) -> rx.Component:
    """One line of text. What was typed is checked when the cursor leaves."""
    control = rx.debounce_input(
        rx.el.input(
            type="text",
            value=value,
            on_change=lambda text: edit(name, text),
            on_blur=lambda _text: leave(name),
            class_name="control mono" if is_mono else "control",
            auto_complete="off",
            spell_check=False,
            **_described(name, error),
            **props,
        ),
        debounce_timeout=SETTLE_MS,
    )
    return field_frame(name, label, control, help_text=help_text, error=error, warning=warning)


def text_area(
    name: str, label: str, value: str, *, edit: Edit, leave: Leave, help_text: str, error: str
) -> rx.Component:
    """Several lines of text."""
    control = rx.debounce_input(
        rx.el.textarea(
            value=value,
            on_change=lambda text: edit(name, text),
            on_blur=lambda _text: leave(name),
            class_name="control control-tall",
            rows="3",
            **_described(name, error),
        ),
        debounce_timeout=SETTLE_MS,
    )
    return field_frame(name, label, control, help_text=help_text, error=error)


def select_field(
    name: str,
    label: str,
    value: str,
    options: list[str],
    *,
    edit: Edit,
    leave: Leave,
    help_text: str,
    error: str,
) -> rx.Component:
    """One of a list."""
    control = rx.el.div(
        rx.el.select(
            rx.el.option("Choose", value="", disabled=True),
            rx.foreach(options, lambda option: rx.el.option(option, value=option, key=option)),
            value=value,
            on_change=lambda choice: edit(name, choice),
            on_blur=lambda: leave(name),
            class_name="control",
            **_described(name, error),
        ),
        rx.icon("chevron-down", size=16, class_name="select-mark", aria_hidden="true"),
        class_name="select",
    )
    return field_frame(name, label, control, help_text=help_text, error=error)
