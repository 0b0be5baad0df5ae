"""The cleanup page: candidates with evidence, the selection, the open plan, stuck deletions."""

from typing import Final

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import clock_time, relative_time
from ..components.pills import dropped_note, pill_row
from ..components.skeleton import skeleton_rows
from ..components.status import environment_tag
from ..components.table import changes_pill, data_table, head_cell, table_cell
from ..holding import holding
from ..shell.frame import frame
from ..shell.state import Shell
from ..shell.trouble import page_body
from ..words import STAGE_WORDS
from .acting import CleanupActing
from .evidence_chip import evidence_chip
from .plan_card import plan_card, plan_list
from .repair import adoption, repair
from .rules_card import rules_card
from .state import CleanupState
from .stuck_card import stuck_card
from .transform import CandidateRow
from .unmanaged_card import unmanaged_card
from .unmanaged_rows import UNMANAGED

__all__ = ["cleanup"]

_COLUMNS: Final = (
    "Namespace", "Team", "Reason", "Evidence", "Would lose", "Would free", "Stage",
)  # fmt: skip


def _select(row: CandidateRow) -> rx.Component:
    box = rx.checkbox(
        checked=row.is_selected,
        on_change=lambda _value: CleanupActing.toggle(row.name),
        aria_label=f"Select {row.name}",
        data_testid=f"cleanup-select-{row.name}",
    )
    return rx.cond(row.is_selectable & CleanupState.may_run, box, rx.fragment())


def _evidence(row: CandidateRow) -> rx.Component:
    return rx.el.ul(
        rx.foreach(row.chips, lambda chip: rx.el.li(evidence_chip(chip, row.name), key=chip.key)),
        class_name="evidences",
        data_testid=f"cleanup-row-{row.name}-evidence",
    )


def _row(row: CandidateRow) -> rx.Component:
    area = f"cleanup-row-{row.name}"
    name = rx.cond(
        row.href != "",
        rx.link(row.name, href=row.href, class_name="line-link mono", data_testid=f"{area}-link"),
        rx.el.span(row.name, class_name="mono"),
    )
    excluded = rx.cond(
        row.excluded != "",
        rx.el.p(
            rx.icon("shield", size=14, class_name="shrink-0", aria_hidden="true"),
            rx.el.span(row.excluded),
            class_name="field-help",
            data_testid=f"{area}-excluded",
        ),
        rx.fragment(),
    )
    return rx.el.tr(
        table_cell("Select", _select(row), class_name="select-cell"),
        rx.el.th(rx.el.div(name, environment_tag(row.environment), class_name="pile"), scope="row"),
        table_cell("Team", row.team),
        table_cell(
            "Reason",
            rx.el.div(
                row.reasons, rx.el.span(row.confidence, class_name="line-note"), class_name="pile"
            ),
        ),
        table_cell("Evidence", rx.el.div(_evidence(row), excluded, adoption(row), repair(row))),
        table_cell("Would lose", rx.el.span(row.impact, class_name="wraps")),
        table_cell(
            "Would free",
            rx.el.div(
                rx.el.span(row.frees, class_name="num"),
                rx.el.span(row.cost, class_name="line-note"),
                class_name="pile",
            ),
        ),
        table_cell("Stage", _stage(row, area)),
        key=row.name,
        data_testid=area,
        data_as_of=Shell.as_of,
    )


def _stage(row: CandidateRow, area: str) -> rx.Component:
    """Say where the plan that names it stands, and what comes next and when."""
    coming = rx.el.span(
        row.coming,
        " ",
        relative_time(row.coming_at, test_id=f"{area}-next"),
        class_name="line-note",
    )
    return rx.cond(
        row.stage != "",
        rx.el.div(
            rx.link(
                row.stage,
                rx.el.span(f" of the plan with {row.name}", class_name="sr-only"),
                href=row.plan_href,
                class_name="card-link",
                data_testid=f"{area}-stage",
            ),
            rx.cond(row.coming != "", coming, rx.fragment()),
            class_name="pile",
        ),
        rx.el.span("\u2013", class_name="line-note"),
    )


def _bar() -> rx.Component:
    """What is selected, and how far the plan shall go."""
    stages = rx.el.select(
        *(rx.el.option(words, value=stage.value) for stage, words in STAGE_WORDS.items()),
        value=CleanupActing.stage,
        on_change=CleanupActing.choose,
        id="field_stage",
        class_name="control",
        data_testid="field-stage",
    )
    count = CleanupState.picked
    return rx.cond(
        count > 0,
        rx.el.div(
            rx.el.span(
                count, " selected; the list stands still",
                data_testid="cleanup-selected", data_value=count,
            ),
            rx.el.label("Up to", html_for="field_stage"),
            stages,
            action_button(
                "Plan", "list-checks", CleanupActing.make, test_id="cleanup-plan",
                is_busy=CleanupActing.is_busy, look="primary",
            ),
            rx.el.button(
                "Clear", type="button", on_click=CleanupActing.clear, class_name="text-button",
                data_testid="cleanup-clear",
            ),
            class_name="cleanup-bar",
        ),
        rx.fragment(),
    )  # fmt: skip


def _list() -> rx.Component:
    nothing = empty_state(
        "Nothing to clean up",
        rx.fragment(
            "Checked ", clock_time(CleanupState.checked_at, test_id="empty-checked", shape="HH:mm")
        ),
        icon="sparkles",
        test_id="cleanup-empty",
    )
    selecting = head_cell(rx.cond(CleanupState.may_run, "Select", ""))
    table = data_table(
        selecting,
        *(head_cell(column) for column in _COLUMNS),
        body=rx.foreach(CleanupState.rows, _row),
        label="Candidates",
        test_id="cleanup-table",
        **holding(CleanupState),
    )
    note = rx.el.span(
        CleanupState.counted,
        ". Reclaimable: ",
        rx.el.strong(CleanupState.reclaim, data_testid="cleanup-reclaim"),
        ". Checked ",
        rx.el.span(
            clock_time(CleanupState.checked_at, test_id="cleanup-checked", shape="HH:mm:ss"),
            class_name="clock-room",
        ),
        rx.cond(CleanupState.swept != "", ". Last sweep: ", ""),
        rx.el.span(CleanupState.swept, data_testid="cleanup-sweep"),
    )
    return card(
        rx.cond(CleanupState.rows, table, nothing),
        changes_pill(CleanupState.waiting, CleanupState.apply_changes),
        _bar(),
        title="Candidates",
        note=note,
        test_id="cleanup-card",
        class_name="card-wide-table",
    )


def cleanup() -> rx.Component:
    """Build the page."""
    body = rx.el.div(
        rx.el.div(
            pill_row(CleanupState.pills, label="Reason", area="cleanup-list"),
            dropped_note(CleanupState.dropped),
            class_name="filter-bar pill-bar",
        ),
        plan_card(),
        rx.cond(CleanupState.opened == UNMANAGED, unmanaged_card(), _list()),
        stuck_card(),
        plan_list(),
        rules_card(),
        class_name="cleanup",
    )
    return frame(
        page_body(
            CleanupState.problem,
            CleanupState.is_known,
            rx.cond(
                CleanupState.is_loaded,
                body,
                card(skeleton_rows(6), test_id="cleanup-loading"),
            ),
        ),
        title="Cleanup",
        active="cleanup",
        announcement=CleanupState.announcement,
    )
