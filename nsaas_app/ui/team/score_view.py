"""The scorecard section: each rule, its result, and how to improve."""

import reflex as rx

from ..components.card import card
from ..components.skeleton import skeleton_rows
from ..components.status import tone_icon
from .scores import RuleLine
from .state import TeamState

__all__ = ["score_tab"]


def _rule(line: RuleLine) -> rx.Component:
    improve = rx.el.p(
        rx.icon("arrow-right", size=14, class_name="shrink-0", aria_hidden="true"),
        rx.link(line.improve, href=line.href, data_testid=f"rule-{line.key}-improve"),
        class_name="field-help",
    )
    return rx.el.li(
        tone_icon(line.tone, size=18),
        rx.el.div(
            rx.el.p(line.title, class_name="line-name"),
            rx.el.p(line.result, class_name="line-note", data_testid=f"rule-{line.key}-result"),
            rx.cond(line.improve != "", improve, rx.fragment()),
            class_name="line-main",
        ),
        rx.el.span(rx.match(line.state, ("kept", "Kept"), ("broken", "Not kept"), "Unknown")),
        rx.el.span(line.points, class_name="num line-took"),
        key=line.key,
        class_name="line line-wrap",
        data_testid=f"rule-{line.key}",
        data_state=line.state,
    )


def score_tab() -> rx.Component:
    """Build the section."""
    number = rx.cond(
        TeamState.score != "",
        rx.fragment(TeamState.score, rx.el.span(" of 100", class_name="stat-unit")),
        rx.el.span("No data yet", class_name="stat-empty"),
    )
    content = rx.fragment(
        rx.el.p(
            number, class_name="stat-value num", data_testid="team-score",
            data_value=TeamState.score,
        ),
        rx.el.ul(rx.foreach(TeamState.rules, _rule), class_name="lines"),
    )  # fmt: skip
    return card(
        rx.cond(TeamState.rules, content, skeleton_rows(8)),
        title="Scorecard",
        note=rx.el.span(
            TeamState.rules_counted, ". Each counts its points; what cannot be judged counts "
            "neither way.",
        ),
        test_id="team-scorecard",
    )  # fmt: skip
