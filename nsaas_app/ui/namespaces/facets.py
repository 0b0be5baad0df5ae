"""The values of one filter, each with the number of rows it would show."""

import reflex as rx

from .filters import FACETS
from .state import NamespacesState
from .transform import Facet, FacetValue

__all__ = ["facet_of", "facet_values"]


def facet_of(name: str) -> Facet:
    """The var of one filter."""
    found: Facet = getattr(NamespacesState, f"facet_{name}")
    return found


def _value(name: str, value: FacetValue) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.checkbox(
                checked=value.is_chosen,
                aria_label=value.label,
                on_change=lambda _: NamespacesState.toggle(name, value.value),
                data_testid=f"filter-{name}-{value.value}",
            ),
            rx.el.span(value.label, class_name="facet-label"),
            rx.el.span(value.text, class_name="num facet-count"),
            class_name="facet-value",
        ),
        key=value.value,
    )


def facet_values(name: str) -> rx.Component:
    """List them to be chosen from."""
    return rx.el.ul(
        rx.foreach(facet_of(name).options, lambda value: _value(name, value)),
        class_name="facet-values",
        aria_label=FACETS[name],
    )
