"""The wizard's basics: who asks for what. And a line of the draft, for every step."""

from typing import Any

import reflex as rx

from ..components.choices import choice_card, choice_cards
from ..components.fields import SETTLE_MS, field_frame, select_field, text_area, text_field
from ..components.status import environment_tag
from .start import start_from
from .state import NewState
from .transform import Option, ParameterField

__all__ = ["basics_step", "draft_area", "draft_field"]


def draft_field(name: str, label: str, value: str, help_text: str, **props: Any) -> rx.Component:
    """One line of the draft, with its error and warning."""
    return text_field(
        name,
        label,
        value,
        edit=NewState.edit,
        leave=NewState.leave,
        help_text=help_text,
        error=NewState.errors[name],
        warning=NewState.warnings[name],
        **props,
    )


def draft_area(name: str, label: str, value: str, help_text: str) -> rx.Component:
    """Several lines of the draft, with their error."""
    return text_area(
        name,
        label,
        value,
        edit=NewState.edit,
        leave=NewState.leave,
        help_text=help_text,
        error=NewState.errors[name],
    )


def _environment() -> rx.Component:
    def card(option: Option) -> rx.Component:
        return choice_card(
            "environment",
            option.value,
            rx.el.span(environment_tag(option.value), class_name="choice-title"),
            rx.el.span(option.sentence, class_name="choice-text"),
            rx.cond(
                option.reason != "",
                rx.el.span(option.reason, class_name="choice-reason"),
                rx.fragment(),
            ),
            is_allowed=option.is_allowed,
        )

    return choice_cards(
        "environment",
        "Environment",
        NewState.draft.environment,
        rx.foreach(NewState.environments, card),
        edit=NewState.edit,
        help_text="It decides the defaults of every step, and what is allowed.",
        error=NewState.errors["environment"],
        columns="2",
    )


def _also() -> rx.Component:
    """Offer the other environments: one submission, all of them or none."""

    def offer(option: Option) -> rx.Component:
        return rx.el.label(
            rx.checkbox(
                checked=option.is_default,
                on_change=lambda _: NewState.toggle_also(option.value),
                aria_label=f"Also in {option.label}",
                data_testid=f"field-also-{option.value}",
            ),
            rx.el.span(option.label),
            rx.cond(
                option.is_default & (option.sentence != ""),
                rx.el.span(option.sentence, class_name="mono line-note"),
                rx.fragment(),
            ),
            class_name="check-line",
            key=option.value,
        )

    group = field_frame(
        "also",
        "Also in (optional)",
        rx.el.div(
            rx.foreach(NewState.also, offer),
            role="group",
            aria_labelledby="label_also",
            class_name="check-row",
            data_testid="field-also",
        ),
        help_text="One submission for a set of namespaces: all are accepted, or none. Each gets "
        "the defaults of its environment.",
        error=NewState.errors["also"],
        is_group=True,
    )
    return rx.cond(NewState.also, group, rx.fragment())


def _suggestions() -> rx.Component:
    def offer(name: str) -> rx.Component:
        return rx.el.button(
            name,
            type="button",
            on_click=NewState.edit("name", name),
            class_name="chip mono",
            data_testid=f"suggestion-{name}",
            key=name,
        )

    return rx.fragment(
        rx.cond(
            NewState.suggestions,
            rx.el.div(
                rx.el.span("Free names:"),
                rx.foreach(NewState.suggestions, offer),
                class_name="chips",
                data_testid="name-suggestions",
            ),
            rx.fragment(),
        ),
        rx.cond(
            NewState.is_name_free,
            rx.el.p(
                rx.icon("circle-check", size=14, class_name="shrink-0", aria_hidden="true"),
                rx.el.span(rx.el.span(NewState.draft.name, class_name="mono"), " is free"),
                class_name="field-good",
                data_testid="name-free",
            ),
            rx.fragment(),
        ),
    )


def _parameter(one: ParameterField) -> rx.Component:
    described = {
        "id": f"field_{one.name}",
        "aria_describedby": f"help_{one.name} error_{one.name}",
        "data_testid": f"field-{one.name}",
        "class_name": "control",
        "value": one.value,
    }
    choice = rx.el.div(
        rx.el.select(
            rx.foreach(one.choices, lambda value: rx.el.option(value, value=value, key=value)),
            on_change=lambda value: NewState.answer(one.name, value),
            **described,
        ),
        rx.icon("chevron-down", size=16, class_name="select-mark", aria_hidden="true"),
        class_name="select",
    )
    text = rx.debounce_input(
        rx.el.input(
            type="text",
            on_change=lambda value: NewState.answer(one.name, value),
            on_blur=lambda _value: NewState.leave_answer(one.name),
            auto_complete="off",
            spell_check=False,
            **described,
        ),
        debounce_timeout=SETTLE_MS,
    )
    return rx.el.div(
        field_frame(
            one.name,
            one.label,
            rx.cond(one.choices, choice, text),
            help_text=one.help,
            error=one.error,
        ),
        key=one.name,
    )


def _template() -> rx.Component:
    """Ask what the template asks; tier, network and lifetime follow the answers."""
    questions = rx.el.fieldset(
        rx.el.legend(NewState.template, class_name="part-title"),
        rx.foreach(NewState.parameters, _parameter),
        class_name="stack field",
        data_testid="template-parameters",
    )
    return rx.cond(NewState.template != "", questions, rx.fragment())


def basics_step() -> rx.Component:
    """Who asks for what: team, environment, name, owner."""
    return rx.fragment(
        start_from(),
        _template(),
        select_field(
            "team",
            "Team",
            NewState.draft.team,
            NewState.teams,
            edit=NewState.edit,
            leave=NewState.leave,
            help_text="It owns the namespace and pays for it.",
            error=NewState.errors["team"],
        ),
        _environment(),
        _also(),
        rx.cond(
            NewState.draft.adopts == "",
            draft_field(
                "app", "Application", NewState.draft.app, "What will run in it. Builds the name."
            ),
        ),
        draft_field(
            "name",
            "Name",
            NewState.draft.name,
            rx.cond(
                NewState.draft.adopts == "",
                "Follows team, application and environment until you change it.",
                "What is adopted keeps its name.",
            ),
            is_mono=True,
            read_only=NewState.draft.adopts != "",
        ),
        _suggestions(),
        draft_field(
            "display_name",
            "Display name (optional)",
            NewState.draft.display_name,
            "Shown beside the name; any words, at most 80 characters.",
        ),
        draft_area(
            "description",
            "Description (optional)",
            NewState.draft.description,
            "One or two sentences for people who find it later.",
        ),
        rx.el.div(
            draft_field("owner", "Owner", NewState.draft.owner, "Hears of expiry and trouble."),
            draft_field(
                "cost_center",
                "Cost centre",
                NewState.draft.cost_center,
                "The team's own unless you change it. Required in staging and production.",
            ),
            class_name="field-pair",
        ),
    )
