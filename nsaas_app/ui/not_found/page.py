"""The page for addresses that lead nowhere."""

import reflex as rx

from ..shell.absent import absent_card
from ..shell.frame import frame
from .state import NotFoundState

__all__ = ["not_found"]


def not_found() -> rx.Component:
    """Build the not-found page."""
    return frame(
        absent_card(
            "There is nothing at this address, or it is not yours.",
            NotFoundState.nearest,
            all_label="Go to overview",
            all_href="/",
            all_id="not-found-home",
            test_id="not-found-card",
        ),
        title="Not found",
        active="",
        needs_team=False,
    )
