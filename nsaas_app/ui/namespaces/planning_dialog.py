"""The dialog that hands selected namespaces to cleanup."""

import reflex as rx

from ..components.action import action_button
from ..components.focus import focus_on
from ..words import STAGE_WORDS
from .planning import Planning
from .state import PLAN, NamespacesState

__all__ = ["planning_dialog"]


def planning_dialog() -> rx.Component:
    """Ask how far the plan shall go; it is shown before anything happens."""
    stage = rx.el.div(
        rx.el.label("Up to", html_for="field_plan_stage", class_name="field-label"),
        rx.el.div(
            rx.el.select(
                *(rx.el.option(words, value=one.value) for one, words in STAGE_WORDS.items()),
                value=Planning.stage,
                on_change=Planning.choose,
                id="field_plan_stage",
                class_name="control",
                data_testid="field-plan-stage",
            ),
            rx.icon("chevron-down", size=16, class_name="select-mark", aria_hidden="true"),
            class_name="select",
        ),
        class_name="field",
    )
    buttons = rx.el.div(
        rx.dialog.close(
            rx.el.button("Cancel", type="button", class_name="button", data_testid="plan-cancel")
        ),
        action_button(
            "Make the plan",
            "list-checks",
            Planning.make,
            test_id="plan-make",
            is_busy=Planning.is_busy,
            look="primary",
        ),
        class_name="dialog-actions",
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(
                rx.cond(
                    Planning.number == 1,
                    "Plan the cleanup of 1 namespace",
                    f"Plan the cleanup of {Planning.number} namespaces",
                ),
                custom_attrs={"as": "h2"},
            ),
            rx.dialog.description(
                "Nothing happens yet: the plan shows what it would do to each, what it would skip "
                "and why, and asks for its own words before it begins.",
                class_name="card-note dialog-note",
            ),
            stage,
            buttons,
            max_width="480px",
            on_close_auto_focus=focus_on("bulk-plan"),
            data_testid="plan-dialog",
        ),
        open=Planning.is_open & (NamespacesState.asked == PLAN),
        on_open_change=Planning.show,
    )
