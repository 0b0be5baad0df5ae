"""Beside what asks for a change: what becomes of it while the cluster does not answer."""

import reflex as rx

from .state import Shell

__all__ = ["waits_note"]


def waits_note(
    text: str = "What you ask for is accepted, and starts when it answers.",
) -> rx.Component:
    """Say it while the cluster is silent; nothing otherwise."""
    return rx.cond(
        Shell.liveness == "stale",
        rx.el.p(
            rx.icon("hourglass", size=16, class_name="tone-waiting shrink-0", aria_hidden="true"),
            rx.el.span("The cluster does not answer. ", text),
            class_name="verdict",
            role="status",
            data_testid="waits-for-cluster",
        ),
        rx.fragment(),
    )
