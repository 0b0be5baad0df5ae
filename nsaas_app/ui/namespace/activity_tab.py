"""The activity section: every request for the namespace, and what the audit log says of it."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import clock_time
from ..components.pager import page_size, pager
from ..components.request_line import request_line
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell, table_foot
from ..figures import NOTHING
from ..shell.state import Shell
from .activity_view import EntryLine
from .state import NamespacePage

__all__ = ["activity_tab"]

_COLUMNS = ("When", "Who", "Action", "What changed", "Outcome", "More")


def _entry_link(line: EntryLine, area: str) -> rx.Component:
    return rx.link(
        "Open",
        rx.el.span(" entry ", line.seq, class_name="sr-only"),
        href=line.href,
        data_testid=f"{area}-open",
    )


def _request_link(line: EntryLine, area: str) -> rx.Component:
    link = rx.link(
        "Request",
        rx.el.span(" of entry ", line.seq, class_name="sr-only"),
        href=line.request_href,
        data_testid=f"{area}-request",
    )
    return rx.cond(line.request_href != "", rx.fragment(" · ", link), rx.fragment())


def _entry(line: EntryLine) -> rx.Component:
    area = f"entry-{line.seq}"
    return rx.el.tr(
        rx.el.th(clock_time(line.at, test_id=f"{area}-at", shape="D MMM, HH:mm:ss"), scope="row"),
        table_cell("Who", rx.el.span(line.actor, class_name="mono wraps")),
        table_cell("Action", rx.el.span(line.action, class_name="mono")),
        table_cell(
            "What changed",
            rx.el.span(
                rx.cond(line.changed != "", line.changed, NOTHING), class_name="wraps line-note"
            ),
        ),
        table_cell(
            "Outcome",
            status_badge(line.word, line.tone, test_id=f"{area}-outcome", raw=line.outcome),
        ),
        table_cell(
            "More",
            rx.el.span(_entry_link(line, area), _request_link(line, area)),
            class_name="no-wrap",
        ),
        key=line.seq,
        data_testid=area,
    )


def _audit() -> rx.Component:
    table = rx.fragment(
        data_table(
            *(head_cell(label) for label in _COLUMNS),
            body=rx.foreach(NamespacePage.entries, _entry),
            label="Audit entries",
            test_id="entries",
        ),
        table_foot(
            NamespacePage.entries_counted,
            total=NamespacePage.entries_total,
            as_of=Shell.as_of,
            pages=pager(
                NamespacePage.entries_page,
                NamespacePage.entries_pages,
                NamespacePage.entries_steps,
                NamespacePage.go_to_entries,
                label="Pages of the audit log",
                area="entries-pager",
            ),
        ),
    )
    closed = rx.el.p(
        rx.icon("lock", size=14, class_name="shrink-0", aria_hidden="true"),
        rx.el.span("Leads of team ", NamespacePage.team, " read the audit log of the team."),
        class_name="field-help",
        data_testid="audit-closed",
    )
    return card(
        rx.cond(
            NamespacePage.reads_audit,
            rx.cond(
                NamespacePage.entries,
                table,
                empty_state("Nothing written yet", icon="scroll-text", test_id="entries-empty"),
            ),
            closed,
        ),
        title="Audit log",
        note="Who did what, before and after; refused attempts too",
        test_id="namespace-audit",
        class_name="span-12 card-wide-table",
    )


def activity_tab() -> rx.Component:
    """Build the section."""
    history = rx.fragment(
        rx.el.ul(
            rx.foreach(NamespacePage.history, lambda line: request_line(line, area="activity")),
            class_name="lines",
        ),
        rx.el.div(
            rx.el.span(
                NamespacePage.history_counted,
                class_name="card-note num",
                data_testid="history-count",
                data_value=NamespacePage.history_total,
            ),
            rx.el.div(
                # One choice for both lists of the section.
                page_size(NamespacePage.page_size, NamespacePage.resize_pages),
                pager(
                    NamespacePage.history_page,
                    NamespacePage.history_pages,
                    NamespacePage.history_steps,
                    NamespacePage.go_to_requests,
                    label="Pages of requests",
                    area="history-pager",
                ),
                class_name="foot-tools",
            ),
            class_name="list-foot",
        ),
    )
    return rx.el.div(
        card(
            rx.cond(
                NamespacePage.history,
                history,
                empty_state(
                    "No request in the last 30 days",
                    "Older ones stand in the audit log.",
                    icon="list-checks",
                    test_id="history-empty",
                ),
            ),
            title="Requests",
            note="Everything that was asked for this namespace in the last 30 days",
            test_id="namespace-history",
            class_name="span-12",
        ),
        _audit(),
        class_name="grid",
    )
