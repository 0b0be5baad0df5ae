"""Differences: each changed fact with what it was and what it becomes."""

import reflex as rx

from ..spec_diff import Difference
from .instant import clock_time

__all__ = ["difference_list"]


def _side(sign: str, text: str, instant: str, *, test_id: str) -> rx.Component:
    value = rx.cond(
        instant != "",
        clock_time(instant, test_id=test_id),
        rx.el.span(text, data_testid=test_id),
    )
    content = (rx.el.span(sign, class_name="diff-sign", aria_hidden="true"), value)
    if sign == "+":
        return rx.el.ins(*content, class_name="diff diff-added")
    return rx.el.del_(*content, class_name="diff diff-removed")


def _difference(one: Difference, area: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(one.term),
        rx.el.dd(
            _side("\u2212", one.before, one.before_instant, test_id=f"{area}-{one.key}-before"),
            _side("+", one.after, one.after_instant, test_id=f"{area}-{one.key}-after"),
        ),
        key=one.key,
        class_name="fact fact-ruled",
        data_testid=f"{area}-{one.key}",
    )


def difference_list(found: list[Difference], *, note: str, area: str) -> rx.Component:
    """Show what differs, and count what does not."""
    return rx.fragment(
        rx.el.p(note, class_name="card-note", data_testid=f"{area}-note")
        if not isinstance(note, str) or note
        else rx.fragment(),
        rx.cond(
            found,
            rx.el.dl(rx.foreach(found, lambda one: _difference(one, area)), class_name="facts"),
            rx.fragment(),
        ),
    )
