"""The error card: what happened, why, how to fix it, who can, and the cluster's own words."""

import reflex as rx

from ..problems import FixAction, Problem

__all__ = ["error_card"]


def _row(term: str, value: str, *, test_id: str, mono: bool = False) -> rx.Component:
    return rx.cond(
        value != "",
        rx.el.div(
            rx.el.dt(term),
            rx.el.dd(value, class_name="mono" if mono else "", data_testid=test_id),
            class_name="fact",
        ),
    )


def _correlation(value: str) -> rx.Component:
    """Show the id that every log line of it carries, to hand on."""
    copy = rx.el.button(
        rx.icon("copy", size=16, aria_hidden="true"),
        type="button",
        class_name="icon-button",
        aria_label="Copy the correlation id",
        on_click=[rx.set_clipboard(value), rx.toast("Copied the correlation id.")],
        data_testid="error-correlation-copy",
    )
    return rx.cond(
        value != "",
        rx.el.div(
            rx.el.dt("Correlation id"),
            rx.el.dd(
                rx.el.span(value, class_name="mono", data_testid="error-correlation"),
                copy,
                class_name="copy-row",
            ),
            class_name="fact",
        ),
    )


def _fix(action: FixAction) -> rx.Component:
    return rx.link(
        action.label,
        href=action.href,
        class_name="button",
        key=action.key,
        data_testid=f"error-fix-{action.key}",
    )


def error_card(problem: Problem, *actions: rx.Component) -> rx.Component:
    """Show a problem; nothing when there is none."""
    heading = rx.el.div(
        rx.icon("octagon-x", size=18, class_name="tone-bad shrink-0", aria_hidden="true"),
        rx.el.p(problem.message, class_name="problem-title", data_testid="error-message"),
        class_name="problem-head",
    )
    facts = rx.el.dl(
        _row("Cause", problem.cause, test_id="error-cause"),
        _row("Fix", problem.fix, test_id="error-fix"),
        _row("Who can fix", problem.who, test_id="error-who"),
        _row("Code", problem.code, test_id="error-code", mono=True),
        _correlation(problem.correlation_id),
        class_name="facts",
    )
    words = rx.cond(
        problem.raw != "",
        rx.el.details(
            rx.el.summary("What the cluster said", data_testid="error-raw-toggle"),
            rx.el.pre(problem.raw, class_name="raw", data_testid="error-raw"),
            class_name="problem-raw",
        ),
    )
    return rx.cond(
        problem.code != "",
        rx.el.div(
            heading,
            facts,
            words,
            rx.el.div(rx.foreach(problem.actions, _fix), *actions, class_name="problem-actions"),
            class_name="problem",
            role="group",
            aria_label="Problem",
            data_testid="error-card",
        ),
    )
