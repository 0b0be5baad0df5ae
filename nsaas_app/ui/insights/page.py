"""Insights: where it goes, and what should change."""

import reflex as rx

from ..components.card import card
from ..components.chart import column_chart
from ..components.empty import empty_state
from ..components.instant import clock_time
from ..components.pills import dropped_note, pill_row
from ..components.skeleton import skeleton_rows
from ..components.table import data_table, head_cell
from ..shell.frame import frame
from ..shell.trouble import page_body
from .shapes import Bar, Cell, Line, Table
from .state import InsightsState

__all__ = ["insights"]


def _team_choice() -> rx.Component:
    return rx.el.div(
        rx.el.select(
            rx.el.option("All teams", value=""),
            rx.foreach(
                InsightsState.teams,
                lambda one: rx.el.option(one.called, value=one.name, key=one.name),
            ),
            value=InsightsState.team,
            on_change=InsightsState.choose_team,
            class_name="control control-short",
            aria_label="Team",
            data_testid="filter-team",
        ),
        rx.icon("chevron-down", size=16, class_name="select-mark", aria_hidden="true"),
        class_name="select",
    )


def _filters() -> rx.Component:
    export = rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        "CSV",
        href=InsightsState.csv_href,
        reload_document=True,  # a file, no page of the application
        class_name="button",
        data_testid="export-csv",
    )
    has_own = (InsightsState.chart_csv != "") | (InsightsState.table_csv != "")
    notice = rx.el.p(InsightsState.notice, class_name="card-note", data_testid="scope-notice")
    return rx.el.div(
        pill_row(InsightsState.views, label="View", area="view"),
        rx.cond(
            InsightsState.windows,
            pill_row(InsightsState.windows, label="Counted over", area="window"),
            rx.fragment(),
        ),
        rx.cond(
            InsightsState.shows,
            pill_row(InsightsState.shows, label="Charts as", area="show"),
            rx.fragment(),
        ),
        _team_choice(),
        # Where every card has a file of its own, one more of the same name says nothing.
        rx.cond((InsightsState.csv_href != "") & ~has_own, export, rx.fragment()),
        rx.cond(InsightsState.notice != "", notice, rx.fragment()),
        dropped_note(InsightsState.dropped),
        class_name="filter-bar pill-bar",
    )


def _answer() -> rx.Component:
    words = rx.fragment(
        rx.el.p(InsightsState.sentence, class_name="insight-answer num", data_testid="answer"),
        rx.el.p(
            InsightsState.source,
            " Computed at most once a minute, last at ",
            clock_time(InsightsState.computed_at, test_id="computed-at", shape="HH:mm:ss"),
            class_name="card-note",
            data_testid="source",
        ),
    )
    return card(
        rx.cond(InsightsState.is_loaded, words, skeleton_rows(2)),
        test_id="answer-card",
        class_name="span-12",
    )


def _column(bar: Bar) -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="column-fill", style={"height": f"{bar.height}%"}),
        title=f"{bar.label}: {bar.text}",
        key=bar.key,
        class_name="column-slot",
        data_value=bar.raw,
    )


def _csv(title: str, href: str, test_id: str) -> rx.Component:
    """Give what one card shows as a file."""
    return rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        "CSV",
        rx.el.span(f" of {title}", class_name="sr-only"),
        href=href,
        reload_document=True,  # a file, no page of the application
        class_name="button",
        data_testid=test_id,
    )


def _chart() -> rx.Component:
    chart = InsightsState.chart
    table = data_table(
        head_cell("When"),
        head_cell(chart.unit),
        body=rx.foreach(
            chart.bars,
            lambda bar: rx.el.tr(
                rx.el.th(bar.label, scope="row"), rx.el.td(bar.text, class_name="num"), key=bar.key
            ),
        ),
        label=chart.title,
        test_id="chart-table",
    )
    names = rx.foreach(
        chart.bars, lambda bar: rx.el.span(bar.label, key=bar.key, class_name="axis-slot")
    )
    ends = rx.fragment(rx.el.span(chart.first), rx.el.span(chart.last))
    drawn = rx.fragment(
        column_chart(
            rx.foreach(chart.bars, _column),
            ticks=chart.ticks,
            unit=chart.unit,
            first=chart.first,
            last=chart.last,
            sentence=chart.sentence,
            test_id="chart",
            class_name="insight-columns",
            labels=rx.cond(chart.is_named, names, ends),
        ),
    )
    shown = rx.cond(InsightsState.show == "table", table, drawn)
    return rx.cond(
        chart.title != "",
        card(
            rx.cond(
                chart.sentence != "",
                shown,
                empty_state("No data yet", icon="chart-column", test_id="chart-empty"),
            ),
            title=chart.title,
            action=_csv(chart.title, InsightsState.chart_csv, "chart-csv"),
            test_id="chart-card",
            class_name="span-12 card-wide-table",
        ),
        rx.fragment(),
    )


def _cell(cell: Cell) -> rx.Component:
    return rx.el.td(
        rx.el.span(cell.text, class_name="num", data_testid=cell.key, data_value=cell.raw),
        custom_attrs={"data-label": cell.label},
        key=cell.key,
    )


def _line(line: Line) -> rx.Component:
    link = rx.link(
        line.title,
        href=line.href,
        class_name=rx.cond(line.is_name, "line-link mono", "line-link"),
        data_testid=f"insight-{line.key}-link",
    )
    return rx.el.tr(
        rx.el.th(rx.cond(line.href != "", link, line.title), scope="row"),
        rx.foreach(line.cells, _cell),
        key=line.key,
        data_testid=f"insight-row-{line.key}",
    )


def _table(table: Table, csv_href: str, test_id: str) -> rx.Component:
    content = data_table(
        head_cell(table.first),
        rx.foreach(table.heads, lambda head: rx.el.th(head, scope="col", key=head)),
        body=rx.foreach(table.lines, _line),
        label=table.title,
        test_id=test_id,
    )
    return rx.cond(
        table.title != "",
        card(
            rx.cond(
                table.lines,
                content,
                empty_state(table.empty, icon="chart-column", test_id=f"{test_id}-empty"),
            ),
            title=table.title,
            note=table.note,
            action=_csv(table.title, csv_href, f"{test_id}-csv"),
            test_id=f"{test_id}-card",
            class_name="span-12 card-wide-table",
        ),
        rx.fragment(),
    )


def insights() -> rx.Component:
    """Build the page."""
    views = rx.cond(
        InsightsState.is_loaded,
        rx.fragment(
            _chart(),
            _table(InsightsState.table, InsightsState.table_csv, "insight-table"),
            _table(InsightsState.more, InsightsState.more_csv, "insight-more"),
        ),
        card(skeleton_rows(6), test_id="insight-loading", class_name="span-12"),
    )
    return frame(
        _filters(),
        page_body(
            InsightsState.problem,
            InsightsState.is_known,
            rx.el.div(_answer(), views, class_name="grid"),
        ),
        title="Insights",
        active="insights",
        announcement=InsightsState.announcement,
    )
