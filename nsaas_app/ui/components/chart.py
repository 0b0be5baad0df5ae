"""Charts of columns: the columns with the numbers beside them and the ends below."""

from collections.abc import Sequence

import reflex as rx

from ..axes import Tick

__all__ = ["column_chart"]


def _tick(tick: Tick) -> rx.Component:
    return rx.el.span(tick.text, key=tick.raw, data_value=tick.raw)


def column_chart(
    columns: rx.Component,
    *,
    ticks: Sequence[Tick],
    unit: str,
    first: rx.Component | str,
    last: rx.Component | str,
    sentence: str,
    test_id: str,
    class_name: str = "",
    labels: rx.Component | None = None,
) -> rx.Component:
    """Draw columns.

    Args:
        columns: one for each period.
        ticks: the numbers beside them, from top to bottom.
        unit: what the numbers count.
        first: which period is the first.
        last: which one is the last.
        sentence: what the chart shows, for who does not see it.
        test_id: of the columns; both axes have theirs from it.
        class_name: further classes of the columns.
        labels: a name for each column, in place of the first and the last.
    """
    return rx.el.div(
        rx.el.p(unit, class_name="axis-unit", data_testid=f"{test_id}-unit", data_value=unit),
        rx.el.div(
            rx.foreach(ticks, _tick),
            class_name="axis-y num",
            data_testid=f"{test_id}-ticks",
            aria_hidden="true",
        ),
        rx.el.div(
            columns,
            class_name=f"columns {class_name}".strip(),
            role="img",
            aria_label=sentence,
            data_testid=test_id,
        ),
        rx.el.div(
            labels or rx.fragment(rx.el.span(first), rx.el.span(last)),
            class_name="axis num",
            data_testid=f"{test_id}-ends",
            aria_hidden="true",
        ),
        class_name="chart-frame",
    )
