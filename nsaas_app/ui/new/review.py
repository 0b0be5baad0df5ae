"""The wizard's review: what will be made, what the API server says of it, and the submit."""

from typing import Any

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.difference import difference_list
from ..components.facts import fact_list
from ..components.fields import text_area, text_field
from ..components.instant import clock_time
from ..components.problem import error_card
from ..components.table import data_table, head_cell, table_cell
from ..shell.waiting import waits_note
from .meaning import AccessLine
from .review_cards import adoption_card, connectivity_card, members_card
from .review_runs import dry_run_card, member_runs_card
from .state import NewState

__all__ = ["review_panels", "submit_button"]


def _confirmation() -> rx.Component:
    def at(name: str) -> dict[str, Any]:
        return {"edit": NewState.edit, "leave": NewState.leave, "error": NewState.errors[name]}

    why = text_area(
        "justification",
        "Why is it needed",
        NewState.draft.justification,
        help_text="An approver reads this. At least 20 characters.",
        **at("justification"),
    )
    typed = text_field(
        "confirm",
        "Type the name to confirm",
        NewState.draft.confirm,
        help_text=f"A production request is confirmed by its name: {NewState.to_confirm}.",
        is_mono=True,
        **at("confirm"),
    )
    return rx.fragment(
        rx.cond(NewState.needs_approval, why, rx.fragment()),
        rx.cond(NewState.is_production, typed, rx.fragment()),
    )


def _approval() -> rx.Component:
    wait = rx.cond(
        NewState.needs_approval & (NewState.usual_wait != ""),
        rx.el.p(
            "Half of the approvals so far took less than ",
            rx.el.span(NewState.usual_wait, class_name="num"),
            ".",
            class_name="card-note",
            data_testid="review-approval-wait",
        ),
        rx.fragment(),
    )
    verdict = rx.el.p(
        rx.cond(
            NewState.needs_approval,
            rx.icon("hourglass", size=16, class_name="tone-waiting shrink-0", aria_hidden="true"),
            rx.icon("circle-check", size=16, class_name="tone-ok shrink-0", aria_hidden="true"),
        ),
        rx.el.span(NewState.approval),
        class_name="verdict",
        data_testid="review-approval",
    )
    return rx.cond(NewState.approval != "", rx.fragment(verdict, wait), rx.fragment())


def _found() -> rx.Component:
    """Say what differs from what the environment would have given."""
    shown = rx.el.div(
        rx.el.h3("Chosen by hand", class_name="part-title"),
        difference_list(NewState.found, note=NewState.found_note, area="review-diff"),
        class_name="part",
    )
    return rx.cond(NewState.found_note != "", shown, rx.fragment())


def _dates() -> rx.Component:
    """Say what happens when, in the reader's time zone, and how long the making takes."""
    shown = rx.el.div(
        rx.el.h3("What happens when", class_name="part-title"),
        fact_list(NewState.dates, area="review-date"),
        rx.cond(
            NewState.usual != "",
            rx.el.p(
                "Ready about ",
                rx.el.span(NewState.usual, class_name="num"),
                " after the start: half of our own past requests took less",
                rx.cond(
                    NewState.usual_most != "",
                    rx.fragment(
                        ", 95 of 100 less than ",
                        rx.el.span(NewState.usual_most, class_name="num"),
                    ),
                ),
                ".",
                class_name="card-note",
                data_testid="review-usual",
            ),
            rx.fragment(),
        ),
        class_name="part",
    )
    return rx.cond(NewState.dates, shown, rx.fragment())


def _access_line(line: AccessLine) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.span(line.name, class_name="block access-name"),
            rx.el.span(line.kind, class_name="line-note"),
            scope="row",
        ),
        table_cell("Role", rx.el.span(line.role, class_name="no-wrap")),
        table_cell("May", line.may),
        table_cell(
            "Until",
            rx.cond(
                line.until != "",
                clock_time(line.until, test_id=f"review-access-{line.key}-until"),
                "As long as it lives",
            ),
        ),
        key=line.key,
    )


def _access_card() -> rx.Component:
    columns = ("Who", "Role", "May", "Until")
    table = card(
        data_table(
            *(head_cell(label) for label in columns),
            body=rx.foreach(NewState.access_lines, _access_line),
            label="Who gets in",
            test_id="review-access-table",
        ),
        title="Who gets in",
        note="Access comes last: before anybody gets in the limits stand",
        test_id="review-access",
    )
    return rx.cond(NewState.access_lines, table, rx.fragment())


def review_panels() -> rx.Component:
    """Show what a submit means, the most important first."""
    cost = rx.cond(
        NewState.cost.text != "",
        rx.el.div(
            rx.el.h3("Cost", class_name="part-title"),
            rx.el.p(NewState.cost.text, class_name="cost num", data_testid="review-cost"),
            rx.el.p(NewState.cost.note, class_name="field-help"),
            class_name="part",
        ),
        rx.fragment(),
    )
    asked = card(
        error_card(NewState.refusal),
        _approval(),
        rx.cond(
            NewState.facts,
            fact_list(NewState.facts, area="review"),
            rx.el.p("Some fields break a rule: go back to them.", class_name="field-help"),
        ),
        _found(),
        _dates(),
        cost,
        _confirmation(),
        title="Review",
        note="This is what will be created. Nothing is written before you submit.",
        test_id="wizard-step-review",
    )
    return rx.el.div(
        asked,
        members_card(),
        adoption_card(),
        _access_card(),
        dry_run_card(),
        member_runs_card(),
        connectivity_card(),
        class_name="stack",
    )


def submit_button() -> rx.Component:
    """Hand the draft in, once the preview allows it."""
    return rx.fragment(
        waits_note(),
        action_reason(NewState.blocked, test_id="submit-reason"),
        action_button(
            "Submit request",
            "check",
            NewState.submit,
            test_id="wizard-submit",
            reason=NewState.blocked,
            is_busy=NewState.is_submitting,
            look="primary",
        ),
    )
