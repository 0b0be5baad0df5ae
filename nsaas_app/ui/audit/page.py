"""The audit page: filters, the log, one entry opened, and the proof that it is untouched."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import clock_time, relative_time
from ..components.pills import pill_row
from ..components.problem import error_card
from ..components.search_box import search_box
from ..components.skeleton import skeleton_rows
from ..components.table import data_table, head_cell, pager, table_cell, table_foot
from ..shell.frame import frame
from ..shell.state import Shell
from .filters import Chip
from .state import AuditState
from .transform import AuditLine, Changed

__all__ = ["audit"]

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
        rx.el.th(clock_time(line.at, test_id=f"{area}-time", shape="D MMM, HH:mm:ss"), scope="row"),
        table_cell("Who", rx.link(line.actor, href=line.actor_href, data_testid=f"{area}-actor")),
        table_cell("Action", rx.el.span(line.action, class_name="mono wraps")),
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
        ),
        table_cell("Outcome", _outcome(line, area)),
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
        ),
        data_testid=area,
        data_as_of=Shell.as_of,
    )
    return rx.fragment(shown, rx.cond(line.is_open, _opened(), rx.fragment()), key=line.seq)


def _fact(term: str, value: str, test_id: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(term),
        rx.el.dd(rx.el.span(value, class_name="mono wraps", data_testid=test_id)),
        class_name="fact",
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


def _opened() -> rx.Component:
    detail = AuditState.detail
    facts = rx.el.dl(
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


def _table() -> rx.Component:
    foot = table_foot(
        AuditState.counted,
        total=AuditState.total,
        as_of=Shell.as_of,
        pages=pager(AuditState.page, AuditState.pages, AuditState.go_to),
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


def _empty() -> rx.Component:
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


def _chip(chip: Chip) -> rx.Component:
    return rx.link(
        chip.label,
        rx.icon("x", size=14, aria_hidden="true"),
        href=chip.href,
        class_name="chip",
        aria_label=f"Remove filter {chip.label}",
        key=chip.key,
        data_testid=f"chip-{chip.key}",
    )


def _filters() -> rx.Component:
    search = search_box(
        AuditState.q,
        AuditState.search,
        label="Search the audit log",
        placeholder="Search who, what, request, correlation id",
        is_loaded=AuditState.is_loaded,
    )
    return rx.el.div(
        rx.el.div(
            rx.el.div(search, class_name="filters", role="search", aria_label="Filter the log"),
            _tools(),
            class_name="audit-tools",
        ),
        rx.el.div(
            pill_row(AuditState.outcomes, label="Outcome", area="outcome"),
            pill_row(AuditState.windows, label="Time", area="window"),
            class_name="pill-bar",
        ),
        rx.cond(
            AuditState.chips,
            rx.el.div(rx.foreach(AuditState.chips, _chip), class_name="chips-row"),
            rx.fragment(),
        ),
        class_name="audit-filters",
    )


def _chain() -> rx.Component:
    verdict = rx.el.p(
        rx.cond(
            AuditState.is_valid,
            rx.icon("shield-check", size=16, class_name="tone-ok", aria_hidden="true"),
            rx.icon("octagon-x", size=16, class_name="tone-bad", aria_hidden="true"),
        ),
        rx.el.span(
            AuditState.verdict,
            data_testid="chain-verdict",
            data_state=rx.cond(AuditState.is_valid, "valid", "broken"),
        ),
        rx.el.span(" · checked ", class_name="card-note"),
        relative_time(AuditState.verified_at, test_id="chain-checked-at"),
        class_name="chain-verdict",
        role="status",
    )
    return card(
        rx.cond(AuditState.verdict != "", verdict, rx.fragment()),
        error_card(AuditState.verify_problem),
        title="Is the log untouched?",
        note="Every entry carries a keyed hash of itself and of the entry before it. "
        "A changed, removed or inserted entry breaks the chain.",
        action=action_button(
            "Verify now",
            "shield-check",
            AuditState.verify,
            test_id="chain-verify",
            is_busy=AuditState.is_verifying,
        ),
        test_id="chain-card",
    )


def _tools() -> rx.Component:
    def download(label: str, href: str, test_id: str) -> rx.Component:
        icon = rx.icon("download", size=16, aria_hidden="true")
        return rx.el.a(
            icon,
            label,
            href=href,
            reload_document=True,  # a file, not a page of the application
            class_name="button",
            data_testid=test_id,
        )

    fresh = rx.el.button(
        AuditState.fresh,
        " new · Show",
        type="button",
        on_click=AuditState.show_fresh,
        class_name="chip chip-accent num",
        data_testid="changes-apply",
        data_value=AuditState.fresh,
    )
    return rx.el.div(
        rx.cond(AuditState.fresh > 0, fresh, rx.fragment()),
        download("Export CSV", AuditState.csv_href, "export-csv"),
        download("Export JSON lines", AuditState.jsonl_href, "export-jsonl"),
        class_name="chips-row",
    )


def audit() -> rx.Component:
    """Build the page."""
    return frame(
        rx.cond(
            AuditState.problem.code != "",
            error_card(AuditState.problem),
            rx.fragment(
                rx.cond(AuditState.may_verify, _chain(), rx.fragment()),
                _filters(),
                card(
                    rx.cond(
                        AuditState.is_loaded,
                        rx.cond(AuditState.rows, _table(), _empty()),
                        skeleton_rows(8),
                    ),
                    test_id="audit-card",
                    class_name="card-table",
                ),
            ),
        ),
        title="Audit",
        active="audit",
    )
