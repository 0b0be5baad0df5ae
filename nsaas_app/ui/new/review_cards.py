"""The review's tables: a set's members, an adoption's effects, who reaches whom."""

import reflex as rx

from ..components.card import card
from ..components.status import environment_tag, status_badge, tone_icon
from ..components.table import data_table, head_cell, table_cell
from .adopting import ChangeLine, NoteLine
from .members import MemberLine
from .preview import ConnectionLine
from .state import NewState

__all__ = ["adoption_card", "connectivity_card", "members_card"]


def _connection(line: ConnectionLine) -> rx.Component:
    return rx.el.tr(
        rx.el.th(line.source, scope="row"),
        table_cell("To", line.target),
        table_cell("Port", rx.el.span(line.port, class_name="num")),
        table_cell(
            "Answer",
            status_badge(
                line.word,
                line.tone,
                test_id=f"connection-{line.key}",
                raw=line.word,
                as_of=NewState.previewed_at,
            ),
        ),
        table_cell("Decided by", rx.el.span(line.rule, class_name="mono")),
        key=line.key,
    )


def _member(line: MemberLine) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.span(line.name, class_name="mono no-wrap"),
            rx.el.span(environment_tag(line.environment), class_name="block"),
            scope="row",
        ),
        table_cell(
            "Size and network", line.tier, rx.el.span(line.network, class_name="line-note block")
        ),
        table_cell(
            "Cost and end",
            rx.el.span(line.cost, class_name="num"),
            rx.el.span(line.lifetime, class_name="line-note block"),
        ),
        table_cell("Approval", rx.cond(line.approval != "", line.approval, "None needed")),
        key=line.name,
        data_testid=f"member-{line.name}",
    )


def members_card() -> rx.Component:
    """Show the members of a set."""
    columns = ("Name", "Size and network", "Cost and end", "Approval")
    table = card(
        data_table(
            *(head_cell(label) for label in columns),
            body=rx.foreach(NewState.members, _member),
            label="Namespaces of the set",
            test_id="review-members",
        ),
        title="A set of namespaces",
        note="Accepted together or not at all; each is its own request afterwards",
        test_id="review-set",
    )
    return rx.cond(NewState.members, table, rx.fragment())


def _note(line: NoteLine) -> rx.Component:
    return rx.el.li(
        tone_icon(line.tone),
        rx.el.div(
            rx.el.span(line.title, class_name="mono"),
            rx.el.p(line.text, class_name="line-note"),
            class_name="line-main",
        ),
        key=line.key,
        class_name="line line-short",
        data_testid=f"adoption-{line.key}",
    )


def _change(line: ChangeLine) -> rx.Component:
    return rx.el.tr(
        rx.el.th(rx.el.span(line.path, class_name="mono"), scope="row"),
        table_cell("Now", rx.el.span(line.before, class_name="mono")),
        table_cell("Then", rx.el.span(line.after, class_name="mono")),
        key=line.path,
    )


def adoption_card() -> rx.Component:
    """Show what an adoption changes, breaks and leaves."""
    adoption = NewState.adoption

    def part(title: str, lines: list[NoteLine], nothing: str) -> rx.Component:
        return rx.el.div(
            rx.el.h3(title, class_name="part-title"),
            rx.cond(
                lines,
                rx.el.ul(rx.foreach(lines, _note), class_name="lines"),
                rx.el.p(nothing, class_name="card-note"),
            ),
            class_name="part",
        )

    shown = card(
        part("What would break", adoption.breaks, "Nothing that runs now breaks a limit."),
        part(
            "What stays, and what gets defaults",
            adoption.stays,
            "Nothing of somebody else's is in it.",
        ),
        rx.el.div(
            rx.el.h3("Labels and annotations that change", class_name="part-title"),
            data_table(
                *(head_cell(label) for label in ("Path", "Now", "Then")),
                body=rx.foreach(adoption.changes, _change),
                label="Labels and annotations that change",
                test_id="adoption-changes",
            ),
            class_name="part part-last",
        ),
        title="Adoption",
        note="Read from the namespace as it is now",
        test_id="review-adoption",
    )
    return rx.cond(adoption.uid != "", shown, rx.fragment())


def connectivity_card() -> rx.Component:
    """Show who reaches whom."""
    columns = ("From", "To", "Port", "Answer", "Decided by")
    table = card(
        data_table(
            *(head_cell(label) for label in columns),
            body=rx.foreach(NewState.connections, _connection),
            label="Connectivity",
            test_id="review-connectivity",
        ),
        title="Who reaches whom",
        note="Computed from the network policies above",
        test_id="review-network",
    )
    return rx.cond(NewState.connections, table, rx.fragment())
