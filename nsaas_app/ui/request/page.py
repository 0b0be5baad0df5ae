"""One request: status, live steps, what was asked, and how to get in when it is done."""

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.command import command_list
from ..components.difference import difference_list
from ..components.facts import fact_list
from ..components.instant import clock_time
from ..components.problem import error_card
from ..components.request_line import request_status
from ..components.skeleton import skeleton_rows
from ..components.status import environment_tag
from ..components.stepper import WIZARD_STEPS, stepper
from ..components.timeline import step_timeline
from ..decisions.panel import decision_panel
from ..decisions.state import Deciding
from ..shell.absent import absent_card
from ..shell.frame import frame
from ..shell.state import Shell
from ..shell.trouble import page_problem
from ..shell.waiting import waits_note
from .state import RequestState

__all__ = ["request"]


def _fact(term: str, *value: rx.Component | str) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(*value), class_name="headline-fact")


def _elapsed() -> rx.Component:
    running = rx.moment(
        RequestState.line.created_at,
        duration_from_now=True,
        interval=1000,
        format="m[ min] s[ s]",
        trim="both",
    )
    return rx.el.span(
        rx.cond(RequestState.line.is_running, running, RequestState.line.took),
        class_name="num",
        data_testid="request-duration",
        data_value=RequestState.line.took,
        data_as_of=RequestState.as_of,
    )


def _export() -> rx.Component:
    return rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        "Its manifests, without Secrets",
        href=RequestState.export_href,
        reload_document=True,
        class_name="button",
        data_testid="request-export",
    )


def _headline() -> rx.Component:
    return rx.el.dl(
        _fact(
            "Status",
            request_status(RequestState.line, test_id="request-status", as_of=RequestState.as_of),
        ),
        _fact("Time", _elapsed()),
        _fact("Usual time", rx.cond(RequestState.usual != "", RequestState.usual, "No data yet")),
        _fact("Team", RequestState.line.team),
        _fact("Environment", environment_tag(RequestState.line.environment)),
        _fact("Asked by", RequestState.line.requested_by),
        _fact("Asked at", clock_time(RequestState.line.created_at, test_id="request-created")),
        class_name="card headline",
    )


def _ready() -> rx.Component:
    link = rx.link(
        "Open namespace",
        href=f"/namespaces/{RequestState.line.namespace}",
        class_name="button button-primary",
        data_testid="request-open-namespace",
    )
    ways_in = rx.fragment(
        rx.el.h2("How to get in", class_name="part-title"),
        command_list(RequestState.commands, is_local=Shell.is_dev),
    )
    return card(
        rx.el.div(
            rx.icon("circle-check", size=20, class_name="tone-ok shrink-0", aria_hidden="true"),
            rx.el.p(RequestState.outcome, class_name="outcome", data_testid="request-outcome"),
            rx.cond(RequestState.is_there, link, rx.fragment()),
            rx.cond(RequestState.export_href != "", _export(), rx.fragment()),
            class_name="outcome-row",
        ),
        rx.cond(RequestState.commands, ways_in, rx.fragment()),
        test_id="request-ready",
        class_name="span-12 outcome-card",
    )


def _failed() -> rx.Component:
    again = rx.cond(
        RequestState.is_provision & Shell.may_request,
        rx.link(
            "Edit and resubmit",
            href=f"/new?from=request:{RequestState.line.request_id}",
            class_name="button button-primary",
            data_testid="request-resubmit",
        ),
        rx.fragment(),
    )
    return card(
        rx.el.div(
            rx.icon("octagon-x", size=20, class_name="tone-bad shrink-0", aria_hidden="true"),
            rx.el.p(RequestState.outcome, class_name="outcome", data_testid="request-outcome"),
            _retry(),
            again,
            class_name="outcome-row",
        ),
        action_reason(
            rx.cond(RequestState.steering.can_retry, RequestState.steering.reason, ""),
            test_id="retry-reason",
        ),
        error_card(RequestState.failure),
        test_id="request-failed",
        class_name="span-12 outcome-card",
    )


def _retry() -> rx.Component:
    button = action_button(
        "Retry",
        "rotate-cw",
        Deciding.retry(RequestState.line.request_id),
        test_id="request-retry",
        reason=RequestState.steering.reason,
        is_busy=Deciding.is_busy,
    )
    return rx.cond(RequestState.steering.can_retry, button, rx.fragment())


