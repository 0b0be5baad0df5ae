"""The dialogs about sleep: send to sleep now, and the schedule by which it sleeps."""

import reflex as rx

from ..components.action import action_button
from ..components.choices import choice_card, choice_cards
from ..components.fields import text_area, text_field
from .acting import Acting
from .dialogs import (
    button_row,
    dialog_frame,
    field_events,
    justification_field,
    object_list,
    plain_cancel,
    submit_change,
    verdict,
)
from .resting import CHOICES
from .state import NamespacePage
from .week_grid import week_buttons

__all__ = ["rest_dialogs"]


def _sleep() -> rx.Component:
    cards = (
        choice_card("until", key, rx.el.span(words, class_name="choice-title"))
        for key, words, _ in CHOICES
    )
    submit = action_button(
        "Sleep", "moon", Acting.submit_sleep, test_id="sleep-submit", is_busy=Acting.is_busy,
        look="primary",
    )  # fmt: skip
    return dialog_frame(
        "sleep",
        f"Send {NamespacePage.title} to sleep",
        "Deployments and StatefulSets are scaled to zero and CronJobs are suspended. Everything "
        "comes back exactly as it was; what is changed meanwhile stays changed.",
        choice_cards(
            "until", "How long", Acting.form["until"], *cards, edit=Acting.edit,
            help_text="What Git or another controller writes runs on and is named.",
            error=Acting.errors["until"], columns="2",
        ),
        button_row(submit, plain_cancel()),
    )  # fmt: skip


def _schedule() -> rx.Component:
    suggest = rx.el.button(
        "Fill in nights and weekends",
        type="button",
        on_click=Acting.suggest_schedule,
        class_name="text-button",
        data_testid="schedule-suggest",
    )
    return dialog_frame(
        "schedule",
        f"When {NamespacePage.title} sleeps",
        "It is sent to sleep when a window begins and woken when it ends. Who wakes it in between "
        "is left in peace until the next one.",
        text_field(
            "timezone", "Time zone", Acting.form["timezone"], is_mono=True,
            help_text="An IANA name such as Europe/Berlin; summer time is heeded.",
            **field_events("timezone"),
        ),
        text_area(
            "windows", "Asleep", Acting.form["windows"],
            help_text="One window a line, such as Mon-Fri 20:00-07:00 or Sat-Sun; idle 4h: "
            "whenever nobody used it for so long. Empty: never.",
            **field_events("windows"),
        ),
        rx.el.p(
            "A click turns an hour over and writes the lines anew, in whole hours.",
            class_name="field-help",
        ),
        week_buttons(Acting.week, Acting.turn_hour),
        suggest,
        verdict(),
        object_list(),
        justification_field(),
        button_row(submit_change("Save", "schedule-submit"), plain_cancel()),
        max_width="760px",
    )  # fmt: skip


def rest_dialogs() -> rx.Component:
    """Build both."""
    return rx.fragment(_sleep(), _schedule())
