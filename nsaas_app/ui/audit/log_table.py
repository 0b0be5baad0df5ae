"""The log itself: its entries, one of them opened, and the words where there are none."""

import reflex as rx

from ..components.empty import empty_state
from ..components.instant import clock_time
from ..components.pager import list_pager
from ..components.table import data_table, head_cell, table_cell, table_foot
from ..shell.state import Shell
from .state import AuditState
from .transform import AuditLine, Changed

__all__ = ["log_empty", "log_table"]

_COLUMNS = ("Time", "Who", "Action", "What", "Outcome", "Request", "Details")


def _outcome(line: AuditLine, area: str) -> rx.Component:
    is_ok = line.tone == "ok"
    return rx.badge(
        rx.cond(
            is_ok,
            rx.icon("circle-check", size=14, aria_hidden="true"),
            rx.icon("octagon-x", size=14, aria_hidden="true"),
        ),
        line.outcome_word,
        color_scheme=rx.cond(is_ok, "green", "red"),
        variant="soft",
        high_contrast=True,
        data_testid=f"{area}-outcome",
        data_state=line.outcome,
    )


def _row(line: AuditLine) -> rx.Component:
    area = f"audit-row-{line.seq}"
    shown = rx.el.tr(
        rx.el.th(
            rx.el.div(
                clock_time(line.at, test_id=f"{area}-time", shape="D MMM, HH:mm:ss"),
                rx.el.span(line.utc, class_name="line-note num", data_testid=f"{area}-utc"),
                class_name="choice-words",
            ),
            scope="row",
        ),
        table_cell(
            "Who",
            rx.link(line.actor, href=line.actor_href, data_testid=f"{area}-actor"),
            class_name="log-who",
        ),
        table_cell(
            "Action", rx.el.span(line.action, class_name="mono wraps"), class_name="log-action"
        ),
        table_cell(
            "What",
            rx.cond(
                line.target_href != "",
                rx.link(
                    line.target,
                    href=line.target_href,
                    class_name="mono wraps",
                    data_testid=f"{area}-target",
                ),
                rx.el.span(line.target, class_name="mono wraps"),
            ),
            class_name="card-hidden",
        ),
        # On a phone only what did not come to pass says so; the details tell the rest.
        table_cell(
            "Outcome",
            _outcome(line, area),
            class_name=rx.cond(line.tone == "ok", "card-hidden", "log-outcome"),
        ),
        table_cell(
            "Request",
            rx.cond(
                line.request_id != "",
                rx.link(
                    "Open request",
                    href=f"/requests/{line.request_id}",
                    data_testid=f"{area}-request",
                ),
                rx.fragment(),
            ),
            class_name="card-hidden",
        ),
        table_cell(
            "Details",
            rx.link(
                rx.cond(line.is_open, "Close", "Show"),
                rx.el.span(" details of entry ", line.seq, class_name="sr-only"),
                href=line.toggle_href,
                aria_expanded=rx.cond(line.is_open, "true", "false"),
                data_testid=f"{area}-toggle",
            ),
            class_name="log-toggle",
        ),
        data_testid=area,
        data_as_of=Shell.as_of,
    )
    return rx.fragment(shown, rx.cond(line.is_open, _opened(line), rx.fragment()), key=line.seq)


def _fact(term: str, value: str, test_id: str, *, class_name: str = "fact") -> rx.Component:
    return rx.el.div(
        rx.el.dt(term),
        rx.el.dd(rx.el.span(value, class_name="mono wraps", data_testid=test_id)),
        class_name=class_name,
    )


def _changed(one: Changed) -> rx.Component:
    return rx.el.div(
        rx.el.dt(rx.el.span(one.path, class_name="mono")),
        rx.el.dd(
            rx.el.del_(
                rx.el.span("\u2212", class_name="diff-sign", aria_hidden="true"),
                one.before,
                class_name="diff diff-removed",
            ),
            rx.el.ins(
                rx.el.span("+", class_name="diff-sign", aria_hidden="true"),
                one.after,
                class_name="diff diff-added",
            ),
        ),
        key=one.path,
        class_name="fact fact-ruled",
    )


def _hidden_in_row(line: AuditLine) -> rx.Component:
    """What the row of a phone has no room for."""
    request = rx.el.div(
        rx.el.dt("Request"),
        rx.el.dd(
            rx.link(
                "Open request",
                href=f"/requests/{line.request_id}",
                data_testid="audit-detail-request",
            )
        ),
        class_name="fact phone-fact",
    )
    return rx.fragment(
        _fact("Outcome", line.outcome_word, "audit-detail-outcome", class_name="fact phone-fact"),
        rx.cond(line.request_id != "", request, rx.fragment()),
    )


def _opened(line: AuditLine) -> rx.Component:
    detail = AuditState.detail
    facts = rx.el.dl(
        _hidden_in_row(line),
        _fact("Object", detail.object, "audit-detail-object"),
        _fact("Team", detail.team, "audit-detail-team"),
        _fact("Came through", detail.source, "audit-detail-source"),
        _fact("Correlation id", detail.correlation_id, "audit-detail-correlation"),
        _fact("Hash", detail.hash, "audit-detail-hash"),
        _fact("Hash before", detail.previous_hash, "audit-detail-previous"),
        class_name="facts",
    )
    changed = rx.cond(
        AuditState.changed,
        rx.el.dl(
            rx.foreach(AuditState.changed, _changed),
            class_name="facts",
            data_testid="audit-detail-changes",
        ),
        rx.el.p("It carries no values.", class_name="card-note"),
    )
    return rx.el.tr(
        rx.el.td(
            rx.el.div(facts, changed, class_name="audit-detail"),
            col_span=len(_COLUMNS),
            data_testid="audit-detail",
        )
    )


def log_table() -> rx.Component:
    """Show the entries of this page of the log."""
    foot = table_foot(
        AuditState.counted,
        total=AuditState.total,
        as_of=Shell.as_of,
        pages=list_pager(AuditState),
    )
    return rx.fragment(
        data_table(
            *(head_cell(label) for label in _COLUMNS),
            body=rx.foreach(AuditState.rows, _row),
            label="Audit log",
            test_id="audit-table",
        ),
        foot,
    )


def log_empty() -> rx.Component:
    """Say that nothing matches, or that nothing was written."""
    clear = rx.el.button(
        "Clear filters",
        type="button",
        on_click=AuditState.clear,
        class_name="button",
        data_testid="empty-clear",
    )
    return rx.cond(
        AuditState.is_narrowed,
        empty_state(
            "No entry matches",
            "None that you may read has all of these.",
            clear,
            icon="search-x",
            test_id="empty-filter",
        ),
        empty_state(
            "Nothing written yet",
            "Every request, decision and refusal is written here with who, what and when.",
            icon="scroll-text",
        ),
    )
