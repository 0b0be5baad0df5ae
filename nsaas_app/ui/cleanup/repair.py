"""What is there on one side alone: ways to make it whole, in its row."""

import reflex as rx

from ..components.action import action_button
from .acting import MARKED_DAYS, CleanupActing
from .state import CleanupState
from .stuck_card import typed_field
from .transform import CandidateRow

__all__ = ["adoption", "repair"]


def _reason_field(row: CandidateRow) -> rx.Component:
    """Why a namespace stays missing."""
    is_about = CleanupActing.reason_about == row.name
    field = f"field_mark-{row.name}"
    return rx.el.div(
        rx.el.label("Or say why it stays missing", html_for=field, class_name="field-label"),
        rx.debounce_input(
            rx.el.input(
                value=rx.cond(is_about, CleanupActing.reason, ""),
                on_change=lambda text: CleanupActing.write_reason(row.name, text),
                id=field,
                auto_complete="off",
                class_name="control",
                data_testid=f"field-mark-{row.name}",
            ),
            debounce_timeout=150,
        ),
        rx.el.p(
            rx.cond(is_about, CleanupActing.reason_error, ""),
            class_name="field-error",
            data_testid=f"error-mark-{row.name}",
        ),
        class_name="field",
    )


def repair(row: CandidateRow) -> rx.Component:
    """A record without its namespace is made anew, marked or forgotten, here and now."""
    area = f"forget-{row.name}"
    acts = rx.el.div(
        action_button(
            "Recreate it empty", "refresh-cw", CleanupActing.recreate(row.name),
            test_id=f"recreate-{row.name}", is_busy=CleanupActing.is_busy,
        ),
        _reason_field(row),
        action_button(
            f"Mark as known for {MARKED_DAYS} days", "eye-off", CleanupActing.mark(row.name),
            test_id=f"mark-{row.name}", is_busy=CleanupActing.is_busy,
        ),
        typed_field(row.name, f"Or type {row.name} to forget it", area),
        action_button(
            "Forget it", "eraser", CleanupActing.forget(row.name), test_id=area,
            is_busy=CleanupActing.is_busy, look="danger",
        ),
    )  # fmt: skip
    fold = rx.el.details(
        rx.el.summary("Repair", data_testid=f"repair-{row.name}"), acts, class_name="fold"
    )
    return rx.cond(row.is_missing & CleanupState.may_run, fold, rx.fragment())


def adoption(row: CandidateRow) -> rx.Component:
    """How an orphan that is wanted gets a record."""
    area = f"cleanup-row-{row.name}"
    return rx.cond(
        row.is_orphan & CleanupState.may_run,
        rx.el.details(
            rx.el.summary("Adopt it", data_testid=f"{area}-wanted"),
            rx.el.div(
                rx.el.p("A cluster administrator takes the old marks off first:"),
                rx.el.pre(row.unmark, class_name="raw", data_testid=f"{area}-unmark"),
                rx.link(
                    "Then ask for its adoption",
                    href=row.adopt_href,
                    class_name="card-link",
                    data_testid=f"{area}-adopt",
                ),
            ),
            class_name="fold",
        ),
        rx.fragment(),
    )
