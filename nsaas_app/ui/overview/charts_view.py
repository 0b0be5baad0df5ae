"""The overview's charts: columns a period, with their numbers as a table."""

from typing import Any

import reflex as rx

from ..components.card import card
from ..components.chart import column_chart
from ..components.empty import empty_state
from ..components.instant import clock_time
from ..components.skeleton import skeleton_rows
from ..components.table import data_table, head_cell, table_cell
from .charts import PeriodBar
from .state import OverviewState

__all__ = ["counts_card", "times_card"]


def _when(at: str, day: str, test_id: str) -> rx.Component:
    """Name a period: an hour in the reader's zone, a day of UTC by its date."""
    return rx.cond(
        OverviewState.chart.is_hourly,
        clock_time(at, test_id=test_id, shape="HH:mm"),
        rx.el.span(day, data_testid=test_id, data_value=at),
    )


def _columns(column: Any, *, ticks: Any, unit: str, sentence: Any, test_id: str) -> rx.Component:
    chart = OverviewState.chart
    return column_chart(
        rx.foreach(chart.bars, column),
        ticks=ticks,
        unit=unit,
        first=_when(chart.first_at, chart.first, f"{test_id}-first"),
        last=_when(chart.last_at, chart.last, f"{test_id}-last"),
        sentence=sentence,
        test_id=test_id,
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
            rx.el.th(_when(bar.key, bar.label, f"counts-when-{bar.key}"), scope="row"),
            table_cell("Completed", _behind(bar.done_text, bar.done_href, f"done-{bar.key}")),
            table_cell("Failed", _behind(bar.failed_text, bar.failed_href, f"failed-{bar.key}")),
            key=bar.key,
        )

    return _card(
        "Provisioning",
        OverviewState.chart.counts,
        _columns(
            column,
            ticks=OverviewState.chart.count_ticks,
            unit="Requests",
            sentence=OverviewState.chart.counts,
            test_id="counts-chart",
        ),
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
            rx.el.th(_when(bar.key, bar.label, f"times-when-{bar.key}"), scope="row"),
            table_cell("Half within", rx.el.span(bar.median_text, class_name="num")),
            table_cell("p95", rx.el.span(bar.p95_text, class_name="num")),
            key=bar.key,
        )

    return _card(
        "Time to ready",
        OverviewState.chart.times,
        _columns(
            column,
            ticks=OverviewState.chart.time_ticks,
            unit="From submit to ready",
            sentence=OverviewState.chart.times,
            test_id="timing-chart",
        ),
        _legend(("key-done", "Half within"), ("key-p95", "p95")),
        _table(
            ("When", "Half within", "p95"), row, label="Time to ready by period", test_id="times"
        ),
        test_id="timing",
        class_name="span-7",
    )
