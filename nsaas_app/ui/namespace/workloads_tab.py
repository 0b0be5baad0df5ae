"""The workloads section: what runs, its pods, and what stands beside them."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell
from ..shell.state import Shell
from .state import PODS, NamespacePage
from .topology_card import topology_card
from .workloads_view import NeighbourRow, PodRow, WorkloadRow

__all__ = ["workloads_tab"]


def _state(word: str, tone: str, reason: str, area: str) -> rx.Component:
    return table_cell(
        "State",
        rx.el.div(
            status_badge(word, tone, test_id=f"{area}-state", raw=tone, as_of=Shell.as_of),
            rx.cond(
                reason != "",
                rx.el.p(reason, class_name="line-note wraps", data_testid=f"{area}-reason"),
                rx.fragment(),
            ),
        ),
    )


def _workload(row: WorkloadRow) -> rx.Component:
    area = f"workload-{row.key}"
    return rx.el.tr(
        rx.el.th(
            rx.el.span(row.name, class_name="mono line-name"),
            rx.el.p(row.kind, class_name="line-note"),
            scope="row",
        ),
        table_cell(
            "Replicas",
            rx.el.span(
                row.replicas,
                class_name="num",
                data_testid=f"{area}-available",
                data_value=row.raw,
                data_as_of=Shell.as_of,
            ),
        ),
        _state(row.word, row.tone, row.reason, area),
        key=row.key,
        data_testid=area,
    )


def _pod(row: PodRow) -> rx.Component:
    area = f"pod-{row.name}"
    return rx.el.tr(
        rx.el.th(rx.el.span(row.name, class_name="mono line-name"), scope="row"),
        table_cell(
            "Ready",
            rx.el.span(
                row.ready,
                class_name="num",
                data_testid=f"{area}-ready",
                data_value=row.raw,
                data_as_of=Shell.as_of,
            ),
        ),
        table_cell("Restarts", rx.el.span(row.restarts, class_name="num")),
        table_cell("Node", rx.el.span(row.node, class_name="mono")),
        table_cell("Started", relative_time(row.started_at, test_id=f"{area}-started")),
        _state(row.word, row.tone, row.reason, area),
        key=row.name,
        data_testid=area,
    )


def _neighbour(row: NeighbourRow) -> rx.Component:
    area = f"neighbour-{row.key}"
    return rx.el.tr(
        rx.el.th(
            rx.el.span(row.name, class_name="mono line-name"),
            rx.el.p(row.kind, class_name="line-note"),
            scope="row",
        ),
        table_cell("About", rx.el.span(row.about, class_name="wraps")),
        _state(row.word, row.tone, row.reason, area),
        key=row.key,
        data_testid=area,
    )


def _table(
    title: str,
    head: tuple[str, ...],
    rows: rx.Component,
    *,
    note: str,
    test_id: str,
    class_name: str = "",
) -> rx.Component:
    return card(
        data_table(*(head_cell(label) for label in head), body=rows, label=title, test_id=test_id),
        title=title,
        note=note,
        test_id=f"namespace-{test_id}",
        class_name=f"span-12 card-wide-table table-still {class_name}".strip(),
    )


def workloads_tab() -> rx.Component:
    """Build the section."""
    workloads = _table(
        "Workloads",
        ("Name", "Replicas", "State"),
        rx.foreach(NamespacePage.workloads, _workload),
        note=NamespacePage.workloads_note,
        test_id="workloads",
        class_name="table-still-few",
    )
    none = card(
        empty_state(
            "Nothing runs here yet",
            "Apply a Deployment, StatefulSet, DaemonSet or CronJob with kubectl: "
            "it shows here within seconds.",
            icon="rocket",
            test_id="workloads-empty",
        ),
        test_id="namespace-workloads",
        class_name="span-12",
    )
    pods = _table(
        "Pods",
        ("Name", "Ready", "Restarts", "Node", "Started", "State"),
        rx.foreach(PODS.shown(NamespacePage), _pod),
        note=NamespacePage.pods_note,
        test_id="pods",
    )
    neighbours = _table(
        "Services, ingresses and volumes",
        ("Name", "About", "State"),
        rx.foreach(NamespacePage.neighbours, _neighbour),
        note=NamespacePage.neighbours_note,
        test_id="neighbours",
    )
    return rx.el.div(
        topology_card(),
        rx.cond(NamespacePage.workloads, workloads, none),
        rx.cond(PODS.number(NamespacePage) > 0, pods, rx.fragment()),
        rx.cond(NamespacePage.neighbours, neighbours, rx.fragment()),
        class_name="grid",
    )
