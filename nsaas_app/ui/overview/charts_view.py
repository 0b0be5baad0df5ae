"""The overview's charts: columns a period, bars a team, each with its numbers as a table."""

from typing import Any

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.problem import error_card
from ..components.skeleton import skeleton_rows
from ..components.table import data_table, head_cell, table_cell
from .charts import PeriodBar, TeamUse
from .state import OverviewState

__all__ = ["counts_card", "times_card", "uses_card"]


def _columns(column: Any, *, sentence: Any, test_id: str) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.foreach(OverviewState.chart.bars, column),
            class_name="columns",
            role="img",
            aria_label=sentence,
            data_testid=test_id,
        ),
        rx.el.div(
            rx.el.span(OverviewState.chart.first),
            rx.el.span(OverviewState.chart.last),
            class_name="axis num",
            aria_hidden="true",
        ),
    )


def _legend(*keys: tuple[str, str]) -> rx.Component:
    marks = [
        rx.fragment(rx.el.span(class_name=f"key {look}", aria_hidden="true"), word)
        for look, word in keys
    ]
    return rx.el.p(*marks, class_name="card-note legend")


def _table(heads: tuple[str, ...], row: Any, *, label: str, test_id: str) -> rx.Component:
    table = data_table(
        *(head_cell(head) for head in heads),
        body=rx.foreach(OverviewState.chart.bars, row),
        label=label,
        test_id=f"{test_id}-table",
    )
    return rx.el.details(
        rx.el.summary("Show as table", data_testid=f"{test_id}-as-table"),
        table,
        class_name="fold",
    )


def _card(
    title: str, note: Any, *content: rx.Component, test_id: str, class_name: str
) -> rx.Component:
    nothing = empty_state("No data yet", "No request ended in this window.", icon="timer")
    return card(
        rx.cond(
            OverviewState.is_loaded,
            rx.cond(OverviewState.chart.counts != "", rx.fragment(*content), nothing),
            skeleton_rows(4),
        ),
        title=title,
        note=rx.cond(note != "", note, OverviewState.window),
        test_id=test_id,
        class_name=class_name,
    )


def _behind(text: str, href: str, test_id: str) -> rx.Component:
    """A number that leads to the requests it counts; nothing is behind a zero."""
    return rx.cond(
        text == "0",
        rx.el.span(text, class_name="num"),
        rx.link(text, href=href, class_name="num", data_testid=test_id),
    )


def counts_card() -> rx.Component:
    """Show what was provisioned, period by period."""

    def column(bar: PeriodBar) -> rx.Component:
        return rx.el.div(
            rx.el.div(class_name="column-fill column-failed", style={"height": f"{bar.failed}%"}),
            rx.el.div(class_name="column-fill column-base", style={"height": f"{bar.done}%"}),
            title=f"{bar.label}: {bar.done_text} completed, {bar.failed_text} failed",
            key=bar.key,
            class_name="column-slot column-stack",
        )

    def row(bar: PeriodBar) -> rx.Component:
        return rx.el.tr(
            rx.el.th(bar.label, scope="row"),
            table_cell("Completed", _behind(bar.done_text, bar.done_href, f"done-{bar.key}")),
            table_cell("Failed", _behind(bar.failed_text, bar.failed_href, f"failed-{bar.key}")),
            key=bar.key,
        )

    return _card(
        "Provisioning",
        OverviewState.chart.counts,
        _columns(column, sentence=OverviewState.chart.counts, test_id="counts-chart"),
        _legend(("key-done", "Completed"), ("key-failed", "Failed")),
        _table(
            ("When", "Completed", "Failed"), row, label="Provisioning by period", test_id="counts"
        ),
        test_id="counts",
        class_name="span-7",
    )


def times_card() -> rx.Component:
    """Show how long it took from submit to completed."""

    def column(bar: PeriodBar) -> rx.Component:
        return rx.el.div(
            rx.el.div(class_name="column-fill", style={"height": f"{bar.median}%"}),
            rx.el.div(class_name="column-fill column-p95", style={"height": f"{bar.p95}%"}),
            title=f"{bar.label}: half within {bar.median_text}, p95 {bar.p95_text}",
            key=bar.key,
            class_name="column-slot",
        )

    def row(bar: PeriodBar) -> rx.Component:
        return rx.el.tr(
            rx.el.th(bar.label, scope="row"),
            table_cell("Half within", rx.el.span(bar.median_text, class_name="num")),
            table_cell("p95", rx.el.span(bar.p95_text, class_name="num")),
            key=bar.key,
        )

    return _card(
        "Time to ready",
        OverviewState.chart.times,
        _columns(column, sentence=OverviewState.chart.times, test_id="timing-chart"),
        _legend(("key-done", "Half within"), ("key-p95", "p95")),
        _table(
            ("When", "Half within", "p95"), row, label="Time to ready by period", test_id="times"
        ),
        test_id="timing",
        class_name="span-7",
    )


def _use(line: TeamUse) -> rx.Component:
    return rx.el.li(
        rx.link(
            line.label,
            href=f"/teams/{line.name}",
            class_name="share-link",
            data_testid=f"use-{line.name}",
        ),
        rx.el.div(
            rx.el.div(class_name="bar-fill", style={"width": f"{line.share}%"}),
            class_name="bar",
            aria_hidden="true",
        ),
        rx.el.span(
            line.text,
            class_name="num share-number",
            data_testid=f"use-{line.name}-cpu",
            data_value=line.raw,
        ),
        key=line.name,
        class_name="share share-use",
    )


def _use_row(line: TeamUse) -> rx.Component:
    def cell(label: str, value: str) -> rx.Component:
        return table_cell(label, rx.el.span(value, class_name="num"))

    return rx.el.tr(
        rx.el.th(line.label, scope="row"),
        cell("Used", line.used),
        cell("Reserved", line.reserved),
        cell("Left", line.left),
        cell("Budget", line.top),
        key=line.name,
    )


def _uses_table() -> rx.Component:
    table = data_table(
        *(head_cell(head) for head in ("Team", "Used", "Reserved", "Left", "Budget")),
        body=rx.foreach(OverviewState.uses, _use_row),
        label="CPU by team",
        test_id="uses-table",
    )
    return rx.el.details(
        rx.el.summary("Show as table", data_testid="uses-as-table"), table, class_name="fold"
    )


def uses_card() -> rx.Component:
    """Compare what teams have booked."""
    return card(
        error_card(OverviewState.uses_problem),
        rx.cond(
            OverviewState.is_loaded & (OverviewState.uses_problem.code == ""),
            rx.cond(
                OverviewState.uses,
                rx.fragment(
                    rx.el.ul(rx.foreach(OverviewState.uses, _use), class_name="shares"),
                    _uses_table(),
                ),
                empty_state(
                    "No data yet",
                    "No team has booked anything.",
                    icon="users",
                    test_id="uses-empty",
                ),
            ),
            rx.cond(OverviewState.uses_problem.code == "", skeleton_rows(4), rx.fragment()),
        ),
        title="CPU by team",
        note="Used and reserved, beside the team that has most",
        action=rx.link("All teams", href="/teams", class_name="card-link", data_testid="uses-all"),
        test_id="uses",
        class_name="span-5",
    )
