"""One choice opened: the objects it makes, each with its YAML; and the features of the cluster."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.skeleton import skeleton_rows
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell
from ..integration_views import IntegrationRow
from .offered_rows import ObjectText
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


def _feature(row: IntegrationRow) -> rx.Component:
    area = f"feature-{row.key}"
    return rx.el.tr(
        rx.el.th(
            rx.el.div(
                rx.el.span(row.title, class_name="line-name"),
                rx.el.span(row.gives, class_name="line-note wraps"),
                class_name="choice-words",
            ),
            scope="row",
        ),
        table_cell("Here", status_badge(row.word, row.tone, test_id=area, raw=row.state)),
        table_cell("Why", rx.el.span(row.reason, class_name="wraps", data_testid=f"{area}-why")),
        table_cell("Seen", relative_time(row.seen_at, test_id=f"{area}-seen")),
        key=row.key,
        data_testid=f"{area}-row",
    )


def features_card() -> rx.Component:
    """Show what the cluster has beside namespaces, and why something is not there."""
    table = data_table(
        *(head_cell(label) for label in ("Feature", "Here", "Why", "Seen")),
        body=rx.foreach(CatalogState.features, _feature),
        label="Features",
        test_id="features-table",
    )
    unknown = empty_state(
        "Nothing is known yet",
        "The cluster has not told what it has. It is asked again by itself.",
        icon="cloud-off",
        test_id="features-empty",
    )
    listed = rx.cond(CatalogState.features, table, unknown)
    return rx.fragment(
        rx.el.p(
            "What the cluster has beside namespaces. Platform admins install it; a request for a "
            "namespace does not ask for it.",
            class_name="card-note catalog-note",
        ),
        card(
            rx.cond(CatalogState.is_loaded, listed, skeleton_rows(6)),
            test_id="catalog-features",
            class_name="card-table",
        ),
    )