def _cancel() -> rx.Component:
    """Ask once before a request is stopped; say what the stop does."""
    keep = rx.alert_dialog.cancel(
        rx.el.button("Keep it", type="button", class_name="button", data_testid="cancel-keep")
    )
    question = rx.alert_dialog.content(
        rx.alert_dialog.title(f"Cancel the request for {RequestState.line.namespace}"),
        rx.alert_dialog.description(
            RequestState.steering.effect, class_name="card-note dialog-note"
        ),
        rx.el.div(
            keep,
            action_button(
                "Cancel request",
                "ban",
                Deciding.cancel(RequestState.line.request_id),
                test_id="cancel-confirm",
                look="danger",
            ),
            class_name="dialog-actions",
        ),
        on_close_auto_focus=Deciding.give_back_focus,
        max_width="460px",
    )
    return rx.cond(
        RequestState.steering.can_cancel,
        rx.el.div(
            rx.alert_dialog.root(
                question, open=Deciding.is_cancelling, on_open_change=Deciding.ask_cancel
            ),
            action_button(
                "Cancel request",
                "ban",
                Deciding.ask_cancel(True),
                test_id="request-cancel",
                reason=RequestState.steering.reason,
                is_busy=Deciding.is_busy,
            ),
            action_reason(RequestState.steering.reason, test_id="cancel-reason"),
            class_name="page-actions",
        ),
        rx.fragment(),
    )


def _approval() -> rx.Component:
    block = card(
        decision_panel(RequestState.approval),
        title="Approval",
        test_id="request-approval",
        class_name="span-12",
    )
    return rx.cond(RequestState.approval.request_id != "", block, rx.fragment())


def _correlation() -> rx.Component:
    copy = rx.el.button(
        rx.icon("copy", size=16, aria_hidden="true"),
        type="button",
        class_name="icon-button",
        aria_label="Copy the correlation id",
        on_click=[
            rx.set_clipboard(RequestState.correlation_id),
            rx.toast("Copied the correlation id."),
        ],
        data_testid="correlation-copy",
    )
    return rx.el.p(
        "Correlation id ",
        rx.el.span(RequestState.correlation_id, class_name="mono", data_testid="correlation-id"),
        copy,
        class_name="card-note asked-foot copy-row",
    )


def _changed() -> rx.Component:
    shown = rx.el.div(
        rx.el.h3("What changes", class_name="part-title"),
        difference_list(RequestState.changed, note="", area="diff"),
        class_name="part",
    )
    return rx.cond(RequestState.changed, shown, rx.fragment())


def _asked() -> rx.Component:
    return card(
        _changed(),
        fact_list(RequestState.facts, area="asked"),
        rx.cond(
            RequestState.justification != "",
            rx.el.p("Why: ", RequestState.justification, class_name="card-note"),
            rx.fragment(),
        ),
        _correlation(),
        title="What was asked",
        test_id="request-asked",
        class_name="span-5",
    )


def _body() -> rx.Component:
    trail = rx.cond(
        RequestState.is_provision,
        stepper(
            "progress",
            rx.cond(RequestState.is_completed, len(WIZARD_STEPS), len(WIZARD_STEPS) - 1),
            is_linked=False,
        ),
        rx.fragment(),
    )
    end = rx.cond(
        RequestState.is_completed,
        _ready(),
        rx.cond(RequestState.line.status == "failed", _failed(), rx.fragment()),
    )
    steps = card(
        step_timeline(RequestState.steps, as_of=RequestState.as_of),
        title="Steps",
        note="Each is recorded: after a crash the next run goes on where this one stopped",
        test_id="request-steps",
        class_name="span-7",
    )
    return rx.el.div(
        trail,
        _headline(),
        rx.cond(
            RequestState.line.is_running,
            waits_note("This request is kept, and starts or goes on when it answers."),
            rx.fragment(),
        ),
        _cancel(),
        rx.el.div(end, _approval(), steps, _asked(), class_name="grid"),
        data_testid="wizard-step-progress",
    )


def request() -> rx.Component:
    """Build the page of one request."""
    absent = absent_card(
        RequestState.problem.message,
        RequestState.nearest,
        all_label="All requests",
        all_href="/requests",
        all_id="to-requests",
        test_id="request-absent",
    )
    broken = rx.cond(
        RequestState.problem.code == "NOT_FOUND", absent, page_problem(RequestState.problem)
    )
    loading = card(skeleton_rows(9), test_id="request-loading")
    return frame(
        rx.cond(
            RequestState.problem.code != "",
            broken,
            rx.cond(RequestState.is_loaded, _body(), loading),
        ),
        title=RequestState.title,
        active="requests",
        announcement=RequestState.announcement,
    )
