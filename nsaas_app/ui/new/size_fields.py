"""The wizard's size step: the tier, other numbers in place of its own, and whether pods fit."""

import reflex as rx

from ..components.choices import choice_cards
from ..fitting.panel import fit_calculator
from .cards import tier_card
from .fields import draft_field
from .state import NewState

__all__ = ["size_step"]

_NUMBERS = (
    ("over_request_cpu", "CPU requested", NewState.draft.over_request_cpu),
    ("over_limit_cpu", "CPU limit", NewState.draft.over_limit_cpu),
    ("over_request_memory", "Memory requested", NewState.draft.over_request_memory),
    ("over_limit_memory", "Memory limit", NewState.draft.over_limit_memory),
    ("over_storage", "Storage", NewState.draft.over_storage),
    ("over_pods", "Pods", NewState.draft.over_pods),
)


def _number(name: str, label: str, value: str) -> rx.Component:
    own = NewState.override_hints[name]
    return draft_field(name, label, value, f"The tier has {own}.", placeholder=own, is_mono=True)


def _overrides() -> rx.Component:
    """Offer other numbers than the tier's; each that is left empty stays as the tier has it."""
    asked = rx.el.label(
        rx.checkbox(
            checked=NewState.is_overriding,
            on_change=NewState.set_overriding,
            aria_label="Other numbers than the tier has",
            data_testid="field-overrides",
        ),
        rx.el.span("Other numbers than the tier has (needs approval)"),
        class_name="check-line field",
    )
    fields = rx.el.div(
        rx.el.p(
            "Kubernetes notation, such as 1500m, 3, 6Gi. An empty field keeps the tier's number. "
            "A platform admin needs no approval for it.",
            class_name="card-note overrides-note",
        ),
        rx.el.div(*(_number(*one) for one in _NUMBERS), class_name="field-pair"),
        role="group",
        aria_label="Numbers in place of the tier's",
        data_testid="overrides",
    )
    return rx.fragment(asked, rx.cond(NewState.is_overriding, fields, rx.fragment()))


def size_step() -> rx.Component:
    """How large: the tier with its real numbers."""
    tiers = choice_cards(
        "tier",
        "Tier",
        NewState.draft.tier,
        rx.foreach(NewState.tiers, lambda option: tier_card("tier", option)),
        edit=NewState.edit,
        help_text="CPU and memory: what all pods together may request, and their limit.",
        error=NewState.errors["tier"],
        columns="2",
    )
    return rx.fragment(tiers, _overrides(), fit_calculator())
