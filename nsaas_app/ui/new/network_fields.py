"""The wizard's network step: who reaches the namespace, what it reaches, and its features."""

import reflex as rx

from ..components.choices import choice_card, choice_cards
from ..components.fields import text_area
from .cards import default_mark
from .feature_cards import feature_list
from .state import NewState
from .transform import Option

__all__ = ["network_step"]


def _option_card(name: str, option: Option) -> rx.Component:
    return choice_card(
        name,
        option.value,
        rx.el.span(
            rx.el.span(option.label, class_name="choice-title"),
            default_mark(option.is_default),
            class_name="choice-head",
        ),
        rx.el.span(option.sentence, class_name="choice-text"),
        rx.cond(
            option.reason != "",
            rx.el.span(option.reason, class_name="choice-reason"),
            rx.fragment(),
        ),
        is_allowed=option.is_allowed,
    )


def _gateway() -> rx.Component:
    """Let the gateway in where there is one and the network is not open anyway."""
    is_in = NewState.draft.gateway == "yes"
    choice = rx.el.label(
        rx.checkbox(
            checked=is_in,
            on_change=lambda _: NewState.edit("gateway", rx.cond(is_in, "", "yes")),
            aria_label="Accept traffic from the gateway",
            data_testid="field-gateway",
        ),
        rx.el.span("Accept traffic from the gateway"),
        class_name="check-line field",
    )
    return rx.cond(NewState.has_gateway & (NewState.draft.network != "open"), choice, rx.fragment())


def network_step() -> rx.Component:
    """Who reaches it, what it reaches, and what else it may have."""
    return rx.fragment(
        choice_cards(
            "network",
            "Who may talk to it",
            NewState.draft.network,
            rx.foreach(NewState.networks, lambda option: _option_card("network", option)),
            edit=NewState.edit,
            help_text="Every rule is a NetworkPolicy you can read on the namespace's page.",
            error=NewState.errors["network"],
            columns="1",
        ),
        _gateway(),
        choice_cards(
            "egress",
            "Where it may talk to",
            NewState.draft.egress,
            rx.foreach(NewState.egresses, lambda option: _option_card("egress", option)),
            edit=NewState.edit,
            help_text="DNS and the preset's own peers are always reachable.",
            error=NewState.errors["egress"],
            columns="2",
        ),
        rx.cond(
            NewState.draft.egress == "cidrs",
            text_area(
                "cidrs",
                "Address ranges",
                NewState.draft.cidrs,
                edit=NewState.edit,
                leave=NewState.leave,
                help_text="CIDRs such as 203.0.113.0/24, separated by spaces or lines.",
                error=NewState.errors["cidrs"],
            ),
            rx.fragment(),
        ),
        feature_list(),
    )
