"""The quota section: bars, and every limit with what is left here and in the team."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.quota import quota_bar
from ..components.table import data_table, head_cell, table_cell
from ..fitting.panel import fit_calculator
from ..shell.state import Shell
from .acting import Acting
from .events_tab import warning_card
from .state import NamespacePage
from .trend_card import trend_card
from .usage_view import HolderRow, UsageRow

__all__ = ["quota_bars", "quota_tab"]


def quota_bars() -> rx.Component:
    """Show the headline resources; what is missing says when it comes."""
    return rx.cond(
        NamespacePage.quotas,
        rx.el.div(
            rx.foreach(NamespacePage.quotas, lambda view: quota_bar(view, as_of=Shell.as_of)),
            class_name="quota-grid",
        ),
        _no_quota("It shows when the cluster has counted it."),
    )


def _no_quota(when: str = "") -> rx.Component:
    return rx.cond(
        NamespacePage.quota_gone != "",
        empty_state("No quota", NamespacePage.quota_gone, icon="gauge"),
        empty_state("No quota seen yet", when, icon="gauge"),
    )


def _row(row: UsageRow) -> rx.Component:
    area = f"quota-{row.resource}"

    def number(label: str, value: str, part: str, raw: str) -> rx.Component:
        shown = rx.el.span(
            value,
            class_name="num",
            data_testid=f"{area}-{part}",
            data_value=raw,
            data_as_of=Shell.as_of,
        )
        return table_cell(label, shown)

    bar = rx.el.div(
        rx.el.div(class_name="bar-fill", style={"width": f"{row.share}%"}),
        class_name=f"bar bar-{row.tone}",
        aria_hidden="true",
    )
    group = rx.cond(
        row.group != "",
        rx.el.tr(
            rx.el.th(row.group, scope="rowgroup", col_span=7, class_name="group-row"),
            key=f"group-{row.group}",
        ),
        rx.fragment(),
    )
    line = rx.el.tr(
        rx.el.th(rx.el.span(row.resource, class_name="mono"), scope="row"),
        rx.el.td(bar, class_name="bar-column", custom_attrs={"data-label": "Share"}),
        number("Used now", row.now, "used", row.now_raw),
        number("Requested", row.used, "requested", row.used_raw),
        number("Hard limit", row.hard, "hard", row.hard_raw),
        number("Left", row.left, "left", row.left),
        table_cell("Team has left", rx.el.span(row.team_left, class_name="num")),
        key=row.resource,
    )
    return rx.fragment(group, line, key=row.resource)


def _holder(row: HolderRow) -> rx.Component:
    area = f"holder-{row.key}"
    bar = rx.el.div(
        rx.el.div(class_name="bar-fill", style={"width": f"{row.share}%"}),
        class_name="bar bar-ok",
        aria_hidden="true",
    )
    return rx.el.tr(
        rx.el.th(
            rx.el.span(row.name, class_name="mono line-name"),
            rx.el.p(row.kind, class_name="line-note"),
            scope="row",
        ),
        table_cell("Pods", rx.el.span(row.pods, class_name="num", data_testid=f"{area}-pods")),
        table_cell("CPU", rx.el.span(row.cpu, class_name="num", data_testid=f"{area}-cpu")),
        table_cell(
            "Memory", rx.el.span(row.memory, class_name="num", data_testid=f"{area}-memory")
        ),
        table_cell(
            "Share",
            rx.el.div(bar, rx.el.span(row.share_text, class_name="num line-note")),
            class_name="bar-column",
        ),
        key=row.key,
        data_testid=area,
    )  # fmt: skip


def _measured() -> rx.Component:
    return rx.cond(
        NamespacePage.measured != "",
        rx.fragment(
            rx.el.span(NamespacePage.measured, data_testid="quota-measured", class_name="num"),
            ", measured ",
            relative_time(NamespacePage.measured_at, test_id="quota-measured-at"),
        ),
        rx.el.span("Usage unknown. ", NamespacePage.unmeasured, data_testid="quota-unmeasured"),
    )


def _holders() -> rx.Component:
    table = data_table(
        head_cell("Workload"),
        head_cell("Pods"),
        head_cell("CPU requested"),
        head_cell("Memory requested"),
        head_cell("Share"),
        body=rx.foreach(NamespacePage.holders, _holder),
        label="Who uses it",
        test_id="holders",
    )
    return card(
        rx.cond(
            NamespacePage.holders,
            rx.fragment(
                table, rx.el.p(NamespacePage.holders_note, class_name="card-note")
            ),
            empty_state(
                "No pod counts now", "What asks for something shows here.", icon="users",
                test_id="holders-empty",
            ),
        ),
        title="Who uses it",
        note=_measured(),
        test_id="namespace-holders",
        class_name="span-12 card-wide-table",
    )  # fmt: skip


def _refused() -> rx.Component:
    shown = card(
        rx.el.ul(rx.foreach(NamespacePage.refusals, warning_card), class_name="lines"),
        title="Refused by the quota",
        note="In the last hour, as the cluster's controllers told it",
        test_id="quota-refusals",
        class_name="span-12",
    )
    return rx.cond(NamespacePage.refusals, shown, rx.fragment())


def quota_tab() -> rx.Component:
    """Build the section."""
    table = data_table(
        head_cell("Resource"),
        head_cell("Share"),
        head_cell("Used now"),
        head_cell("Requested"),
        head_cell("Hard limit"),
        head_cell("Left"),
        head_cell("Team has left"),
        body=rx.foreach(NamespacePage.usage, _row),
        label="All limits",
        test_id="quota-table",
    )
    return rx.el.div(
        card(
            quota_bars(),
            title=f"Quota of tier {NamespacePage.tier}",
            note=rx.fragment(
                "What pods request, as the ResourceQuota counts it; ",
                rx.cond(
                    NamespacePage.measured != "",
                    "the mark is what they use now",
                    "usage unknown: no metrics source",
                ),
            ),
            action=action_button(
                "Change size",
                "scaling",
                Acting.begin_resize("quota-resize"),
                test_id="quota-resize",
                reason=NamespacePage.actions.resize,
            ),
            test_id="namespace-quota",
            class_name="span-12",
        ),
        _refused(),
        trend_card(),
        _holders(),
        card(
            fit_calculator(NamespacePage.title),
            test_id="namespace-fit",
            class_name="span-12",
        ),
        card(
            rx.cond(NamespacePage.usage, table, _no_quota()),
            title="All limits",
            note="The last column is what the team may still book for any of its namespaces",
            test_id="namespace-limits",
            class_name="span-12 card-wide-table table-card-dense",
        ),
        class_name="grid",
    )
