"""One choice opened: the objects it makes, each with its YAML; and the platform features."""

import reflex as rx

from ..components.card import card
from ..components.instant import relative_time
from ..components.skeleton import skeleton_rows
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell
from ..words import Tone
from .offered_rows import FeatureRow, ObjectText
from .state import CatalogState

__all__ = ["features_card", "offered_card"]


def _object(one: ObjectText) -> rx.Component:
    area = f"offered-{one.key}"
    return rx.el.li(
        rx.el.details(
            rx.el.summary(rx.el.span(one.identity, class_name="mono"), data_testid=f"{area}-text"),
            rx.el.div(
                rx.el.pre(
                    one.manifest,
                    class_name="raw",
                    tab_index=0,
                    aria_label=f"YAML of {one.identity}",
                    data_testid=f"{area}-manifest",
                ),
                rx.el.button(
                    rx.icon("copy", size=16, aria_hidden="true"),
                    type="button",
                    class_name="icon-button",
                    aria_label=f"Copy the YAML of {one.identity}",
                    on_click=[
                        rx.set_clipboard(one.manifest),
                        rx.toast(f"Copied the YAML of {one.identity}."),
                    ],
                    data_testid=f"{area}-copy",
                ),
                class_name="command",
            ),
            class_name="fold",
        ),
        key=one.key,
    )


def offered_card() -> rx.Component:
    """Show the objects of the choice that the address names; nothing while it names none."""
    offered = CatalogState.offered
    return rx.cond(
        offered.title != "",
        card(
            rx.el.ul(rx.foreach(offered.objects, _object), class_name="plain-list"),
            title=f"{offered.title}: what it makes",
            note=offered.note,
            action=rx.link(
                "Close",
                href=offered.close_href,
                class_name="card-link",
                data_testid="offered-close",
            ),
            test_id="offered-card",
            class_name="catalog-offered",
        ),
        rx.fragment(),
    )


def _feature(row: FeatureRow) -> rx.Component:
    area = f"feature-{row.key}"
    return rx.el.tr(
        rx.el.th(
            rx.el.div(
                rx.el.span(row.title, class_name="line-name"),
                rx.el.span(row.creates, class_name="line-note wraps"),
                class_name="choice-words",
            ),
            scope="row",
        ),
        table_cell(
            "Here", status_badge("Not available", Tone.NONE.value, test_id=area, raw="unavailable")
        ),
        table_cell("Why", rx.el.span(row.reason, class_name="wraps", data_testid=f"{area}-why")),
        table_cell(
            "Seen",
            rx.cond(
                row.seen_at != "",
                relative_time(row.seen_at, test_id=f"{area}-seen"),
                rx.el.span("Nothing to see", class_name="line-note"),
            ),
        ),
        key=row.key,
        data_testid=f"{area}-row",
    )


def features_card() -> rx.Component:
    """Show every feature with what it would create, and why it cannot be asked for."""
    table = data_table(
        *(head_cell(label) for label in ("Feature", "Here", "Why", "Seen")),
        body=rx.foreach(CatalogState.features, _feature),
        label="Features",
        test_id="features-table",
    )
    return rx.fragment(
        rx.el.p(
            "What a namespace may have beside quota, network and access. None can be asked for "
            "yet; each says why, with the cluster's part in it.",
            class_name="card-note catalog-note",
        ),
        card(
            rx.cond(CatalogState.is_loaded, table, skeleton_rows(6)),
            test_id="catalog-features",
            class_name="card-table",
        ),
    )
