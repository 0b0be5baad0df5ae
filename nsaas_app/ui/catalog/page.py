"""The catalog page: tiers and environments side by side, templates as cards.

On a phone there is no room side by side: each tier and each environment is a card of its own.
"""

from collections.abc import Sequence

import reflex as rx

from ...domain.environments import Environment
from ...domain.templates import TEMPLATES, Parameter, Template
from ...domain.tiers import Tier
from ..components.card import card
from ..components.pills import pill_row
from ..components.status import environment_tag
from ..components.table import data_table, head_cell, table_cell
from ..shell.frame import frame
from ..shell.state import Shell
from ..shell.trouble import page_problem
from .offered_cards import features_card, offered_card
from .offered_rows import item_address
from .state import CatalogState
from .tables import PRICE_NOTE, Row, environment_rows, tier_rows

__all__ = ["catalog"]


def _objects_link(kind: str, item: str, title: str, *, area: str = "objects") -> rx.Component:
    """Open what a choice makes."""
    return rx.link(
        "Show",
        rx.el.span(f" the objects of {title}", class_name="sr-only"),
        href=item_address(kind, item),
        class_name="card-link",
        data_testid=f"{area}-{item}",
    )


def _comparison(
    title: str, note: str, columns: Sequence[str], rows: Sequence[Row], area: str
) -> rx.Component:
    def line(row: Row) -> rx.Component:
        cells = (
            table_cell(column, rx.el.span(value, class_name="num wraps"))
            for column, value in zip(columns, row.values, strict=True)
        )
        return rx.el.tr(
            rx.el.th(row.label, scope="row"),
            *cells,
            data_testid=f"{area}-{row.label.lower().replace(' ', '-')}",
        )

    made = rx.el.tr(
        rx.el.th("What it makes", scope="row"),
        *(table_cell(column, _objects_link(area, column, column)) for column in columns),
        data_testid=f"{area}-objects",
    )
    table = data_table(
        head_cell("What"),
        *(head_cell(column) for column in columns),
        body=rx.fragment(*(line(row) for row in rows), made),
        label=title,
        test_id=f"{area}-table",
    )
    return rx.fragment(
        rx.el.p(note, class_name="card-note catalog-note"),
        card(table, test_id=f"catalog-{area}", class_name="card-table card-hidden"),
        _choices(columns, rows, area),
        key=area,  # another table, not the same one with its cells moved
    )


def _choices(columns: Sequence[str], rows: Sequence[Row], area: str) -> rx.Component:
    """Show the same on a phone, a card for each column."""

    def choice(position: int, column: str) -> rx.Component:
        facts = [(row.label, rx.el.span(row.values[position], class_name="num")) for row in rows]
        facts.append(("What it makes", _objects_link(area, column, column, area="card-objects")))
        return card(
            rx.el.dl(
                *(
                    rx.el.div(rx.el.dt(label), rx.el.dd(value), class_name="fact fact-ruled")
                    for label, value in facts
                ),
                class_name="facts",
            ),
            title=column.capitalize(),
            test_id=f"{area}-card-{column}",
        )

    cards = (choice(position, column) for position, column in enumerate(columns))
    return rx.el.div(*cards, class_name="phone-cards", data_testid=f"{area}-cards")


def _parameter(one: Parameter) -> rx.Component:
    choices = f" One of {', '.join(one.choices)}." if one.choices else ""
    default = f" Default: {one.default}." if one.default else " Optional."
    default = " Required." if one.default is None else default
    return rx.el.div(
        rx.el.dt(one.label),
        rx.el.dd(f"{one.help}{choices}{default}"),
        class_name="fact fact-ruled",
    )


def _template(one: Template) -> rx.Component:
    use = rx.cond(
        Shell.may_request,
        rx.link(
            rx.icon("plus", size=16, aria_hidden="true"),
            "Use",
            rx.el.span(f" template {one.title}", class_name="sr-only"),
            href=f"/new?from=template:{one.id}",
            class_name="button",
            data_testid=f"template-use-{one.id}",
        ),
        rx.fragment(),
    )
    return card(
        rx.el.div(
            *(environment_tag(environment.value) for environment in one.environments),
            class_name="chips-row",
        ),
        rx.el.p(
            f"Tier {one.tier}, network {one.preset}, outgoing {one.egress}.", class_name="card-note"
        ),
        rx.el.dl(
            *(_parameter(parameter) for parameter in one.parameters),
            rx.el.div(
                rx.el.dt("What it makes"),
                rx.el.dd(_objects_link("templates", one.id, one.title)),
                class_name="fact fact-ruled",
            ),
            class_name="facts",
        ),
        title=one.title,
        note=one.description,
        action=use,
        test_id=f"template-{one.id}",
    )


def catalog() -> rx.Component:
    """Build the page."""
    tiers = _comparison("Tiers", PRICE_NOTE, [tier.value for tier in Tier], tier_rows(), "tiers")
    environments = _comparison(
        "Environments",
        "The environment decides the defaults of a request and what it may ask for.",
        [environment.value for environment in Environment],
        environment_rows(),
        "environments",
    )
    templates = rx.el.div(*(_template(one) for one in TEMPLATES), class_name="template-grid")
    return frame(
        rx.el.div(
            pill_row(CatalogState.kinds, label="Part of the catalog", area="kind"),
            class_name="filter-bar pill-bar",
        ),
        page_problem(CatalogState.problem),
        offered_card(),
        rx.match(
            CatalogState.kind,
            ("templates", templates),
            ("features", features_card()),
            ("environments", environments),
            tiers,
        ),
        title="Catalog",
        active="catalog",
        needs_team=False,
    )
