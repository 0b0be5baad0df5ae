"""What became of a headline number: an arrow and words, or why nothing is compared."""

import reflex as rx

from .changes import Change
from .transform import Stat

__all__ = ["change_line"]


def _arrow(change: Change) -> rx.Component:
    def icon(name: str) -> rx.Component:
        return rx.icon(name, size=14, aria_hidden="true", class_name="shrink-0")

    return rx.match(
        change.way, ("up", icon("arrow-up")), ("down", icon("arrow-down")), icon("equal")
    )


def change_line(stat: Stat, *, test_id: str) -> rx.Component:
    """Build the line below a headline number."""

    def part(change: Change) -> rx.Component:
        return rx.el.span(
            _arrow(change),
            change.text,
            " ",
            key=change.key,
            class_name=f"stat-change-part tone-{change.tone}",
            data_testid=f"{test_id}-change-{change.key}",
            data_value=change.raw,
            data_state=change.way,
        )

    return rx.el.p(
        rx.foreach(stat.changes[:1], part),
        rx.cond(
            stat.against != "",
            rx.el.span(stat.against, data_testid=f"{test_id}-against"),
            rx.fragment(),
        ),
        class_name="stat-change num",
    )
