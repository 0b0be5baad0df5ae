"""The topology: a graph laid out on the server, a list with the same facts, and a side panel."""

import reflex as rx

from ..components.card import card
from ..components.instant import relative_time
from ..components.pills import pill_row
from ..components.status import status_badge, tone_icon
from ..components.table import data_table, head_cell, table_cell
from ..figures import NOTHING
from ..shell.state import Shell
from .state import NODES, NamespacePage
from .topology_layout import GraphEdge, Nowhere
from .topology_view import NodeView, WarningLine

__all__ = ["topology_card"]


def _node(node: NodeView) -> rx.Component:
    return rx.el.a(
        rx.el.span(node.kind, class_name="node-kind"),
        rx.el.span(node.name, class_name="mono node-name"),
        rx.el.span(
            tone_icon(node.tone, size=14),
            rx.el.span(
                rx.match(
                    node.tone,
                    ("bad", node.word),
                    ("warn", node.word),
                    rx.cond(node.about != "", node.about, node.word),
                ),
                class_name="node-line",
            ),
            class_name="node-about",
        ),
        key=node.key,
        href=node.href,
        prevent_scroll_reset=True,
        title=node.label,
        aria_label=node.label,
        aria_current=rx.cond(node.is_open, "true", "false"),
        class_name=rx.cond(
            node.is_open, f"node node-{node.tone} node-open", f"node node-{node.tone}"
        ),
        style={"left": node.left, "top": node.top},
        data_testid=f"node-{node.test_key}",
        data_state=node.tone,
        data_as_of=Shell.as_of,
    )


def _line(line: GraphEdge) -> rx.Component:
    return rx.el.path(
        d=line.path,
        class_name=f"edge edge-{line.look}",
        key=line.key,
        data_testid=f"edge-{line.key}",
    )


def _nowhere(end: Nowhere) -> rx.Component:
    return rx.el.span(
        rx.icon("unlink", size=14, class_name="shrink-0", aria_hidden="true"),
        end.text,
        key=end.key,
        class_name="node node-nowhere",
        style={"left": f"{end.x}px", "top": f"{end.y}px"},
        data_testid=f"nowhere-{end.key}",
    )


def _graph() -> rx.Component:
    drawing = rx.el.svg(
        rx.foreach(NamespacePage.lines, _line),
        width=NamespacePage.graph_width,
        height=NamespacePage.graph_height,
        class_name="graph-lines",
        aria_hidden="true",
    )
    return rx.el.div(
        rx.el.div(
            drawing,
            rx.foreach(NODES.shown(NamespacePage), _node),
            rx.foreach(NamespacePage.nowhere, _nowhere),
            class_name="graph",
            style={
                "width": f"{NamespacePage.graph_width}px",
                "height": f"{NamespacePage.graph_height}px",
            },
        ),
        class_name="graph-region",
        role="region",
        aria_label="Graph of what leads to what",
        tab_index=0,
        data_testid="topology-graph",
    )


def _row(node: NodeView) -> rx.Component:
    area = f"topology-{node.test_key}"
    return rx.el.tr(
        rx.el.th(
            rx.el.a(
                node.name,
                href=node.href,
                prevent_scroll_reset=True,
                class_name="mono line-name",
                data_testid=f"{area}-open",
            ),
            rx.el.p(node.kind, class_name="line-note"),
            scope="row",
        ),
        table_cell("About", rx.el.span(node.about, class_name="wraps")),
        table_cell(
            "Leads to",
            rx.el.span(
                rx.cond(node.leads != "", node.leads, NOTHING),
                class_name="wraps",
                data_testid=f"{area}-leads",
            ),
        ),
        table_cell(
            "State",
            rx.el.div(
                status_badge(
                    node.word, node.tone, test_id=f"{area}-state", raw=node.tone, as_of=Shell.as_of
                ),
                rx.cond(
                    node.reason != "",
                    rx.el.p(node.reason, class_name="line-note wraps"),
                    rx.fragment(),
                ),
            ),
        ),
        key=node.key,
        data_testid=area,
    )


