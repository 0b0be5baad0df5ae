"""A piece of evidence: what was seen, and on demand the limit, the source and the time."""

import reflex as rx

from ..components.instant import clock_time, relative_time
from .transform import Chip

__all__ = ["evidence_chip"]


def _fact(term: str, *value: rx.Component | str) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(*value), class_name="fact")


def evidence_chip(chip: Chip, name: str) -> rx.Component:
    """Show the value; a click, a tap or a key opens what it rests on."""
    area = f"evidence-{name}-{chip.key}"
    since = _fact("Since", relative_time(chip.since, test_id=f"{area}-since"))
    facts = rx.el.dl(
        _fact("Limit", chip.threshold),
        _fact("Source", chip.source),
        _fact("Seen", clock_time(chip.seen_at, test_id=f"{area}-seen", shape="D MMM, HH:mm:ss")),
        rx.cond(chip.since != "", since, rx.fragment()),
        class_name="facts",
    )
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                rx.icon("info", size=12, aria_hidden="true"),
                chip.text,
                type="button",
                class_name="evidence",
                data_testid=area,
            )
        ),
        rx.popover.content(facts, size="1", max_width="320px", aria_label=chip.text),
    )
