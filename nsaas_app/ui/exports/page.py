"""The kept exports: what is left of namespaces that are gone, and how to use it."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import clock_time
from ..components.skeleton import skeleton_rows
from ..components.table import data_table, head_cell, table_cell
from ..shell.frame import frame
from ..shell.trouble import page_body
from .state import ExportLine, ExportsState

__all__ = ["exports"]

_COLUMNS = ("Namespace", "Team", "Exported", "Kept until", "Objects", "Size", "Archive")


def _row(line: ExportLine) -> rx.Component:
    area = f"export-{line.namespace}"
    link = rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        "Download",
        href=line.href,
        reload_document=True,
        class_name="button",
        data_testid=f"{area}-download",
    )
    closed = action_button(
        "Download", "download", rx.noop(), test_id=f"{area}-download", reason=line.reason
    )
    return rx.el.tr(
        rx.el.th(rx.el.span(line.namespace, class_name="mono"), scope="row"),
        table_cell("Team", line.team),
        table_cell("Exported", clock_time(line.created_at, test_id=f"{area}-at")),
        table_cell("Kept until", clock_time(line.kept_until, test_id=f"{area}-until")),
        table_cell("Objects", rx.el.span(line.objects, class_name="num")),
        table_cell("Size", rx.el.span(line.size, class_name="num")),
        table_cell("Archive", rx.cond(line.reason != "", closed, link)),
        key=line.export_id,
        data_testid=area,
    )


def _list() -> rx.Component:
    nothing = empty_state(
        "No export is kept",
        "When the grace of a released namespace is over, its manifests are kept here.",
        icon="archive",
        test_id="exports-empty",
    )
    table = data_table(
        *(head_cell(label) for label in _COLUMNS),
        body=rx.foreach(ExportsState.lines, _row),
        label="Kept exports",
        test_id="exports-table",
    )
    return card(
        rx.cond(ExportsState.lines, table, nothing),
        title="Manifests of namespaces that are gone",
        note="The newest 200 of your teams. Secrets are never in them, nor what volumes held.",
        action=rx.cond(
            ExportsState.namespace != "",
            rx.link("Show all", href="/exports", class_name="card-link", data_testid="exports-all"),
            rx.fragment(),
        ),
        test_id="exports-card",
        class_name="card-table",
    )


def exports() -> rx.Component:
    """Build the page."""
    return frame(
        page_body(
            ExportsState.problem,
            ExportsState.is_known,
            rx.cond(ExportsState.is_loaded, _list(), skeleton_rows(4)),
        ),
        title="Kept exports",
        active="namespaces",
        announcement=ExportsState.announcement,
    )
