"""The rows of cleanup for owners and leads: why, what comes next, and Keep."""

import reflex as rx

from ...cleanup.candidates import MAX_REASON, MIN_REASON
from ..components.action import action_button
from ..components.card import card
from ..components.fields import text_area
from ..components.focus import focus_on
from ..components.instant import relative_time
from .state import KEEP_DAYS, REASON, Keeping
from .transform import KeepLine

__all__ = ["keep_banner", "keep_card"]


def _next(line: KeepLine) -> rx.Component:
    """What a plan does to it, and when."""
    return rx.cond(
        line.next_word != "",
        rx.el.p(
            line.next_word,
            " ",
            relative_time(line.due_at, test_id=f"keep-{line.name}-due"),
            class_name="line-note",
        ),
        rx.fragment(),
    )


def _answer(line: KeepLine) -> rx.Component:
    """The button, or in which words it is kept already."""
    button = action_button(
        "Keep",
        "shield-check",
        Keeping.begin(line.name),
        test_id=f"keep-{line.name}",
        reason=line.why_not,
    )
    said = rx.el.p(line.kept, class_name="line-note", data_testid=f"keep-{line.name}-said")
    return rx.cond(line.kept != "", said, button)


def _line(line: KeepLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.link(
                line.name,
                href=line.href,
                class_name="line-link mono",
                data_testid=f"keep-{line.name}-link",
            ),
            rx.el.p(line.evidence, " · owner ", line.owner, class_name="line-note wraps"),
            _next(line),
            class_name="line-main",
        ),
        _answer(line),
        key=line.name,
        class_name="line line-wrap",
        data_testid=f"keep-row-{line.name}",
    )


def _dialog() -> rx.Component:
    """Ask why, in one's own words: whoever looks for something to remove reads it."""
    cancel = rx.dialog.close(
        rx.el.button("Cancel", type="button", class_name="button", data_testid="dialog-cancel")
    )
    submit = action_button(
        f"Keep for {KEEP_DAYS} days", "shield-check", Keeping.keep, test_id="keep-submit",
        is_busy=Keeping.is_busy, look="primary",
    )  # fmt: skip
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(f"Keep {Keeping.name}", custom_attrs={"as": "h2"}),
            rx.dialog.description(
                f"No plan of cleanup touches it for {KEEP_DAYS} days. Who keeps it and why stands "
                "on the cleanup page and in the audit log.",
                class_name="card-note dialog-note",
            ),
            text_area(
                REASON,
                "Why it is wanted",
                Keeping.reason,
                edit=Keeping.edit,
                leave=Keeping.leave,
                help_text=f"{MIN_REASON} to {MAX_REASON} characters.",
                error=Keeping.error,
            ),
            rx.el.div(cancel, submit, class_name="dialog-actions"),
            max_width="480px",
            on_close_auto_focus=focus_on(f"keep-{Keeping.name}"),
            data_testid="dialog-keep",
        ),
        open=Keeping.is_open,
        on_open_change=Keeping.close,
    )


def keep_card(lines: list[KeepLine]) -> rx.Component:
    """List a team's candidates; nothing at all where there is none."""
    shown = card(
        rx.el.ul(rx.foreach(lines, _line), class_name="lines"),
        title="May be cleaned up",
        note=f"Keep what is wanted: cleanup then leaves it alone for {KEEP_DAYS} days",
        test_id="keep-card",
        class_name="span-12",
    )
    return rx.fragment(rx.cond(lines, shown, rx.fragment()), _dialog())


def _banner(line: KeepLine) -> rx.Component:
    return rx.el.div(
        rx.icon("sparkles", size=18, class_name="shrink-0", aria_hidden="true"),
        rx.el.div(
            rx.el.p(rx.el.strong("May be cleaned up:"), " ", line.evidence, "."),
            _next(line),
            class_name="line-main",
        ),
        _answer(line),
        class_name="banner banner-inside banner-warn line-wrap",
        role="note",
        key=line.name,
        data_testid="banner-cleanup",
    )


def keep_banner(lines: list[KeepLine]) -> rx.Component:
    """Say on a namespace's own page that cleanup has it in mind."""
    return rx.fragment(rx.foreach(lines, _banner), _dialog())
