"""The approval of a request: why, by whom, until when, and the two buttons."""

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.fields import SETTLE_MS, field_frame
from ..components.instant import clock_time, relative_time
from ..components.status import status_badge
from ..shell.waiting import waits_note
from .state import Deciding
from .transform import ApprovalView, DecisionLine, QuestionLine

__all__ = ["approval_facts", "decision_panel"]


def _decision(line: DecisionLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(line.actor, " ", line.role, class_name="line-name"),
            rx.cond(
                line.comment != "", rx.el.p(line.comment, class_name="line-note"), rx.fragment()
            ),
            class_name="line-main",
        ),
        relative_time(line.at, test_id=f"decision-at-{line.actor}"),
        status_badge(
            line.word, line.tone, test_id=f"decision-{line.actor}", raw=line.verdict, as_of=line.at
        ),
        key=line.actor,
        class_name="line line-wrap",
    )


def _question(line: QuestionLine) -> rx.Component:
    answer = rx.el.p(
        rx.el.span("Answered: ", class_name="line-name"),
        rx.el.span(line.answer, data_testid="question-answer"),
        " ",
        relative_time(line.answered_at, test_id=f"answered-{line.key}"),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(line.actor, " asks: ", class_name="line-name"),
                rx.el.span(line.text, data_testid="question-text"),
                " ",
                relative_time(line.at, test_id=f"asked-{line.key}"),
            ),
            rx.cond(
                line.answered_at != "",
                answer,
                rx.el.p("Not answered yet.", class_name="line-note", data_testid="question-open"),
            ),
            class_name="line-main",
        ),
        key=line.key,
        class_name="line line-wrap",
    )


def _answer_form(view: ApprovalView) -> rx.Component:
    error = rx.cond(Deciding.about == view.request_id, Deciding.error, "")
    return rx.el.form(
        field_frame(
            "answer",
            "Your answer",
            rx.el.textarea(
                name="answer",
                id="field_answer",
                class_name="control control-tall",
                rows="2",
                max_length=1000,
                aria_describedby="help_answer error_answer",
                aria_invalid=rx.cond(error != "", "true", "false"),
                data_testid="field-answer",
            ),
            help_text="The approver reads it; the request goes on waiting.",
            error=error,
        ),
        rx.el.button(
            "Answer",
            type="submit",
            class_name="button button-primary",
            data_testid="answer",
        ),
        on_submit=Deciding.answer(view.request_id),
    )


def approval_facts(view: ApprovalView) -> rx.Component:
    """Say why approval is needed, who is still to give it, until when, and who has spoken."""

    def row(term: str, value: rx.Component) -> rx.Component:
        return rx.el.div(rx.el.dt(term), rx.el.dd(value), class_name="fact fact-ruled")

    waits = row("Waits for", rx.el.span(view.waits_for, data_testid="approval-waits-for"))
    until = row(
        "Decide until",
        rx.el.span(
            clock_time(view.expires_at, test_id="approval-expires"),
            ", ",
            relative_time(view.expires_at, test_id="approval-expires-in"),
        ),
    )
    return rx.fragment(
        rx.el.dl(
            row("Why approval", rx.el.span(view.why, data_testid="approval-why")),
            rx.cond(view.is_waiting, rx.fragment(waits, until), rx.fragment()),
            class_name="facts",
        ),
        rx.el.ul(rx.foreach(view.decisions, _decision), class_name="lines"),
        rx.cond(
            view.questions,
            rx.el.div(
                rx.el.h3("Questions", class_name="part-title"),
                rx.el.ul(rx.foreach(view.questions, _question), class_name="lines"),
                rx.cond(view.may_answer, _answer_form(view), rx.fragment()),
                class_name="part",
            ),
            rx.fragment(),
        ),
    )


def _comment(view: ApprovalView) -> rx.Component:
    error = rx.cond(Deciding.about == view.request_id, Deciding.error, "")
    control = rx.debounce_input(
        rx.el.textarea(
            id="field_comment",
            value=rx.cond(Deciding.about == view.request_id, Deciding.comment, ""),
            on_change=lambda text: Deciding.write(view.request_id, text),
            class_name="control control-tall",
            rows="2",
            aria_describedby="help_comment error_comment",
            aria_invalid=rx.cond(error != "", "true", "false"),
            data_testid="field-comment",
        ),
        debounce_timeout=SETTLE_MS,
    )
    return field_frame(
        "comment",
        "Comment",
        control,
        help_text="Required to reject and to ask: the requester reads it.",
        error=error,
    )


def decision_panel(view: ApprovalView) -> rx.Component:
    """Offer the decision while it is due."""
    buttons = rx.el.div(
        action_button(
            "Approve",
            "check",
            Deciding.approve(view.request_id),
            test_id="approve",
            reason=view.reason,
            is_busy=Deciding.is_busy,
            look="primary",
        ),
        action_button(
            "Reject",
            "x",
            Deciding.reject(view.request_id),
            test_id="reject",
            reason=view.reason,
            is_busy=Deciding.is_busy,
        ),
        action_button(
            "Ask",
            "message-circle-question",
            Deciding.ask(view.request_id),
            test_id="ask",
            reason=view.ask_reason,
            is_busy=Deciding.is_busy,
        ),
        class_name="button-row",
    )
    form = rx.el.div(
        waits_note("A decision counts now; what is approved starts when it answers."),
        rx.cond(view.reason == "", _comment(view), rx.fragment()),
        buttons,
        action_reason(view.reason, test_id="decide-reason"),
        class_name="decide",
    )
    return rx.fragment(approval_facts(view), rx.cond(view.is_waiting, form, rx.fragment()))
