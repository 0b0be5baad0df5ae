"""Budget bars: what a request takes out of its team's budget."""

import reflex as rx

from ..budget_views import BudgetLine

__all__ = ["budget_list"]


def _line(line: BudgetLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(line.label, class_name="quota-label"),
            rx.cond(
                line.is_over,
                rx.el.span(
                    rx.icon("octagon-x", size=14, aria_hidden="true"),
                    "Over budget",
                    class_name="bar-mark tone-bad",
                ),
                rx.fragment(),
            ),
            class_name="quota-head",
        ),
        rx.el.div(
            rx.el.div(class_name="bar-fill", style={"width": f"{line.share_before}%"}),
            rx.el.div(class_name="bar-added", style={"width": f"{line.share_added}%"}),
            class_name="bar bar-parts",
            aria_hidden="true",
        ),
        rx.el.p(line.text, class_name="quota-text num", data_testid=f"budget-{line.key}"),
        key=line.key,
        class_name="quota",
    )


def budget_list(lines: list[BudgetLine]) -> rx.Component:
    """Show each resource before and after."""
    return rx.el.ul(rx.foreach(lines, _line), class_name="shares")
