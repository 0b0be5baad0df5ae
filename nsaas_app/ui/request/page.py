"""One request: status, live steps, what was asked, and how to get in when it is done."""

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.difference import difference_list
from ..components.facts import fact_list
from ..components.instant import MINUTES, clock_time
from ..components.request_line import request_status
from ..components.skeleton import skeleton_rows
from ..components.status import environment_tag
from ..components.stepper import WIZARD_STEPS, stepper
from ..components.timeline import step_timeline
from ..decisions.panel import decision_panel
from ..decisions.state import Deciding
from ..shell.absent import absent_card
from ..shell.frame import frame
from ..shell.trouble import page_problem
from ..shell.waiting import waits_note
from .ending import ask_help, failed, paused, ready
from .state import RequestState

__all__ = ["request"]


def _fact(term: str | rx.Var[str], *value: rx.Component | str) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(*value), class_name="headline-fact")


def _elapsed() -> rx.Component:
    running = rx.moment(
        RequestState.since,
        duration_from_now=True,
        interval=1000,
        format=f"m{MINUTES} s[ s]",
        trim="both",
    )
    return rx.el.span(
        rx.cond(RequestState.line.is_running, running, RequestState.line.took),
        class_name="num elapsed",
        data_testid="request-duration",
        data_value=RequestState.line.took,
        data_as_of=RequestState.as_of,
    )


def _headline() -> rx.Component:
    return rx.el.dl(
        _fact(
            "Status",
            request_status(RequestState.line, test_id="request-status", as_of=RequestState.as_of),
        ),
        rx.cond(
            RequestState.line.progress != "",
            _fact(
                rx.cond(RequestState.approval.is_waiting, "Usual wait", "Now"),
                rx.el.span(RequestState.line.progress, data_testid="request-progress"),
            ),
            rx.fragment(),
        ),
        _fact("Time", _elapsed()),
        _fact("Usual time", rx.cond(RequestState.usual != "", RequestState.usual, "No data yet")),
        _fact("Team", RequestState.line.team),
        _fact("Environment", environment_tag(RequestState.line.environment)),
        _fact("Asked by", RequestState.line.requested_by),
        _fact("Asked at", clock_time(RequestState.line.created_at, test_id="request-created")),
        class_name="card headline",
    )


def _cancel() -> rx.Component:
    """Ask once before a request is stopped; say what the stop does."""
    keep = rx.alert_dialog.cancel(
        rx.el.button("Keep it", type="button", class_name="button", data_testid="cancel-keep")
    )
    question = rx.alert_dialog.content(
        rx.alert_dialog.title(
            f"Cancel the request for {RequestState.line.namespace}", custom_attrs={"as": "h2"}
        ),
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
        rx.fragment(
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


def _document() -> rx.Component:
    """Show what was asked as the document that `nsaas apply` takes."""
    copy = rx.el.button(
        rx.icon("copy", size=16, aria_hidden="true"),
        "Copy",
        type="button",
        class_name="button",
        on_click=[rx.set_clipboard(RequestState.document), rx.toast("Copied the document.")],
        data_testid="asked-yaml-copy",
    )
    return rx.el.details(
        rx.el.summary("As YAML", data_testid="asked-yaml-toggle"),
        rx.el.pre(RequestState.document, class_name="raw", tab_index=0, data_testid="asked-yaml"),
        copy,
        class_name="fold",
    )


def _copy_link() -> rx.Component:
    return rx.el.button(
        rx.icon("link", size=16, aria_hidden="true"),
        "Copy link",
        type="button",
        class_name="button",
        on_click=[rx.set_clipboard(RequestState.link), rx.toast("Copied the link.")],
        data_testid="request-copy-link",
    )


def _asked() -> rx.Component:
    return card(
        _changed(),
        fact_list(RequestState.facts, area="asked"),
        rx.cond(
            RequestState.justification != "",
            rx.el.p("Why: ", RequestState.justification, class_name="card-note asked-foot"),
            rx.fragment(),
        ),
        _document(),
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
        ready(),
        rx.cond(RequestState.line.status == "failed", failed(), paused()),
    )
    steps = card(
        step_timeline(RequestState.steps, ask_help(), as_of=RequestState.as_of),
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
        rx.el.div(_cancel(), _copy_link(), class_name="page-actions"),
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
