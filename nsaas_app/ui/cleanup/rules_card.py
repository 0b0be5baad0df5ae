"""Rules: which reasons people are told of by themselves, and the switch of each."""

import reflex as rx

from ..components.card import card
from ..components.instant import relative_time
from .acting import CleanupActing
from .rule_rows import RuleLine
from .state import CleanupState

__all__ = ["rules_card"]


def _line(line: RuleLine) -> rx.Component:
    area = f"rule-{line.reason}"
    switch = rx.el.button(
        rx.cond(
            line.is_on,
            rx.icon("bell-off", size=16, aria_hidden="true"),
            rx.icon("bell", size=16, aria_hidden="true"),
        ),
        rx.cond(line.is_on, "Turn off", "Turn on"),
        rx.el.span(f" the rule {line.title}", class_name="sr-only"),
        type="button",
        on_click=CleanupActing.switch_rule(line.reason),
        disabled=CleanupActing.is_busy,
        class_name="button",
        data_testid=area,
    )
    ran = rx.cond(
        line.last_run_at != "",
        rx.el.span("Last ", relative_time(line.last_run_at, test_id=f"{area}-ran")),
        rx.fragment(),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(line.title, class_name="line-name"),
            rx.el.p(
                rx.el.span(line.pace, data_testid=f"{area}-pace"), " ", ran, class_name="line-note"
            ),
            class_name="line-main",
        ),
        rx.cond(CleanupState.may_run, switch, rx.fragment()),
        key=line.reason,
        class_name="line line-wrap",
        data_state=rx.cond(line.is_on, "on", "off"),
        data_testid=f"{area}-line",
    )


def rules_card() -> rx.Component:
    """Show every rule."""
    return card(
        rx.el.ul(rx.foreach(CleanupState.rules, _line), class_name="lines"),
        title="Rules",
        note="A rule tells owners and leads, and does nothing else. A person confirms the rest.",
        test_id="rules-card",
    )
