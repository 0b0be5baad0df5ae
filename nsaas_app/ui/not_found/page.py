"""The page for addresses that lead nowhere."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..shell.frame import frame

__all__ = ["not_found"]


def not_found() -> rx.Component:
    """Build the not-found page."""
    return frame(
        card(
            empty_state(
                "There is nothing at this address",
                "It does not exist, or it is not yours.",
                rx.link(
                    "Go to overview", href="/", class_name="button", data_testid="not-found-home"
                ),
                icon="compass",
                test_id="not-found",
            ),
            test_id="not-found-card",
        ),
        title="Not found",
        active="",
    )
