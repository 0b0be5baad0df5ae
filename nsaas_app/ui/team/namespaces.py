"""The namespaces section: those next to end first, and the way to the whole list."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.quota import quota_cell
from ..components.status import environment_tag, status_badge
from ..components.table import data_table, head_cell, table_cell
from ..namespace_views import NamespaceLine
from ..shell.state import Shell
from .state import ROWS, TeamState

__all__ = ["namespaces_tab"]


def _row(line: NamespaceLine) -> rx.Component:
    area = f"namespace-row-{line.name}"
    return rx.el.tr(
        rx.el.th(
            rx.link(
                line.name,
                href=f"/namespaces/{line.name}",
                class_name="line-link mono",
                data_testid=f"{area}-link",
            ),
            scope="row",
        ),
        table_cell("Environment", environment_tag(line.environment)),
        table_cell("Tier", line.tier),
        table_cell(
            "State",
            status_badge(
                line.word,
                line.tone,
                test_id=f"{area}-state",
                raw=line.state,
                as_of=Shell.as_of,
            ),
        ),
        table_cell(
            "CPU",
            quota_cell(line.cpu, "CPU requests", test_id=f"{area}-cpu", as_of=Shell.as_of),
        ),
        table_cell(
            "Memory",
            quota_cell(line.memory, "Memory requests", test_id=f"{area}-memory", as_of=Shell.as_of),
        ),
        table_cell(
            "Expires",
            rx.el.span(
                rx.cond(line.is_over, "ended ", ""),
                relative_time(line.expires_at, test_id=f"{area}-expires"),
                class_name=rx.cond(line.is_over, "tone-bad", ""),
            ),
        ),
        key=line.uid,
        data_testid=area,
    )


def namespaces_tab() -> rx.Component:
    """Build the section."""
    columns = ("Name", "Environment", "Tier", "State", "CPU", "Memory", "Expires")
    table = data_table(
        *(head_cell(label) for label in columns),
        body=rx.foreach(ROWS.shown(TeamState), _row),
        label="Namespaces of the team",
        test_id="namespaces-table",
    )
    empty = empty_state(
        "No namespace yet",
        "Ask for one: quota, network isolation and access come with it.",
        test_id="namespaces-empty",
    )
    return card(
        rx.cond(ROWS.number(TeamState) > 0, table, empty),
        title="Namespaces",
        note=TeamState.rows_counted,
        action=rx.link(
            "All of them",
            href=f"/namespaces?team={TeamState.name}",
            class_name="card-link",
            data_testid="team-all-namespaces",
        ),
        test_id="team-namespaces-card",
        class_name="card-wide-table",
    )