def _list() -> rx.Component:
    return rx.el.div(
        data_table(
            head_cell("Object"),
            head_cell("About"),
            head_cell("Leads to"),
            head_cell("State"),
            body=rx.foreach(NODES.shown(NamespacePage), _row),
            label="What leads to what",
            test_id="topology-list",
        ),
        class_name=rx.cond(NamespacePage.graph_view == "graph", "graph-twin", "graph-list"),
    )


def _warning(line: WarningLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(line.reason, class_name="line-name"),
            rx.el.p(line.message, class_name="line-note wraps"),
            rx.el.p(
                "Last seen ",
                relative_time(line.last_seen, test_id=f"panel-warning-{line.key}-seen"),
                ", ",
                line.times,
                class_name="line-note",
            ),
            class_name="line-main",
        ),
        key=line.key,
        class_name="line",
        data_testid=f"panel-warning-{line.key}",
    )


def _words(title: str, found: tuple[str, ...], test_id: str) -> rx.Component:
    shown = rx.fragment(
        rx.el.h3(title, class_name="part-title"),
        rx.el.ul(
            rx.foreach(found, lambda text: rx.el.li(text, key=text)),
            class_name="rules",
            data_testid=test_id,
        ),
    )
    return rx.cond(found, shown, rx.fragment())


def _panel() -> rx.Component:
    panel = NamespacePage.panel
    close = rx.el.a(
        rx.icon("x", size=16, aria_hidden="true"),
        href=panel.close_href,
        prevent_scroll_reset=True,
        class_name="icon-button",
        aria_label="Close the panel",
        data_testid="panel-close",
    )
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.p(panel.kind, class_name="node-kind"),
                rx.el.h3(panel.name, class_name="mono panel-name", data_testid="panel-name"),
            ),
            close,
            class_name="panel-head",
        ),
        status_badge(
            panel.word, panel.tone, test_id="panel-state", raw=panel.tone, as_of=Shell.as_of
        ),
        rx.cond(panel.about != "", rx.el.p(panel.about, class_name="line-note"), rx.fragment()),
        rx.cond(
            panel.reason != "",
            rx.el.p(panel.reason, class_name="wraps", data_testid="panel-reason"),
            rx.fragment(),
        ),
        _words("From here", panel.leads, "panel-leads"),
        _words("To here", panel.led_by, "panel-led-by"),
        rx.el.h3("Events", class_name="part-title"),
        rx.cond(
            panel.warnings,
            rx.el.ul(rx.foreach(panel.warnings, _warning), class_name="lines"),
            rx.el.p(
                "No warning in the last hour.", class_name="card-note", data_testid="panel-quiet"
            ),
        ),
        class_name="panel",
        role="region",
        aria_label=f"About {panel.kind} {panel.name}",
        data_testid="topology-panel",
    )


def topology_card() -> rx.Component:
    """Build the card; nothing where nothing runs."""
    shown = card(
        rx.el.div(
            rx.el.div(
                rx.cond(NamespacePage.graph_view == "graph", _graph(), rx.fragment()),
                _list(),
                class_name="graph-main",
            ),
            rx.cond(NamespacePage.panel.key != "", _panel(), rx.fragment()),
            class_name="graph-frame",
        ),
        title="Topology",
        note=rx.cond(
            NamespacePage.graph_note != "",
            rx.el.span(NamespacePage.graph_note, data_testid="topology-note"),
            rx.el.span(
                "From the outside to pods and volumes; dotted lines are network policies",
                data_testid="topology-note",
            ),
        ),
        action=rx.el.div(
            pill_row(NamespacePage.graph_views, label="Topology as", area="topology-view"),
            class_name="graph-switch",
        ),
        test_id="namespace-topology",
        class_name="span-12 card-wide-table",
    )
    return rx.cond(NODES.number(NamespacePage) > 0, shown, rx.fragment())
