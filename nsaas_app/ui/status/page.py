"""The status page: each part with its state, since when, why, and what puts it right."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.instant import relative_time
from ..components.problem import error_card
from ..components.skeleton import skeleton_rows
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell
from ..shell.frame import frame
from ..shell.state import Shell
from .state import StatusState
from .transform import CheckRow, KindRow, PolicyRow, RightRow

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
        class_name="line-main",
    )
    since = rx.el.span(
        "since ", relative_time(row.since, test_id=f"{area}-since"), class_name="line-took"
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
        action=status_badge(
            StatusState.word, StatusState.tone, test_id="status-overall", raw=StatusState.state
        ),
        test_id="status-checks",
        class_name="span-12",
    )


def _policy(row: PolicyRow) -> rx.Component:
    def why(text: str) -> rx.Component:
        return rx.cond(text != "", rx.el.p(text, class_name="line-note"), rx.fragment())

    return rx.el.li(
        rx.el.div(
            rx.el.span(row.name, class_name="mono line-name"),
            rx.el.p(row.words, class_name="line-note"),
            why(row.reason),
            rx.cond(
                row.fix != "",
                rx.el.p("Fix: ", rx.el.code(row.fix), class_name="line-note"),
                rx.fragment(),
            ),
            class_name="line-main",
        ),
        status_badge(row.word, row.tone, test_id=f"policy-{row.name}", raw=row.state),
        key=row.name,
        class_name="line line-wrap",
    )


def _policies() -> rx.Component:
    return card(
        rx.cond(
            StatusState.policies,
            rx.el.ul(rx.foreach(StatusState.policies, _policy), class_name="lines"),
            rx.el.p("Not looked at: the cluster has not answered.", class_name="card-note"),
        ),
        title="Admission policies",
        note="What confines the portal and protects what it owns, compared with what is shipped",
        action=action_button(
            "Check again",
            "refresh-cw",
            StatusState.check_again,
            test_id="status-again",
            is_busy=StatusState.is_checking,
        ),
        test_id="status-policies",
        class_name="span-7",
    )


def _right(row: RightRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.text, class_name="line-name"),
            rx.el.pre(row.rule, class_name="raw", data_testid=f"right-{row.key}-rule"),
            class_name="line-main",
        ),
        key=row.key,
        class_name="line",
        data_testid=f"right-{row.key}",
    )


def _rights() -> rx.Component:
    return card(
        rx.cond(
            StatusState.missing,
            rx.el.ul(rx.foreach(StatusState.missing, _right), class_name="lines"),
            rx.el.p(
                rx.cond(
                    StatusState.rights_note != "",
                    "None is missing.",
                    "Not looked at: the cluster has not answered.",
                ),
                class_name="card-note",
                data_testid="rights-none",
            ),
        ),
        title="Missing rights",
        note=StatusState.rights_note,
        test_id="status-rights",
        class_name="span-5",
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
        class_name="span-12",
    )


def status() -> rx.Component:
    """Build the page."""
    body = rx.el.div(_checks(), _policies(), _rights(), _kinds(), class_name="grid")
    return frame(
        error_card(StatusState.problem),
        rx.cond(StatusState.is_loaded, body, card(skeleton_rows(8), test_id="status-loading")),
        title="Status",
        active="status",
        needs_team=False,
        announcement=StatusState.announcement,
    )
