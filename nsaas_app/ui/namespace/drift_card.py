"""The drift of a namespace: what differs, from what, and what becomes of it."""

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.status import status_badge
from ..shell.state import Shell
from .acting import Acting
from .standing import DriftLine
from .state import NamespacePage

__all__ = ["drift_card"]


def _line(line: DriftLine) -> rx.Component:
    asked = rx.el.ins(
        rx.el.span("Asked ", class_name="diff-term"), line.desired, class_name="diff diff-added"
    )
    seen = rx.el.del_(
        rx.el.span("Seen ", class_name="diff-term"), line.observed, class_name="diff diff-removed"
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(line.object, class_name="mono line-name"),
            rx.el.span(line.path, class_name="mono line-took drift-path"),
            status_badge(
                line.word,
                line.tone,
                test_id=f"drift-remedy-{line.key}",
                raw=line.remedy,
                as_of=Shell.as_of,
            ),
            class_name="drift-head",
        ),
        rx.el.div(asked, seen, class_name="mono drift-sides"),
        rx.el.p(line.text, class_name="line-note"),
        key=line.key,
        class_name="drift",
        data_testid=f"drift-{line.key}",
        data_state=line.remedy,
    )


def drift_card() -> rx.Component:
    """Show every difference; nothing when all is as asked."""
    shown = card(
        rx.el.ul(rx.foreach(NamespacePage.drift, _line), class_name="lines"),
        action_reason(NamespacePage.actions.repair, test_id="repair-reason"),
        title="Drift",
        action=action_button(
            "Repair",
            "wrench",
            Acting.repair,
            test_id="action-repair",
            reason=NamespacePage.actions.repair,
            is_busy=Acting.is_busy,
        ),
        note="Where the cluster differs from what was asked, found on the watch event",
        test_id="namespace-drift",
        class_name="span-12",
    )
    return rx.cond(NamespacePage.drift, shown, rx.fragment())
