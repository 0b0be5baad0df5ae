"""The topology as rows of boxes with arrows: shape and word say how each stands."""

import reflex as rx

from ..components.card import card
from ..components.status import tone_icon
from .state import NamespacePage
from .topology_view import PathCell, PathRow

__all__ = ["topology_card"]


def _cell(cell: PathCell) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(cell.kind, class_name="node-kind"),
            rx.el.span(cell.name, class_name="mono node-name"),
            rx.el.span(
                tone_icon(cell.tone, size=14),
                rx.el.span(rx.cond(cell.about != "", cell.about, cell.word)),
                class_name="node-about",
            ),
            rx.cond(
                cell.reason != "",
                rx.el.span(cell.reason, class_name="node-about"),
                rx.fragment(),
            ),
            class_name=f"node node-{cell.tone}",
        ),
        rx.icon("arrow-right", size=16, class_name="node-arrow", aria_hidden="true"),
        key=cell.key,
        class_name="node-item",
    )


def _path(path: PathRow) -> rx.Component:
    nowhere = rx.el.li(
        rx.el.span("leads nowhere", class_name="node node-nowhere"), class_name="node-item"
    )
    return rx.el.li(
        rx.el.ol(
            rx.foreach(path.cells, _cell),
            rx.cond(path.is_broken, nowhere, rx.fragment()),
            class_name=rx.cond(path.is_broken, "path path-broken", "path"),
            aria_label=path.sentence,
        ),
        key=path.key,
    )


def topology_card() -> rx.Component:
    """Show the paths; nothing where nothing runs."""
    shown = card(
        rx.el.ul(rx.foreach(NamespacePage.paths, _path), class_name="paths", tab_index=0),
        title="Topology",
        note=rx.cond(
            NamespacePage.paths_note != "",
            NamespacePage.paths_note,
            "From the outside to the pods, as Services select them",
        ),
        test_id="namespace-topology",
        class_name="span-12",
    )
    return rx.cond(NamespacePage.paths, shown, rx.fragment())
