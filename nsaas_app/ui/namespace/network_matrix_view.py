"""The matrix on wide screens; on narrow ones the connections of one end at a time."""

import reflex as rx

from ..components.card import card
from ..components.pills import pill_row
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell
from ..shell.state import Shell
from .network_checker import rule_chain
from .network_lines import CellLine
from .network_matrix import MatrixColumn, MatrixRow
from .state import NamespacePage

__all__ = ["matrix_card"]

_COLUMNS = ("To", "Port", "Now", "Rule")


def _badge(line: CellLine, test_id: str) -> rx.Component:
    return status_badge(line.word, line.tone, test_id=test_id, raw=line.raw, as_of=Shell.as_of)


def _chain(line: CellLine, trigger: rx.Component, area: str) -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(trigger),
        rx.popover.content(
            rule_chain(line, area),
            size="2",
            align="end",
            width="400px",
            max_width="90vw",
            aria_label="Rule chain",
        ),
    )


def _cell(line: CellLine) -> rx.Component:
    area = f"matrix-{line.key}"
    button = rx.el.button(
        _badge(line, area),
        rx.el.span(
            f": {line.source} to {line.target}, {line.port}, show why", class_name="sr-only"
        ),
        type="button",
        class_name="matrix-cell",
        title=f"{line.meaning} {line.rule}",
        data_testid=f"{area}-rule",
    )
    return rx.el.td(_chain(line, button, area), key=line.key)


def _row(row: MatrixRow) -> rx.Component:
    elsewhere = rx.el.td(
        "Policies on the other side decide",
        col_span=row.rest,
        class_name="matrix-rest",
    )
    return rx.el.tr(
        rx.el.th(row.label, scope="row"),
        rx.foreach(row.cells, _cell),
        rx.cond(row.rest > 0, elsewhere, rx.fragment()),
        key=row.key,
    )


def _head(column: MatrixColumn) -> rx.Component:
    return rx.el.th(
        column.label,
        rx.el.span(column.port, class_name="matrix-port mono"),
        scope="col",
        key=column.key,
    )


def _matrix() -> rx.Component:
    return rx.el.div(
        data_table(
            head_cell("From / to"),
            rx.foreach(NamespacePage.matrix_columns, _head),
            body=rx.foreach(NamespacePage.matrix, _row),
            label="Who can reach whom",
            test_id="connectivity-matrix",
        ),
        class_name="matrix",
    )


def _line(line: CellLine) -> rx.Component:
    area = f"reach-{line.key}"
    button = rx.el.button(
        line.rule,
        rx.el.span(" says so: show why", class_name="sr-only"),
        type="button",
        class_name="text-button mono",
        data_testid=f"{area}-rule",
    )
    return rx.el.tr(
        rx.el.th(line.target, scope="row"),
        table_cell("Port", rx.el.span(line.port, class_name="mono")),
        table_cell("Now", _badge(line, area)),
        table_cell("Rule", _chain(line, button, area)),
        key=line.key,
    )


def _one_row() -> rx.Component:
    return rx.el.div(
        pill_row(NamespacePage.matrix_rows, label="From", area="matrix-from"),
        data_table(
            *(head_cell(label) for label in _COLUMNS),
            body=rx.foreach(NamespacePage.matrix_row, _line),
            label="What it can reach",
            test_id="connectivity-row",
        ),
        class_name="matrix-twin",
    )


def matrix_card() -> rx.Component:
    """Build the card."""
    return card(
        rx.el.div(_matrix(), _one_row(), data_testid="connectivity"),
        title="Who can reach whom",
        note="Worked out from the policies as they stand in the cluster now. "
        "They hold where the cluster's network plugin enforces them.",
        test_id="namespace-connectivity",
        class_name="span-12 card-wide-table table-card-dense",
    )
