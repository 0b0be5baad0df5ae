"""Stuck deletions: what is in the way, the safe way out, and the last resort after its words."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from .acting import CleanupActing
from .state import CleanupState
from .stuck_rows import StuckLine

__all__ = ["stuck_card", "typed_field"]


def typed_field(name: str, label: str, area: str) -> rx.Component:
    """One line in which something about one namespace is typed to confirm it."""
    is_about = CleanupActing.about == name
    return rx.el.div(
        rx.el.label(label, html_for=f"field_{area}", class_name="field-label"),
        rx.debounce_input(
            rx.el.input(
                value=rx.cond(is_about, CleanupActing.name_typed, ""),
                on_change=lambda text: CleanupActing.write_name(name, text),
                id=f"field_{area}",
                auto_complete="off",
                class_name="control mono",
                data_testid=f"field-{area}",
            ),
            debounce_timeout=150,
        ),
        rx.el.p(
            rx.cond(is_about, CleanupActing.name_error, ""),
            class_name="field-error",
            data_testid=f"error-{area}",
        ),
        class_name="field",
    )


def _step(text: str) -> rx.Component:
    return rx.el.li(text)


def _line(line: StuckLine) -> rx.Component:
    words = rx.cond(
        line.raw != "",
        rx.el.details(
            rx.el.summary("What the cluster said", data_testid=f"stuck-raw-{line.key}"),
            rx.el.pre(line.raw, class_name="raw"),
        ),
        rx.fragment(),
    )
    return rx.el.li(
        rx.el.h3(rx.el.span(line.namespace, class_name="mono"), " · ", line.title),
        rx.cond(line.objects != "", rx.el.p(line.objects, class_name="mono wraps"), rx.fragment()),
        rx.el.ol(rx.foreach(line.steps, _step), class_name="way-out"),
        rx.el.pre(line.look, class_name="raw", data_testid=f"stuck-look-{line.key}"),
        words,
        key=line.key,
        class_name="part",
        data_testid=f"stuck-{line.key}",
    )


def _last_resort() -> rx.Component:
    """The portal never forces anything; it shows how, to who has read what stands above."""

    def row(line: StuckLine) -> rx.Component:
        return rx.el.li(
            rx.el.p(line.title),
            rx.el.pre(line.force, class_name="raw", data_testid=f"force-{line.key}"),
            key=line.key,
        )

    return rx.cond(
        CleanupActing.forced,
        rx.el.ul(rx.foreach(CleanupActing.forced, row), data_testid="stuck-forced"),
        rx.fragment(),
    )


def _ask(name: str) -> rx.Component:
    area = f"force-{name}"
    return rx.el.li(
        typed_field(name, f"Nothing above helps? Type force {name} to see the last resort", area),
        action_button(
            "Show the command", "terminal", CleanupActing.show_force(name), test_id=f"show-{area}",
            is_busy=CleanupActing.is_busy,
        ),
        key=name,
    )  # fmt: skip


def stuck_card() -> rx.Component:
    """Explain every deletion that does not end."""
    asks = rx.cond(
        CleanupState.may_run,
        rx.el.ul(rx.foreach(CleanupState.stuck_names, _ask)),
        rx.fragment(),
    )
    return rx.cond(
        CleanupState.stuck,
        card(
            rx.el.ul(rx.foreach(CleanupState.stuck, _line), class_name="lines"),
            asks,
            _last_resort(),
            title="Deletions that do not end",
            note="What is in the way and the way out. The portal removes no finalizer.",
            test_id="stuck-card",
        ),
        rx.fragment(),
    )
