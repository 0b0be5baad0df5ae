"""What teams have booked, as bars and as a table, by a switch of the address."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.pills import pill_row
from ..components.problem import error_card
from ..components.skeleton import skeleton_rows
from ..components.table import data_table, head_cell, table_cell
from .state import OverviewState
from .uses import TeamUse

__all__ = ["uses_card"]


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
        rx.link(
            line.text,
            href=line.href,
            class_name="num share-number",
            data_testid=f"use-{line.name}-{OverviewState.resource}",
            data_value=line.raw,
        ),
        key=line.name,
        class_name="share share-use",
    )


def _use_row(line: TeamUse) -> rx.Component:
    def cell(label: str, value: str, href: str, key: str) -> rx.Component:
        number = rx.link(
            value,
            href=href,
            class_name="num",
            aria_label=f"{label} of {line.label}: {value}",
            data_testid=f"use-{line.name}-{key}",
        )
        # Nothing is behind a zero.
        return table_cell(label, rx.cond(value == "0", rx.el.span(value, class_name="num"), number))

    team = f"/teams/{line.name}"
    return rx.el.tr(
        rx.el.th(line.label, scope="row"),
        cell("Used", line.used, line.href, "used"),
        cell("Reserved", line.reserved, line.reserved_href, "reserved"),
        cell("Left", line.left, team, "left"),
        cell("Budget", line.top, team, "budget"),
        key=line.name,
    )


def _uses_table() -> rx.Component:
    table = data_table(
        *(head_cell(head) for head in ("Team", "Used", "Reserved", "Left", "Budget")),
        body=rx.foreach(OverviewState.uses, _use_row),
        label=OverviewState.uses_title,
        test_id="uses-table",
    )
    return rx.el.details(
        rx.el.summary("Show as table", data_testid="uses-as-table"), table, class_name="fold"
    )


def uses_card() -> rx.Component:
    """Compare what teams have booked."""
    return card(
        rx.el.div(
            pill_row(OverviewState.resources, label="Resource", area="uses"),
            class_name="uses-switch",
        ),
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
                    "No team has booked any of it.",
                    icon="users",
                    test_id="uses-empty",
                ),
            ),
            rx.cond(OverviewState.uses_problem.code == "", skeleton_rows(4), rx.fragment()),
        ),
        title=OverviewState.uses_title,
        note="Used and reserved; the longest bar is the team with the most",
        action=rx.link("All teams", href="/teams", class_name="card-link", data_testid="uses-all"),
        test_id="uses",
        class_name="span-5",
    )
