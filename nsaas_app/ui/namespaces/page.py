"""The list of namespaces: filter bar, table, pager."""

import reflex as rx

from ..components.card import card
from ..components.empty import NOT_YOURS, empty_state
from ..components.instant import clock_time, relative_time
from ..components.pager import list_pager
from ..components.quota import quota_cell
from ..components.skeleton import skeleton_rows
from ..components.status import environment_tag, status_badge
from ..components.table import changes_pill, data_table, sort_cell, table_cell, table_foot
from ..holding import holding
from ..namespace_views import NamespaceLine
from ..shell.frame import frame
from ..shell.state import Shell
from ..shell.trouble import page_body
from .bulk_bar import bulk_bar, select_all, select_row
from .bulk_dialog import bulk_dialog
from .filter_bar import filter_bar
from .planning_dialog import planning_dialog
from .row_menu import row_menu
from .state import ROWS, NamespacesState

__all__ = ["namespaces"]

_COLUMNS = (
    ("name", "Name", ""),
    ("team", "Team", ""),
    ("environment", "Env", ""),
    ("tier", "Tier", "wide-only"),
    ("state", "State", ""),
    ("cpu", "CPU requested", ""),
    ("memory", "Memory requested", ""),
    ("pods", "Pods", "wide-only"),
    ("expires", "Expires", ""),
)


def _gone(line: NamespaceLine) -> rx.Component:
    area = f"namespace-row-{line.name}"
    return rx.cond(
        line.deleted_at != "",
        rx.fragment(
            status_badge("Deleted", "none", test_id=f"{area}-state", raw="gone"),
            clock_time(line.deleted_at, test_id=f"{area}-deleted", shape="HH:mm"),
        ),
        # It is on another page now, or no longer what the filters ask for.
        status_badge("Not on this page", "none", test_id=f"{area}-state", raw="gone"),
    )


def _state(line: NamespaceLine) -> rx.Component:
    return rx.el.span(
        rx.cond(
            line.is_gone,
            _gone(line),
            status_badge(
                line.word,
                line.tone,
                test_id=f"namespace-row-{line.name}-state",
                raw=line.state,
                as_of=Shell.as_of,
            ),
        ),
        rx.cond(
            line.reason != "",
            rx.el.span(
                rx.icon("triangle-alert", size=16, class_name="tone-warn", aria_hidden="true"),
                rx.el.span(line.reason, class_name="sr-only"),
                title=line.reason,
            ),
            rx.fragment(),
        ),
        class_name="status-pair",
    )


def _row(line: NamespaceLine) -> rx.Component:
    area = f"namespace-row-{line.name}"
    return rx.el.tr(
        table_cell("Select", select_row(line), class_name="select-cell"),
        rx.el.th(
            rx.link(
                line.name,
                href=f"/namespaces/{line.name}",
                class_name="line-link mono",
                data_testid=f"{area}-link",
            ),
            scope="row",
        ),
        table_cell("Team", line.team, class_name="card-hidden"),
        table_cell("Environment", environment_tag(line.environment)),
        table_cell("Tier", line.tier, class_name="wide-only"),
        table_cell("State", _state(line)),
        table_cell(
            "CPU",
            quota_cell(line.cpu, "CPU requests", test_id=f"{area}-cpu", as_of=Shell.as_of),
        ),
        table_cell(
            "Memory",
            quota_cell(line.memory, "Memory requests", test_id=f"{area}-memory", as_of=Shell.as_of),
        ),
        table_cell(
            "Pods",
            rx.el.span(
                line.pods,
                class_name="num still-pods",
                data_testid=f"{area}-pods",
                data_value=line.pods_raw,
                data_as_of=Shell.as_of,
            ),
            class_name="wide-only",
        ),
        table_cell(
            "Expires",
            rx.el.span(
                rx.cond(line.is_over, "ended ", ""),
                relative_time(line.expires_at, test_id=f"{area}-expires"),
                class_name=rx.cond(line.is_over, "still-time tone-bad", "still-time"),
            ),
        ),
        table_cell("Actions", row_menu(line), class_name="menu-cell"),
        key=line.uid,
        class_name=rx.cond(line.is_gone, "row-gone", ""),
        data_testid=area,
        data_state=line.state,
        data_as_of=Shell.as_of,
    )


def _table() -> rx.Component:
    head = [
        sort_cell(
            column,
            label,
            sort=NamespacesState.sort,
            is_descending=NamespacesState.is_descending,
            event=NamespacesState.sort_by,
            class_name=class_name,
        )
        for column, label, class_name in _COLUMNS
    ]
    return data_table(
        rx.el.th(select_all(), scope="col", class_name="select-cell"),
        *head,
        rx.el.th(rx.el.span("Actions", class_name="sr-only"), scope="col", class_name="menu-cell"),
        body=rx.foreach(ROWS.shown(NamespacesState), _row),
        label="Namespaces",
        test_id="namespaces-table",
        **holding(NamespacesState),
    )


def _foot() -> rx.Component:
    return table_foot(
        NamespacesState.counted,
        total=NamespacesState.total,
        as_of=Shell.as_of,
        changes=changes_pill(NamespacesState.waiting, NamespacesState.apply_changes),
        pages=list_pager(NamespacesState),
    )


def _empty() -> rx.Component:
    no_match = empty_state(
        "No namespace matches",
        "Nothing you may see has all of these properties.",
        rx.el.button(
            "Clear filters",
            type="button",
            on_click=NamespacesState.clear,
            class_name="button",
            data_testid="empty-clear",
        ),
        icon="search-x",
        test_id="empty-filter",
    )
    ready = rx.cond(
        NamespacesState.usual != "",
        f"A small one is ready in about {NamespacesState.usual} (p50, last 30 days).",
        "Ask for one: quota, network isolation and access come with it.",
    )
    first = empty_state(
        rx.cond(
            NamespacesState.whose != "",
            f"Team {NamespacesState.whose} has no namespace yet",
            "No namespace yet",
        ),
        rx.cond(Shell.may_request, ready, NOT_YOURS),
        rx.cond(
            Shell.may_request,
            rx.link(
                "New namespace",
                href="/new",
                class_name="button button-primary",
                data_testid="empty-new",
            ),
            rx.fragment(),
        ),
    )
    return rx.cond(NamespacesState.is_narrowed, no_match, first)


def _exports_link() -> rx.Component:
    """Lead to what is gone. It stands below the rows: it comes with them."""
    return rx.link(
        "Kept exports of namespaces that are gone",
        href="/exports",
        class_name="card-link",
        data_testid="exports-link",
    )


def namespaces() -> rx.Component:
    """Build the list."""
    content = rx.cond(
        ROWS.number(NamespacesState) > 0,
        rx.fragment(_table(), _foot(), bulk_bar()),
        _empty(),
    )
    return frame(
        filter_bar(),
        page_body(
            NamespacesState.problem,
            NamespacesState.is_known,
            card(
                rx.cond(NamespacesState.is_loaded, content, skeleton_rows(8)),
                test_id="namespaces-card",
                class_name="card-table",
            ),
        ),
        rx.cond(NamespacesState.is_known, _exports_link(), rx.fragment()),
        bulk_dialog(),
        planning_dialog(),
        title="Namespaces",
        active="namespaces",
        announcement=NamespacesState.announcement,
    )
