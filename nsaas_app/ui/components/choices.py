"""Choice cards: a few options side by side, each saying what it means and why it may be closed."""

import reflex as rx
from reflex_base.event import EventCallback

from .fields import field_frame

__all__ = ["choice_card", "choice_cards"]


def choice_card(
    name: str,
    value: str,
    *content: rx.Component,
    is_allowed: bool | None = None,
) -> rx.Component:
    """Build one card of a group."""
    return rx.radio_cards.item(
        *content,
        value=value,
        disabled=False if is_allowed is None else ~is_allowed,
        class_name="choice",
        data_testid=f"field-{name}-{value}",
        key=value,
    )


def choice_cards(
    name: str,
    label: str,
    value: str,
    *cards: rx.Component,
    edit: EventCallback[str, str],
    help_text: str,
    error: str,
    columns: str,
) -> rx.Component:
    """Offer cards of which exactly one is chosen; arrows move between them."""
    group = rx.radio_cards.root(
        *cards,
        value=value,
        on_value_change=lambda choice: edit(name, choice),
        columns={"initial": "1", "sm": columns},
        gap="3",
        size="1",
        variant="surface",
        aria_labelledby=f"label_{name}",
        data_testid=f"field-{name}",
        data_value=value,
        class_name="choices",
    )
    return field_frame(name, label, group, help_text=help_text, error=error, is_group=True)
