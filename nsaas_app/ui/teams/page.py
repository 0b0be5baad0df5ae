"""The list of teams: a bar for each limit, and what a month costs."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.empty import empty_state
from ..components.pager import list_pager
from ..components.search_box import search_box
from ..components.skeleton import skeleton_rows
from ..components.table import changes_pill, data_table, head_cell, table_cell, table_foot
from ..components.team_budget import budget_cell
from ..holding import holding
from ..shell.frame import frame
from ..shell.state import Shell
from ..shell.trouble import page_body
from ..team_forms.dialogs import team_dialogs
from ..team_forms.state import TeamForm
from ..team_views import BudgetBar, TeamLine
from .state import TeamsState

__all__ = ["teams"]

_WIDE = frozenset({"Storage", "Members", "Your role"})


def _row(line: TeamLine) -> rx.Component:
    area = f"team-row-{line.name}"

    def cell(label: str, bar: BudgetBar, key: str) -> rx.Component:
        content = budget_cell(bar, test_id=f"{area}-{key}", as_of=Shell.as_of)
        return table_cell(label, content, class_name="wide-only" if label in _WIDE else "")

    return rx.el.tr(
        rx.el.th(
            rx.link(
                line.display_name,
                href=f"/teams/{line.name}",
                class_name="line-link",
                data_testid=f"{area}-link",
            ),
            rx.el.p(line.name, class_name="line-note mono"),
            scope="row",
        ),
        cell("Namespaces", line.namespaces, "namespaces"),
        cell("CPU", line.cpu, "cpu"),
        cell("Memory", line.memory, "memory"),
        cell("Storage", line.storage, "storage"),
        table_cell(
            "Monthly cost",
            rx.el.span(line.cost, class_name="num", data_testid=f"{area}-cost"),
        ),
        table_cell(
            "Ends in 7 days",
            rx.link(
                line.ending,
                href=line.ending_href,
                class_name="num line-link",
                data_testid=f"{area}-ending",
                data_value=line.ending,
            ),
        ),
        table_cell(
            "Members",
            rx.link(
                line.members,
                href=f"/teams/{line.name}?tab=members",
                class_name="num line-link",
                data_testid=f"{area}-members",
                data_value=line.members,
            ),
            class_name="wide-only",
        ),
        table_cell("Your role", line.role, class_name="wide-only"),
        key=line.name,
        data_testid=area,
        data_as_of=Shell.as_of,
    )


def _table() -> rx.Component:
    columns = (
        "Team", "Namespaces", "CPU", "Memory", "Storage", "Monthly cost", "Ends in 7 days",
        "Members", "Your role",
    )  # fmt: skip
    head = [head_cell(label, class_name="wide-only" if label in _WIDE else "") for label in columns]
    return rx.fragment(
        data_table(
            *head,
            body=rx.foreach(TeamsState.rows, _row),
            label="Teams",
            test_id="teams-table",
            **holding(TeamsState),
        ),
        table_foot(
            TeamsState.counted,
            total=TeamsState.total,
            as_of=Shell.as_of,
            changes=changes_pill(TeamsState.waiting, TeamsState.apply_changes),
            pages=list_pager(TeamsState),
        ),
    )


def _empty() -> rx.Component:
    return rx.cond(
        TeamsState.q != "",
        empty_state(
            "No team matches",
            "None that you may see has this in its name or cost centre.",
            rx.link("Show all", href="/teams", class_name="button", data_testid="empty-clear"),
            icon="search-x",
            test_id="empty-filter",
        ),
        empty_state(
            "You are in no team",
            "Ask a lead or a platform admin to add one of your groups to a team.",
            icon="users",
        ),
    )


def _legend() -> rx.Component:
    """Explain the columns. It stands below the rows: it comes with them."""
    return rx.el.p(
        "Bars show what is used and, hatched, reserved of the budget; costs are a month of both at "
        "list price. What has ended counts with what ends in 7 days. Members are people seen with "
        "one of the groups.",
        class_name="card-note list-note",
    )


def teams() -> rx.Component:
    """Build the list."""
    create = rx.cond(
        TeamsState.may_create,
        action_button("New team", "plus", TeamForm.begin_create, test_id="team-create"),
        rx.fragment(),
    )
    return frame(
        rx.el.div(
            search_box(
                TeamsState.q,
                TeamsState.search,
                label="Search teams by name or cost centre",
                placeholder="Search name, cost centre",
                is_loaded=TeamsState.is_loaded,
                turn=TeamsState.turn,
            ),
            create,
            class_name="filter-bar list-bar",
        ),
        page_body(
            TeamsState.problem,
            TeamsState.is_known,
            card(
                rx.cond(
                    TeamsState.is_loaded,
                    rx.cond(TeamsState.rows, _table(), _empty()),
                    skeleton_rows(6),
                ),
                test_id="teams-card",
                class_name="card-table",
            ),
        ),
        rx.cond(TeamsState.is_known, _legend(), rx.fragment()),
        team_dialogs(),
        title="Teams",
        active="teams",
        announcement=TeamsState.announcement,
    )
