"""Wishes for a larger budget: what is asked for and why, and the two answers."""

import reflex as rx

from ..components.action import action_button
from ..components.instant import relative_time
from ..components.status import tone_icon
from ..team_forms.state import TeamForm
from .asks import AskLine
from .state import TeamState

__all__ = ["ask_list"]


def _line(line: AskLine) -> rx.Component:
    fulfil = action_button(
        "Set this budget",
        "check",
        TeamForm.begin_fulfil(TeamState.name, line.ask_id),
        test_id=f"ask-fulfil-{line.ask_id}",
        reason=TeamState.why_not_edit,
    )
    decline = action_button(
        "Decline",
        "x",
        TeamForm.begin_decline(TeamState.name, line.ask_id),
        test_id=f"ask-decline-{line.ask_id}",
        reason=TeamState.why_not_edit,
    )
    return rx.el.li(
        tone_icon("waiting", size=18),
        rx.el.div(
            rx.el.p(
                rx.el.strong(line.asked_by),
                " asked ",
                relative_time(line.asked_at, test_id=f"ask-{line.ask_id}-at"),
                ": ",
                rx.el.span(line.wanted, class_name="num"),
            ),
            rx.el.p(line.reason, class_name="line-note wraps"),
            class_name="line-main",
        ),
        fulfil,
        decline,
        key=line.ask_id,
        class_name="line line-wrap",
        data_testid=f"ask-{line.ask_id}",
    )


def ask_list() -> rx.Component:
    """List what waits for a platform admin; nothing at all where nothing does."""
    return rx.cond(
        TeamState.asks,
        rx.el.ul(
            rx.foreach(TeamState.asks, _line),
            class_name="lines asks",
            aria_label="Asked for",
            data_testid="budget-asks",
        ),
        rx.fragment(),
    )
