"""Choice cards that the wizard and the change of a size share."""

import reflex as rx

from ..components.choices import choice_card
from .transform import TierOption

__all__ = ["default_mark", "tier_card"]


def default_mark(is_default: bool) -> rx.Component:  # noqa: FBT001 - the value shown
    """Mark what the environment gives unless somebody chooses."""
    return rx.cond(is_default, rx.el.span("Default", class_name="choice-mark"), rx.fragment())


def tier_card(name: str, option: TierOption) -> rx.Component:
    """Show one tier as a choice of the field `name`."""

    def number(term: str, value: str) -> rx.Component:
        return rx.el.span(
            rx.el.span(term, class_name="tier-term"),
            rx.el.span(value, class_name="num tier-value"),
            class_name="tier-row",
        )

    return choice_card(
        name,
        option.value,
        rx.el.span(
            rx.el.span(option.label, class_name="choice-title"),
            rx.cond(
                option.is_current,
                rx.el.span("Current", class_name="choice-mark"),
                default_mark(option.is_default),
            ),
            class_name="choice-head",
        ),
        number("CPU", option.cpu),
        number("Memory", option.memory),
        number("Storage", option.storage),
        number("Pods", option.pods),
        number("Services", option.services),
        number("List price", option.price),
        rx.cond(
            option.reason != "",
            rx.el.span(option.reason, class_name="choice-reason"),
            rx.fragment(),
        ),
        is_allowed=option.is_allowed,
    )
