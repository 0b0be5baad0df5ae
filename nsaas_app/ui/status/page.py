"""The status page: each part with its state, since when, why, and what puts it right."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.instant import clock_time, relative_time
from ..components.skeleton import skeleton_rows
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell
from ..shell.frame import frame
from ..shell.state import Shell
from ..shell.trouble import page_body
from .state import StatusState
from .transform import CheckRow, KindRow

__all__ = ["status"]


def _check(row: CheckRow) -> rx.Component:
    area = f"check-{row.key}"
    words = rx.el.div(
        rx.el.span(row.title, class_name="line-name"),
        rx.el.p(row.message, class_name="line-note", data_testid=f"{area}-message"),
        rx.cond(
            row.fix != "",
            rx.el.p("Fix: ", row.fix, class_name="line-note", data_testid=f"{area}-fix"),
            rx.fragment(),
        ),
        rx.cond(
            (row.href != "") & StatusState.sees_platform,
            rx.link(row.link, href=row.href, class_name="card-link", data_testid=f"{area}-link"),
            rx.fragment(),
        ),
        class_name="line-main",
    )
    since = rx.el.span(
        "seen so since ",
        clock_time(row.since, test_id=f"{area}-since"),
        class_name="line-took",
    )
    return rx.el.li(
        words,
        since,
        status_badge(row.word, row.tone, test_id=area, raw=row.state, as_of=Shell.as_of),
        key=row.key,
        class_name="line line-wrap",
    )


def _checks() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(StatusState.checks, _check), class_name="lines"),
        title="Parts",
        note=rx.el.span(
            StatusState.verdict,
            " nsaas ",
            StatusState.version,
            ", cluster ",
            Shell.cluster_name,
            ".",
        ),
        action=rx.el.div(
            status_badge(
                StatusState.word, StatusState.tone, test_id="status-overall", raw=StatusState.state
            ),
            action_button(
                "Check again",
                "refresh-cw",
                StatusState.check_again,
                test_id="status-again",
                is_busy=StatusState.is_checking,
            ),
            class_name="chips-row",
        ),
        test_id="status-checks",
        class_name="span-12",
    )


def _kind(row: KindRow) -> rx.Component:
    area = f"kind-{row.kind}"
    return rx.el.tr(
        rx.el.th(row.kind, scope="row"),
        table_cell("State", status_badge(row.word, row.tone, test_id=area, raw=row.state)),
        table_cell(
            "Objects",
            rx.el.span(row.objects, class_name="num", data_testid=f"{area}-objects"),
        ),
        table_cell("Last contact", relative_time(row.contact_at, test_id=f"{area}-contact")),
        table_cell(
            "What the cluster says",
            rx.el.span(rx.cond(row.trouble != "", row.trouble, "\u2013"), class_name="wraps"),
        ),
        key=row.kind,
        data_testid=f"{area}-row",
    )


def _kinds() -> rx.Component:
    columns = ("Kind", "State", "Objects", "Last contact", "What the cluster says")
    table = data_table(
        *(head_cell(label) for label in columns),
        body=rx.foreach(StatusState.kinds, _kind),
        label="Kinds of the mirror",
        test_id="kinds-table",
    )
    return card(
        rx.cond(
            StatusState.kinds,
            table,
            rx.el.p("No cluster is configured.", class_name="card-note"),
        ),
        title="Mirror of the cluster",
        note="One watch for each kind, whatever the number of open pages",
        test_id="status-kinds",
        class_name="span-12 card-wide-table",
    )


def status() -> rx.Component:
    """Build the page."""
    body = rx.el.div(_checks(), _kinds(), class_name="grid")
    return frame(
        page_body(
            StatusState.problem,
            StatusState.is_known,
            rx.cond(StatusState.is_loaded, body, card(skeleton_rows(8), test_id="status-loading")),
        ),
        title="Status",
        active="status",
        needs_team=False,
        announcement=StatusState.announcement,
    )
