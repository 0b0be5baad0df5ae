"""The list of requests: scope, status, and each one's progress."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.pager import list_pager
from ..components.pills import pill_row
from ..components.request_line import request_status
from ..components.skeleton import skeleton_rows
from ..components.status import environment_tag
from ..components.table import changes_pill, data_table, head_cell, table_cell, table_foot
from ..figures import NOTHING
from ..holding import holding
from ..request_views import RequestLine
from ..shell.frame import frame
from ..shell.state import Shell
from ..shell.trouble import page_body
from ..words import KIND_WORDS
from .state import ROWS, RequestsState

__all__ = ["requests"]


def _row(line: RequestLine) -> rx.Component:
    area = f"request-row-{line.request_id}"
    return rx.el.tr(
        rx.el.th(
            rx.link(
                line.kind,
                " ",
                rx.el.span(line.namespace, class_name="mono"),
                href=f"/requests/{line.request_id}",
                class_name="line-link",
                data_testid=f"{area}-link",
            ),
            scope="row",
        ),
        table_cell(
            "Status",
            rx.el.div(
                request_status(line, test_id=f"{area}-status"),
                rx.cond(
                    line.progress != "",
                    rx.el.p(line.progress, class_name="line-note"),
                    rx.fragment(),
                ),
            ),
        ),
        table_cell("Team", line.team),
        table_cell("Environment", environment_tag(line.environment), class_name="wide-only"),
        table_cell("Asked by", line.requested_by),
        table_cell("Asked", relative_time(line.created_at, test_id=f"{area}-age")),
        table_cell("Took", _took(line)),
        key=line.request_id,
        data_testid=area,
        data_state=line.status,
        data_as_of=Shell.as_of,
    )


def _took(line: RequestLine) -> rx.Component:
    return rx.el.span(rx.cond(line.took != "", line.took, NOTHING), class_name="num")


def _table() -> rx.Component:
    columns = ("Request", "Status", "Team", "Environment", "Asked by", "Asked", "Took")
    head = [
        head_cell(label, class_name="wide-only" if label == "Environment" else "")
        for label in columns
    ]
    foot = table_foot(
        RequestsState.counted,
        total=RequestsState.total,
        as_of=Shell.as_of,
        changes=changes_pill(RequestsState.waiting, RequestsState.apply_changes),
        pages=list_pager(RequestsState),
    )
    return rx.fragment(
        data_table(
            *head,
            body=rx.foreach(ROWS.shown(RequestsState), _row),
            label="Requests",
            test_id="requests-table",
            **holding(RequestsState),
        ),
        foot,
    )


def _select(field: str, label: str, value: str, *options: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.select(
            *options,
            value=value,
            on_change=lambda choice: RequestsState.narrow(field, choice),
            class_name="control control-short",
            aria_label=label,
            data_testid=f"filter-{field}",
        ),
        rx.icon("chevron-down", size=16, class_name="select-mark", aria_hidden="true"),
        class_name="select",
    )


def _kind() -> rx.Component:
    kinds = [rx.el.option(word, value=kind.value) for kind, word in KIND_WORDS.items()]
    return _select("kind", "Kind", RequestsState.kind, rx.el.option("Any kind", value=""), *kinds)


def _team() -> rx.Component:
    def option(team: str) -> rx.Component:
        return rx.el.option(team, value=team, key=team)

    # Whoever has one team alone sees it too: what came with the rows would push them down.
    return _select(
        "team",
        "Team",
        RequestsState.team,
        rx.el.option("Any team", value=""),
        rx.foreach(RequestsState.teams, option),
    )


def _one_submission() -> rx.Component:
    words = rx.el.p(
        rx.icon("layers", size=16, class_name="shrink-0", aria_hidden="true"),
        rx.el.span("The requests of one submission. "),
        rx.link("Show all", href="/requests", class_name="card-link", data_testid="set-clear"),
        class_name="verdict",
        data_testid="one-submission",
    )
    return rx.cond(RequestsState.is_one_submission, words, rx.fragment())


def _span() -> rx.Component:
    words = rx.el.p(
        rx.icon("calendar-range", size=16, class_name="shrink-0", aria_hidden="true"),
        rx.el.span(RequestsState.span_words, " "),
        rx.link("Show all", href="/requests", class_name="card-link", data_testid="span-clear"),
        class_name="verdict",
        data_testid="request-span",
    )
    return rx.cond(RequestsState.span_words != "", words, rx.fragment())


def _empty() -> rx.Component:
    return rx.cond(
        RequestsState.is_narrowed,
        empty_state(
            "No request matches",
            "None that you may see has this scope and status.",
            rx.link("Show all", href="/requests", class_name="button", data_testid="empty-clear"),
            icon="search-x",
            test_id="empty-filter",
        ),
        empty_state(
            "Nothing asked yet",
            "Requests show here with their steps, from the moment they are submitted.",
            icon="list-checks",
        ),
    )


def requests() -> rx.Component:
    """Build the list."""
    return frame(
        rx.el.div(
            pill_row(RequestsState.scopes, label="Whose", area="scope"),
            pill_row(RequestsState.statuses, label="Status", area="status"),
            # A line of their own, whatever the numbers on the pills: they come with the rows.
            rx.el.div(_kind(), _team(), class_name="pill-choices"),
            class_name="filter-bar pill-bar",
        ),
        rx.cond(
            RequestsState.dropped != "",
            rx.el.p(
                RequestsState.dropped, class_name="field-warning", data_testid="filter-dropped"
            ),
            rx.fragment(),
        ),
        _one_submission(),
        _span(),
        page_body(
            RequestsState.problem,
            RequestsState.is_known,
            card(
                rx.cond(
                    RequestsState.is_loaded,
                    rx.cond(ROWS.number(RequestsState) > 0, _table(), _empty()),
                    skeleton_rows(8),
                ),
                test_id="requests-card",
                class_name="card-table",
            ),
        ),
        title="Requests",
        active="requests",
        announcement=RequestsState.announcement,
    )
