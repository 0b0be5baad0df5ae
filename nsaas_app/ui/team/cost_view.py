"""The cost section: day by day, as columns and as a table."""

import reflex as rx

from ..components.card import card
from ..components.chart import column_chart
from ..components.empty import empty_state
from ..components.instant import clock_time
from ..components.problem import error_card
from ..components.skeleton import skeleton_rows
from ..components.table import data_table, head_cell, table_cell
from .costs import CostDay
from .state import TeamState

__all__ = ["cost_tab"]


def _column(day: CostDay) -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="column-fill", style={"height": f"{day.height}%"}),
        title=f"{day.label}: {day.text}",
        key=day.key,
        class_name="column-slot",
        data_value=day.raw,
    )


def _row(day: CostDay) -> rx.Component:
    def number(label: str, value: str) -> rx.Component:
        return table_cell(label, rx.el.span(value, class_name="num"))

    return rx.el.tr(
        rx.el.th(
            rx.el.time(day.label, date_time=day.key),
            rx.cond(day.note != "", rx.el.span(" · ", day.note, class_name="line-note"), ""),
            scope="row",
        ),
        number("Cost", day.text),
        number("Core hours", day.hours),
        number("Namespaces", day.namespaces),
        key=day.key,
    )


def _drawn() -> rx.Component:
    table = data_table(
        *(head_cell(head) for head in ("Day", "Cost", "Core hours", "Namespaces")),
        body=rx.foreach(TeamState.cost_days, _row),
        label="Cost by day",
        test_id="cost-table",
    )
    return rx.fragment(
        rx.el.p(TeamState.cost_sentence, class_name="insight-answer num", data_testid="team-spent"),
        column_chart(
            rx.foreach(TeamState.cost_bars, _column),
            ticks=TeamState.cost_ticks,
            unit="US dollars at list price",
            first=TeamState.cost_bars[0].label,
            last=TeamState.cost_bars[-1].label,
            sentence=f"Cost by day. {TeamState.cost_sentence}",
            test_id="cost-chart",
            class_name="insight-columns",
        ),
        rx.el.details(
            rx.el.summary("Show as table", data_testid="cost-as-table"), table, class_name="fold"
        ),
    )


def cost_tab() -> rx.Component:
    """Build the section."""
    nothing = empty_state(
        "No data yet",
        "Nothing was booked yet. The account begins with the first namespace.",
        icon="receipt",
        test_id="cost-empty",
    )
    export = rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        "CSV",
        href=TeamState.cost_csv,
        reload_document=True,  # a file, no page of the application
        class_name="button",
        data_testid="export-csv",
    )
    shown = rx.cond(TeamState.cost_days, _drawn(), nothing)
    return card(
        error_card(TeamState.cost_problem),
        rx.cond(
            TeamState.cost_problem.code != "",
            rx.fragment(),
            rx.cond(TeamState.cost_computed_at != "", shown, skeleton_rows(6)),
        ),
        rx.el.p(
            TeamState.cost_source,
            " Computed at most once a minute, last at ",
            clock_time(TeamState.cost_computed_at, test_id="cost-computed-at", shape="HH:mm:ss"),
            class_name="field-help list-note",
        ),
        title="Cost by day",
        note="The last 30 days",
        action=rx.cond(TeamState.cost_csv != "", export, rx.fragment()),
        test_id="team-cost-card",
    )
