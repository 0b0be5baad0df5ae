"""The approvals page: what waits on the left, the open request with its effects on the right."""

import reflex as rx

from ..components.budget import budget_list
from ..components.card import card
from ..components.difference import difference_list
from ..components.empty import empty_state
from ..components.facts import fact_list
from ..components.instant import relative_time
from ..components.pills import pill_row
from ..components.request_line import request_status
from ..components.skeleton import skeleton_rows
from ..components.status import environment_tag, tone_icon
from ..components.table import changes_pill
from ..decisions.panel import decision_panel
from ..holding import holding
from ..shell.frame import frame
from ..shell.state import Shell
from ..shell.trouble import page_body
from .risks import RiskNote
from .state import ApprovalsState
from .transform import CaseLine

__all__ = ["approvals"]


def _case(case: CaseLine) -> rx.Component:
    area = f"approval-{case.line.request_id}"
    return rx.el.li(
        rx.link(
            rx.el.span(
                rx.el.span(case.line.kind, " "),
                rx.el.span(case.line.namespace, class_name="mono"),
                class_name="case-name",
            ),
            rx.el.span(
                environment_tag(case.line.environment),
                rx.el.span(case.line.requested_by),
                relative_time(case.line.created_at, test_id=f"{area}-age"),
                class_name="case-facts",
            ),
            rx.cond(
                case.note != "",
                rx.el.span(case.note, class_name="line-note"),
                request_status(case.line, test_id=f"{area}-status", as_of=Shell.as_of),
            ),
            href=case.href,
            class_name=rx.cond(case.is_open, "case case-open", "case"),
            aria_current=rx.cond(case.is_open, "true", "false"),
            data_testid=f"{area}-link",
        ),
        key=case.line.request_id,
        data_testid=area,
    )


def _list() -> rx.Component:
    nothing = rx.cond(
        ApprovalsState.state == "waiting",
        empty_state(
            "Nothing waits for approval",
            "Requests that need a second person show here the moment they are submitted.",
            icon="circle-check-big",
        ),
        empty_state(
            "Nothing decided yet",
            "Decisions of the last 30 days show here.",
            icon="gavel",
            test_id="empty-decided",
        ),
    )
    return card(
        rx.cond(
            ApprovalsState.cases,
            rx.el.div(
                rx.el.ul(rx.foreach(ApprovalsState.cases, _case), class_name="cases"),
                changes_pill(ApprovalsState.waiting, ApprovalsState.apply_changes),
                **holding(ApprovalsState),
            ),
            nothing,
        ),
        test_id="approvals-list",
        class_name="cases-card",
    )


def _headline() -> rx.Component:
    line = ApprovalsState.line
    return rx.el.div(
        rx.el.h2(
            line.kind,
            " ",
            rx.el.span(line.namespace, data_testid="approval-namespace"),
            class_name="case-title",
        ),
        request_status(line, test_id="approval-status", as_of=Shell.as_of),
        rx.el.p(
            environment_tag(line.environment),
            rx.el.span("team ", line.team),
            rx.el.span("asked by ", rx.el.strong(line.requested_by)),
            relative_time(line.created_at, test_id="approval-asked"),
            class_name="case-facts",
        ),
        rx.link(
            "Open request",
            href=f"/requests/{line.request_id}",
            class_name="card-link",
            data_testid="approval-open-request",
        ),
        class_name="case-head",
    )


def _meanwhile() -> rx.Component:
    return rx.cond(
        (ApprovalsState.state == "waiting") & ~ApprovalsState.approval.is_waiting,
        rx.el.p(
            rx.icon("info", size=16, class_name="shrink-0", aria_hidden="true"),
            rx.el.span(
                ApprovalsState.approval.settled,
                " ",
                relative_time(ApprovalsState.approval.settled_at, test_id="settled-at"),
                ".",
            ),
            class_name="verdict",
            data_testid="decided-meanwhile",
        ),
        rx.fragment(),
    )


def _why() -> rx.Component:
    given = rx.el.blockquote(
        ApprovalsState.justification, class_name="quote", data_testid="approval-justification"
    )
    missing = rx.el.p("No reason was given.", class_name="card-note")
    return rx.cond(ApprovalsState.justification != "", given, missing)


def _risk(note: RiskNote) -> rx.Component:
    return rx.el.li(
        tone_icon(note.tone),
        rx.el.span(note.text, class_name="line-main"),
        key=note.key,
        class_name="line line-short",
        data_testid=f"risk-{note.key}",
    )


def _risks() -> rx.Component:
    """Say what to look at twice while it can still be decided."""
    listed = rx.cond(
        ApprovalsState.risks,
        rx.el.ul(rx.foreach(ApprovalsState.risks, _risk), class_name="lines"),
        rx.el.p("Nothing stands out.", class_name="card-note"),
    )
    shown = rx.el.div(
        rx.el.h3("Look at twice", class_name="part-title"),
        listed,
        class_name="part",
        data_testid="approval-risks",
    )
    return rx.cond(ApprovalsState.is_waiting, shown, rx.fragment())


def _effects() -> rx.Component:
    return rx.fragment(
        rx.cond(
            ApprovalsState.budget,
            rx.el.div(
                rx.el.h3("Team budget, before → after", class_name="part-title"),
                budget_list(ApprovalsState.budget),
                class_name="part",
            ),
            rx.fragment(),
        ),
        rx.el.div(
            rx.el.h3("Cost", class_name="part-title"),
            rx.el.p(ApprovalsState.cost.text, class_name="cost num", data_testid="approval-cost"),
            rx.el.p(ApprovalsState.cost.note, class_name="field-help"),
            class_name="part",
        ),
        rx.el.details(
            rx.el.summary("All that is asked for", data_testid="approval-all"),
            fact_list(ApprovalsState.facts, area="asked"),
            class_name="fold",
        ),
    )


def _detail() -> rx.Component:
    return card(
        _headline(),
        _meanwhile(),
        _why(),
        _risks(),
        decision_panel(ApprovalsState.approval),
        rx.el.div(
            rx.el.h3("What differs", class_name="part-title"),
            difference_list(ApprovalsState.found, note=ApprovalsState.found_note, area="diff"),
            class_name="part",
        ),
        _effects(),
        test_id="approval-detail",
    )


def approvals() -> rx.Component:
    """Build the page."""
    body = rx.el.div(
        _list(),
        rx.cond(ApprovalsState.line.request_id != "", _detail(), rx.fragment()),
        class_name=rx.cond(ApprovalsState.line.request_id != "", "split", ""),
    )
    return frame(
        rx.el.div(
            pill_row(ApprovalsState.states, label="State", area="approvals"),
            class_name="filter-bar pill-bar",
        ),
        page_body(
            ApprovalsState.problem,
            ApprovalsState.is_known,
            rx.cond(
                ApprovalsState.is_loaded,
                body,
                card(skeleton_rows(6), test_id="approvals-loading"),
            ),
        ),
        title="Approvals",
        active="approvals",
        announcement=ApprovalsState.announcement,
    )
