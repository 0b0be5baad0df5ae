"""The trend of the quota: a small chart a resource, the limit on top, the numbers as a table."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import clock_time
from ..components.pills import pill_row
from ..components.table import data_table, head_cell, table_cell
from .state import NamespacePage
from .trend_view import TrendBar, TrendChart

__all__ = ["trend_card"]


def _bar(bar: TrendBar) -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="column-fill", style={"height": f"{bar.height}%"}),
        class_name="column-slot",
        title=bar.text,
        key=bar.key,
    )


def _row(bar: TrendBar) -> rx.Component:
    return rx.el.tr(
        rx.el.th(clock_time(bar.key, test_id=f"slot-{bar.key}", shape="D MMM, HH:mm"), scope="row"),
        table_cell("Used", rx.el.span(bar.text, class_name="num")),
        key=bar.key,
    )


def _chart(chart: TrendChart) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h3(chart.label, class_name="part-title"),
            rx.el.span(
                chart.now,
                class_name="num card-note",
                data_testid=f"trend-{chart.key}",
                data_value=chart.now,
            ),
            class_name="trend-head",
        ),
        rx.el.div(
            rx.foreach(chart.bars, _bar),
            class_name="columns trend-columns",
            role="img",
            aria_label=chart.sentence,
        ),
        rx.el.div(
            clock_time(chart.first, test_id=f"trend-{chart.key}-first", shape="D MMM, HH:mm"),
            rx.el.span(chart.last),
            class_name="axis num",
        ),
        rx.cond(
            chart.full_on != "",
            rx.el.p(
                "Full on about ",
                clock_time(chart.full_on, test_id=f"trend-{chart.key}-full", shape="D MMM YYYY"),
                " at the rate of the last seven days.",
                class_name="field-warning",
            ),
            rx.fragment(),
        ),
        rx.el.details(
            rx.el.summary("Show as table", data_testid=f"trend-{chart.key}-as-table"),
            data_table(
                head_cell("From"),
                head_cell("At most"),
                body=rx.foreach(chart.bars, _row),
                label=chart.label,
                test_id=f"trend-{chart.key}-table",
            ),
            class_name="fold",
        ),
        key=chart.key,
        class_name="trend",
    )


def trend_card() -> rx.Component:
    """Build the card."""
    nothing = empty_state(
        "No data yet",
        "The quota is looked at once a minute, and what changes is kept for 30 days.",
        icon="chart-column",
        test_id="trend-empty",
    )
    return card(
        rx.cond(
            NamespacePage.trends,
            rx.fragment(
                rx.el.div(rx.foreach(NamespacePage.trends, _chart), class_name="trends"),
                rx.cond(
                    NamespacePage.forecast != "",
                    rx.el.p(
                        NamespacePage.forecast, class_name="field-help", data_testid="trend-early"
                    ),
                    rx.fragment(),
                ),
            ),
            nothing,
        ),
        title="Trend",
        note="The top line is the hard limit; sampled once a minute",
        action=pill_row(NamespacePage.windows, label="Window", area="window"),
        test_id="namespace-trend",
        class_name="span-12",
    )
