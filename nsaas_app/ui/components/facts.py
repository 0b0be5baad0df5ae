"""Facts: terms with their values, as a description list."""

import reflex as rx

from ..spec_views import Fact
from .instant import clock_time

__all__ = ["fact_list"]


def _fact(fact: Fact, area: str) -> rx.Component:
    value = rx.cond(
        fact.instant != "",
        clock_time(fact.instant, test_id=f"{area}-{fact.key}"),
        rx.el.span(fact.value, data_testid=f"{area}-{fact.key}", data_value=fact.value),
    )
    return rx.el.div(
        rx.el.dt(fact.term), rx.el.dd(value), key=fact.key, class_name="fact fact-ruled"
    )


def fact_list(facts: list[Fact], *, area: str) -> rx.Component:
    """Show facts, one per line."""
    return rx.el.dl(rx.foreach(facts, lambda fact: _fact(fact, area)), class_name="facts")
