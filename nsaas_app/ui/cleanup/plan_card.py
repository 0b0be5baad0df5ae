"""The open plan: its words, its lines, and the way to confirm, stop and take back."""

from typing import Any

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.instant import clock_time, relative_time
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell
from .acting import CleanupActing
from .plan_rows import PlanLine
from .state import CleanupState

__all__ = ["plan_card", "plan_list"]


def _line(line: PlanLine) -> rx.Component:
    area = f"plan-line-{line.name}"
    why = rx.cond(
        line.would != "",
        rx.el.span("Would be skipped now: ", line.would, data_testid=f"{area}-would"),
        rx.el.span(line.reason, data_testid=f"{area}-reason"),
    )
    return rx.el.tr(
        rx.el.th(rx.el.span(line.name, class_name="mono wraps"), scope="row"),
        table_cell(
            "State", status_badge(line.word, line.tone, test_id=f"{area}-state", raw=line.state)
        ),
        table_cell("Stages", rx.el.span(line.stages, class_name="wraps")),
        table_cell("Next", relative_time(line.due_at, test_id=f"{area}-due")),
        table_cell("Would lose", rx.el.span(line.impact, class_name="wraps")),
        table_cell("Why", rx.el.div(why, _advice(line), _notes(line), class_name="pile wraps")),
        table_cell("Undo", _recourse(line)),
        key=line.name,
        data_testid=area,
    )


def _recourse(line: PlanLine) -> rx.Component:
    """Take back what was done, or try again what failed."""
    area = f"plan-line-{line.name}"

    def button(word: str, act: Any, test_id: str) -> rx.Component:
        return rx.el.button(
            word,
            type="button",
            on_click=act,
            disabled=CleanupActing.is_busy,
            class_name="text-button",
            data_testid=test_id,
        )

    undo = button(line.undo_word, CleanupActing.undo(line.undo_id), f"{area}-undo")
    retry = button(line.retry_word, CleanupActing.retry(line.retry_id), f"{area}-retry")
    until = rx.el.span(
        "until ", clock_time(line.undo_until, test_id=f"{area}-undo-until"), class_name="line-note"
    )
    return rx.cond(
        CleanupState.may_run,
        rx.el.div(
            rx.cond(line.retry_id != "", retry, rx.fragment()),
            rx.cond(line.undo_id != "", undo, rx.fragment()),
            rx.cond(line.undo_until != "", until, rx.fragment()),
            class_name="pile",
        ),
        rx.fragment(),
    )


def _advice(line: PlanLine) -> rx.Component:
    """What must be known of a line that went no further, above all that people are locked out."""
    area = f"plan-line-{line.name}-advice"
    words = rx.el.p(
        rx.icon("lock", size=14, class_name="shrink-0", aria_hidden="true"),
        rx.el.span(line.advice),
        class_name="field-help",
        data_testid=area,
    )
    return rx.cond(line.advice != "", words, rx.fragment())


def _notes(line: PlanLine) -> rx.Component:
    """What each stage said, and the archive to download."""
    area = f"plan-line-{line.name}"
    archive = rx.el.a(
        "Download its manifests",
        href=line.export_href,
        reload_document=True,
        class_name="card-link",
        data_testid=f"{area}-export",
    )
    return rx.fragment(
        rx.foreach(line.notes, lambda note: rx.el.p(note, class_name="line-note", key=note)),
        rx.cond(line.export_href != "", archive, rx.fragment()),
    )


def _confirm() -> rx.Component:
    plan = CleanupState.plan
    field = rx.el.div(
        rx.el.label(
            "Type ", rx.el.strong(plan.confirm), " to confirm",
            html_for="field_plan_confirm", class_name="field-label",
        ),
        rx.debounce_input(
            rx.el.input(
                value=CleanupActing.typed,
                on_change=CleanupActing.write,
                id="field_plan_confirm",
                auto_complete="off",
                class_name="control mono",
                aria_describedby="error_plan_confirm",
                aria_invalid=rx.cond(CleanupActing.error != "", "true", "false"),
                data_testid="field-plan-confirm",
            ),
            debounce_timeout=150,
        ),
        rx.el.p(
            CleanupActing.error,
            id="error_plan_confirm",
            class_name="field-error",
            data_testid="error-plan-confirm",
        ),
        class_name="field",
    )  # fmt: skip
    button = action_button(
        "Carry it out",
        "play",
        CleanupActing.execute(plan.plan_id),
        test_id="plan-execute",
        is_busy=CleanupActing.is_busy,
        look="danger",
    )
    way_on = rx.cond(
        plan.acts == 0,
        rx.el.p("No line has anything to do.", class_name="card-note", data_testid="plan-is-idle"),
        rx.el.div(field, button, class_name="part-last"),
    )
    return rx.cond(plan.is_planned & CleanupState.may_run, way_on, rx.fragment())


def plan_card() -> rx.Component:
    """Show the plan that the address names."""
    plan = CleanupState.plan
    stop = rx.cond(
        plan.is_running & CleanupState.may_run,
        action_button(
            "Stop", "square", CleanupActing.stop(plan.plan_id), test_id="plan-stop",
            is_busy=CleanupActing.is_busy,
        ),
        rx.fragment(),
    )  # fmt: skip
    head = rx.el.div(
        status_badge(plan.word, plan.tone, test_id="plan-state", raw=plan.state),
        rx.el.span("by ", plan.created_by, " "),
        relative_time(plan.created_at, test_id="plan-created"),
        rx.cond(
            plan.confirmed_by != "",
            rx.el.span("confirmed by ", plan.confirmed_by),
            rx.el.span("nothing has happened yet"),
        ),
        rx.link("Close", href="/cleanup", class_name="card-link", data_testid="plan-close"),
        class_name="case-facts",
    )
    story = rx.el.ol(
        rx.foreach(plan.story, lambda text: rx.el.li(text, key=text)),
        class_name="way-out",
        data_testid="plan-story",
    )
    columns = ("Namespace", "State", "Stages", "Next", "Would lose", "Why", "Undo")
    table = data_table(
        *(head_cell(column) for column in columns),
        body=rx.foreach(CleanupState.lines, _line),
        label="Lines of the plan",
        test_id="plan-lines",
    )
    return rx.cond(
        plan.plan_id != "",
        card(
            head, story, _confirm(), table, title=plan.title, action=stop, test_id="plan-card",
            class_name="card-wide-table",
        ),
        rx.fragment(),
    )  # fmt: skip


def plan_list() -> rx.Component:
    """List the latest plans."""
    return rx.cond(
        CleanupState.plans,
        card(
            rx.el.ul(
                rx.foreach(
                    CleanupState.plans,
                    lambda plan: rx.el.li(
                        rx.link(
                            plan.title,
                            href=plan.href,
                            class_name="line-link",
                            data_testid=f"plan-link-{plan.plan_id}",
                        ),
                        status_badge(plan.word, plan.tone, test_id=f"plan-word-{plan.plan_id}"),
                        relative_time(plan.created_at, test_id=f"plan-age-{plan.plan_id}"),
                        key=plan.plan_id,
                        class_name="line",
                    ),
                ),
                class_name="lines",
            ),
            title="Plans",
            test_id="plans-card",
        ),
        rx.fragment(),
    )
