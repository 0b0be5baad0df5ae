"""The dialog that asks before something is done with one or several namespaces."""

import reflex as rx

from ..components.action import action_button
from ..components.facts import fact_list
from ..components.fields import text_area, text_field
from ..components.focus import focus_on
from ..components.status import tone_icon
from ..shell.waiting import waits_note
from .bulk import Bulk, Outcome
from .offers import Target
from .state import BULK, NamespacesState

__all__ = ["bulk_dialog"]


def _outcome(outcome: Outcome) -> rx.Component:
    return rx.el.li(
        rx.cond(outcome.is_accepted, tone_icon("ok"), tone_icon("bad")),
        rx.el.div(
            rx.el.span(outcome.name, class_name="mono line-name"),
            rx.el.p(outcome.message, class_name="line-note"),
            class_name="line-main",
        ),
        rx.cond(
            outcome.href != "",
            rx.link(
                "Open request",
                href=outcome.href,
                data_testid=f"bulk-request-{outcome.name}",
            ),
            rx.fragment(),
        ),
        key=outcome.name,
        class_name="line",
        data_testid=f"bulk-outcome-{outcome.name}",
        data_state=rx.cond(outcome.is_accepted, "accepted", "refused"),
    )


def _left_out(target: Target) -> rx.Component:
    return rx.el.li(
        rx.el.span(target.name, class_name="mono"),
        ": ",
        target.reason,
        key=target.name,
        data_testid=f"bulk-left-out-{target.name}",
    )


def _target(name: str) -> rx.Component:
    return rx.el.li(name, key=name, class_name="mono", data_testid=f"bulk-target-{name}")


def _asking() -> rx.Component:
    targets = rx.el.ul(rx.foreach(Bulk.targets, _target), class_name="rules")
    left_out = rx.cond(
        Bulk.left_out,
        rx.el.div(
            rx.el.h3("Left out", class_name="part-title"),
            rx.el.ul(rx.foreach(Bulk.left_out, _left_out), class_name="rules"),
            class_name="part",
        ),
        rx.fragment(),
    )
    impact = rx.cond(
        Bulk.impact,
        rx.el.div(
            rx.el.h3("What is inside, all together", class_name="part-title"),
            fact_list(Bulk.impact, area="bulk-impact"),
            class_name="part part-last",
        ),
        rx.fragment(),
    )
    days = text_field(
        "days", "Lifetime in days, from now", Bulk.form["days"], edit=Bulk.edit, leave=Bulk.leave,
        help_text="Each environment has its own limit; one that is beyond it is refused alone.",
        error=Bulk.errors["days"], input_mode="numeric",
    )  # fmt: skip
    why = text_area(
        "justification", "Why", Bulk.form["justification"], edit=Bulk.edit, leave=Bulk.leave,
        help_text="Needed where somebody must approve.", error=Bulk.errors["justification"],
    )  # fmt: skip
    confirm = text_field(
        "confirm", f"Type {Bulk.phrase} to confirm", Bulk.form["confirm"], edit=Bulk.edit,
        leave=Bulk.leave, help_text="Pasting it is fine.", error=Bulk.errors["confirm"],
        is_mono=True,
    )  # fmt: skip
    return rx.fragment(
        targets,
        left_out,
        impact,
        rx.cond(
            Bulk.targets,
            rx.fragment(
                rx.cond(Bulk.action == "renew", rx.fragment(days, why), rx.fragment()),
                rx.cond(Bulk.phrase != "", confirm, rx.fragment()),
            ),
            rx.fragment(),
        ),
    )


def _buttons() -> rx.Component:
    done = rx.dialog.close(
        rx.el.button(
            "Done", type="button", class_name="button button-primary", data_testid="bulk-done"
        )
    )
    cancel = rx.dialog.close(
        rx.el.button("Cancel", type="button", class_name="button", data_testid="dialog-cancel")
    )
    renew = action_button(
        "Renew", "calendar-plus", Bulk.submit, test_id="bulk-submit", is_busy=Bulk.is_busy,
        look="primary",
    )  # fmt: skip
    release = action_button(
        "Release", "archive", Bulk.submit, test_id="bulk-submit", is_busy=Bulk.is_busy,
        look="danger",
    )  # fmt: skip
    sleep = action_button(
        "Sleep", "moon", Bulk.submit, test_id="bulk-submit", is_busy=Bulk.is_busy, look="primary",
    )  # fmt: skip
    wake = action_button(
        "Wake", "sun", Bulk.submit, test_id="bulk-submit", is_busy=Bulk.is_busy, look="primary",
    )  # fmt: skip
    ask = rx.match(Bulk.action, ("renew", renew), ("sleep", sleep), ("wake", wake), release)
    return rx.el.div(
        rx.cond(
            Bulk.outcomes,
            done,
            rx.fragment(cancel, rx.cond(Bulk.targets, ask, rx.fragment())),
        ),
        class_name="dialog-actions",
    )


def bulk_dialog() -> rx.Component:
    """Show what it would mean, ask, and tell how each one was taken."""
    renewing = "Puts the end of the lifetime off: one request for each."
    releasing = (
        "Everybody loses access at once; each can be restored until its grace period is over. "
        "One request each."
    )
    sleeping = (
        "What runs is scaled to zero until somebody wakes it, and comes back exactly as it was. "
        "One request each."
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(Bulk.heading, custom_attrs={"as": "h2"}),
            rx.dialog.description(
                rx.match(
                    Bulk.action,
                    ("renew", renewing),
                    ("sleep", sleeping),
                    ("wake", "What sleeps comes back as it was: one request each."),
                    releasing,
                ),
                class_name="card-note dialog-note",
            ),
            waits_note(),
            rx.cond(
                Bulk.outcomes,
                rx.el.ul(rx.foreach(Bulk.outcomes, _outcome), class_name="lines"),
                _asking(),
            ),
            _buttons(),
            max_width="600px",
            on_close_auto_focus=focus_on(Bulk.opener),
            data_testid="bulk-dialog",
        ),
        open=(Bulk.action != "") & (NamespacesState.asked == BULK),
        on_open_change=Bulk.close,
    )
