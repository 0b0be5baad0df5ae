"""How a request ended or waits: ready, failed, or about to be tried again."""

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.command import command_list
from ..components.instant import clock_time, relative_time
from ..components.problem import error_card
from ..decisions.state import Deciding
from ..shell.state import Shell
from .state import RequestState

__all__ = ["ask_help", "failed", "paused", "ready"]


def _export() -> rx.Component:
    return rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        "Its manifests, without Secrets",
        href=RequestState.export_href,
        reload_document=True,
        class_name="button",
        data_testid="request-export",
    )


def _wake() -> rx.Component:
    return action_button("Wake", "sun", RequestState.wake, test_id="request-wake")


def ready() -> rx.Component:
    """Say that it is done, how long it took, and what to do next."""
    link = rx.link(
        "Open namespace",
        href=f"/namespaces/{RequestState.line.namespace}",
        class_name="button button-primary",
        data_testid="request-open-namespace",
    )
    ways_in = rx.fragment(
        rx.el.h2("What next", class_name="part-title"),
        command_list(RequestState.commands, is_local=Shell.is_dev),
    )
    return card(
        rx.el.div(
            rx.icon("circle-check", size=20, class_name="tone-ok shrink-0", aria_hidden="true"),
            rx.el.p(RequestState.outcome, class_name="outcome", data_testid="request-outcome"),
            rx.cond(RequestState.may_wake, _wake(), rx.fragment()),
            rx.cond(RequestState.is_there, link, rx.fragment()),
            rx.cond(RequestState.commands, _kubeconfig(), rx.fragment()),
            rx.cond(RequestState.export_href != "", _export(), rx.fragment()),
            class_name="outcome-row",
        ),
        rx.cond(RequestState.commands, ways_in, rx.fragment()),
        test_id="request-ready",
        class_name="span-12 outcome-card",
    )


def failed() -> rx.Component:
    """Say why it ended without success, what was taken back, and how to go on."""
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
        _taken_back(),
        error_card(RequestState.failure, ask_help()),
        test_id="request-failed",
        class_name="span-12 outcome-card",
    )


def ask_help() -> rx.Component:
    """Let somebody who cannot mend it ask those who can; say when that was done."""
    asked = rx.el.p(
        "Help was asked for ",
        relative_time(RequestState.help.asked_at, test_id="help-asked-at"),
        ".",
        class_name="card-note",
        data_testid="help-asked",
    )
    button = action_button(
        "Ask for help",
        "life-buoy",
        Deciding.ask_help(RequestState.line.request_id),
        test_id="error-ask",
        is_busy=Deciding.is_busy,
    )
    return rx.cond(
        RequestState.help.asked_at != "",
        asked,
        rx.cond(RequestState.help.may_ask, button, rx.fragment()),
    )


def _countdown() -> rx.Component:
    """Count the seconds down, for eyes alone: the clock time beside it says the same."""
    return rx.el.span(
        class_name="countdown num",
        key=RequestState.retry_at,
        style={"--from": RequestState.countdown_s},
        aria_hidden="true",
        data_testid="retry-countdown",
        data_value=RequestState.countdown_s,
    )


def paused() -> rx.Component:
    """Say that it goes on by itself, when, and let somebody go on now."""
    again = rx.el.p(
        "It waits for a better moment and tries again at ",
        clock_time(RequestState.retry_at, test_id="retry-at", shape="HH:mm:ss"),
        rx.cond(RequestState.countdown_s > 0, _countdown(), rx.fragment()),
        ".",
        class_name="outcome",
    )
    now = rx.el.p("It waited for a better moment and tries again now.", class_name="outcome")
    shown = card(
        rx.el.div(
            rx.icon("hourglass", size=20, class_name="tone-waiting shrink-0", aria_hidden="true"),
            rx.cond(RequestState.retry_at != "", again, now),
            _retry(),
            class_name="outcome-row",
        ),
        action_reason(RequestState.steering.reason, test_id="retry-reason"),
        test_id="request-paused",
        class_name="span-12 outcome-card",
    )
    return rx.cond(RequestState.is_paused, shown, rx.fragment())


def _taken_back() -> rx.Component:
    """List what the failed run had written and took back."""
    lines = rx.el.div(
        rx.el.h2("Taken back", class_name="part-title"),
        rx.el.ul(
            rx.foreach(RequestState.taken_back, lambda one: rx.el.li(one, key=one)),
            class_name="mono step-objects",
            data_testid="request-taken-back",
        ),
        class_name="part",
    )
    return rx.cond(RequestState.taken_back, lines, rx.fragment())


def _kubeconfig() -> rx.Component:
    return rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        "kubeconfig",
        href=f"/api/v1/namespaces/{RequestState.line.namespace}/kubeconfig",
        reload_document=True,
        class_name="button",
        data_testid="request-kubeconfig",
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
