"""The budget card: bars cut into namespaces, and the same as a table."""

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.status import environment_tag
from ..components.table import data_table, head_cell, table_cell
from ..components.team_budget import budget_bar, plain_parts
from ..shell.state import Shell
from ..team_forms.state import TeamForm
from .asks_view import ask_list
from .segments import Segment, SegmentedBar, ShareLine
from .state import TeamState

__all__ = ["budget_card"]


def _piece(segment: Segment) -> rx.Component:
    return rx.el.div(
        title=segment.text,
        key=segment.key,
        class_name=f"bar-piece piece-{segment.look}",
        style={"width": f"{segment.share}%"},
    )


def _bar(cut: SegmentedBar) -> rx.Component:
    pieces = rx.cond(
        cut.segments, rx.fragment(rx.foreach(cut.segments, _piece)), plain_parts(cut.bar)
    )
    return budget_bar(cut.bar, as_of=Shell.as_of, pieces=pieces)


def _row(line: ShareLine) -> rx.Component:
    area = f"share-{line.name}"
    return rx.el.tr(
        rx.el.th(
            rx.link(
                line.name,
                href=line.href,
                class_name="line-link mono",
                data_testid=f"{area}-link",
            ),
            scope="row",
        ),
        table_cell("Environment", environment_tag(line.environment)),
        table_cell("State", line.word),
        table_cell(
            "CPU",
            rx.el.span(
                line.cpu, class_name="num", data_testid=f"{area}-cpu", data_value=line.cpu_raw
            ),
        ),
        table_cell("Memory", rx.el.span(line.memory, class_name="num")),
        table_cell("Storage", rx.el.span(line.storage, class_name="num")),
        key=line.name,
        data_testid=area,
    )


def _table() -> rx.Component:
    columns = ("Namespace", "Environment", "State", "CPU", "Memory", "Storage")
    table = data_table(
        *(head_cell(column) for column in columns),
        body=rx.foreach(TeamState.shares, _row),
        label="Budget by namespace",
        test_id="shares-table",
    )
    return rx.cond(
        TeamState.shares,
        rx.el.details(
            rx.el.summary("Show as table", data_testid="shares-as-table"),
            rx.el.p(TeamState.shares_counted, class_name="card-note num"),
            table,
            class_name="fold",
        ),
        rx.fragment(),
    )


def _legend() -> rx.Component:
    return rx.el.p(
        rx.el.span(class_name="key key-done", aria_hidden="true"),
        "Used, one piece a namespace",
        rx.el.span(class_name="key key-reserved", aria_hidden="true"),
        "Reserved by requests that have not ended",
        class_name="card-note legend",
    )


def budget_card() -> rx.Component:
    """Show every limit, who takes what of it, and the ways to another budget."""
    edit = action_button(
        "Edit",
        "pencil",
        TeamForm.begin_edit(TeamState.name),
        test_id="team-edit",
        reason=TeamState.why_not_edit,
    )
    ask = action_button(
        "Ask for more",
        "message-square-plus",
        TeamForm.begin_ask(TeamState.name),
        test_id="team-ask",
        reason=TeamState.why_not_members,
    )
    return card(
        ask_list(),
        rx.el.div(rx.foreach(TeamState.bars, _bar), class_name="quota-grid"),
        _legend(),
        _table(),
        rx.el.p(
            "Monthly cost, of what is used and reserved: ",
            TeamState.cost_note,
            ".",
            class_name="field-help list-note",
        ),
        action_reason(TeamState.why_not_edit, test_id="edit-reason"),
        title="Budget",
        note="Used by namespaces, reserved by requests that have not ended, and what is left",
        action=rx.el.div(ask, edit, class_name="button-row head-buttons"),
        test_id="team-budget",
        class_name="span-7",
    )
