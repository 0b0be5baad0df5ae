"""The network section: the preset, every rule in words, and who can reach whom."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell
from ..shell.state import Shell
from .network_checker import checker_card, rule_chain
from .network_view import CellLine, PolicyLine
from .state import NamespacePage

__all__ = ["network_tab"]

_COLUMNS = ("From", "To", "Port", "Now", "Rule")


def _widened() -> rx.Component:
    note = rx.el.div(
        rx.icon("shield-alert", size=18, class_name="tone-warn shrink-0", aria_hidden="true"),
        rx.el.p(
            rx.el.strong("Policies that are not from the portal: "),
            NamespacePage.widened,
            ". Policies add up, so they can open what the preset closes. "
            "Who made them takes them away with kubectl delete networkpolicy.",
        ),
        class_name="banner banner-inside banner-warn",
        role="note",
        data_testid="network-widened",
    )
    return rx.cond(NamespacePage.widened != "", note, rx.fragment())


def _unenforced() -> rx.Component:
    note = rx.el.div(
        rx.icon("shield-off", size=18, class_name="tone-warn shrink-0", aria_hidden="true"),
        rx.el.p(
            rx.el.strong("NetworkPolicy is not enforced on this cluster. "),
            NamespacePage.unenforced,
            " What stands below is what would hold; a platform admin installs a plugin that does.",
        ),
        class_name="banner banner-inside banner-warn",
        role="note",
        data_testid="network-unenforced",
    )
    return rx.cond(NamespacePage.unenforced != "", note, rx.fragment())


def _policy(line: PolicyLine) -> rx.Component:
    return rx.el.li(
        rx.cond(
            line.is_ours,
            rx.icon("shield-check", size=16, class_name="tone-ok shrink-0", aria_hidden="true"),
            rx.icon("shield-alert", size=16, class_name="tone-warn shrink-0", aria_hidden="true"),
        ),
        rx.el.div(
            rx.el.span(line.name, class_name="mono line-name"),
            rx.el.p(line.purpose, class_name="line-note"),
            rx.cond(line.pods != "", rx.el.p(line.pods, class_name="line-note"), rx.fragment()),
            rx.el.ul(
                rx.foreach(line.sentences, lambda sentence: rx.el.li(sentence, key=sentence)),
                class_name="rules",
            ),
            class_name="line-main",
        ),
        key=line.name,
        class_name="policy",
        data_testid=f"policy-{line.name}",
        data_state=rx.cond(line.is_ours, "ours", "foreign"),
    )


def _cell(line: CellLine) -> rx.Component:
    area = f"matrix-{line.key}"
    return rx.el.tr(
        rx.el.th(line.source, scope="row"),
        table_cell("To", line.target),
        table_cell("Port", rx.el.span(line.port, class_name="mono")),
        table_cell(
            "Now",
            rx.el.span(
                status_badge(line.word, line.tone, test_id=area, raw=line.raw, as_of=Shell.as_of),
                rx.el.span(line.meaning, class_name="sr-only"),
                title=line.meaning,
            ),
        ),
        table_cell(
            "Rule",
            rx.popover.root(
                rx.popover.trigger(
                    rx.el.button(
                        line.rule,
                        rx.el.span(" says so: show why", class_name="sr-only"),
                        type="button",
                        class_name="text-button mono",
                        data_testid=f"{area}-rule",
                    )
                ),
                rx.popover.content(
                    rule_chain(line, area),
                    size="2",
                    align="end",
                    width="400px",
                    max_width="90vw",
                    aria_label="Rule chain",
                ),
            ),
            rx.cond(
                line.pods != "", rx.el.span(" ", line.pods, class_name="card-note"), rx.fragment()
            ),
        ),
        key=line.key,
    )


def network_tab() -> rx.Component:
    """Build the section."""
    rules = rx.cond(
        NamespacePage.policies,
        rx.el.ul(rx.foreach(NamespacePage.policies, _policy), class_name="policies"),
        empty_state(
            "No policy seen yet",
            "They show as soon as the cluster has told of them.",
            icon="network",
            test_id="policies-empty",
        ),
    )
    table = data_table(
        *(head_cell(label) for label in _COLUMNS),
        body=rx.foreach(NamespacePage.cells, _cell),
        label="Who can reach whom",
        test_id="connectivity",
    )
    return rx.fragment(
        _unenforced(),
        _widened(),
        rx.el.div(
            card(
                table,
                title="Who can reach whom",
                note="Worked out from the policies as they stand in the cluster now. "
                "They hold where the cluster's network plugin enforces them.",
                test_id="namespace-connectivity",
                class_name="span-12 card-wide-table table-card-dense",
            ),
            checker_card(),
            card(
                rx.el.p(
                    NamespacePage.egress_sentence,
                    class_name="card-note card-lead",
                    data_testid="network-egress",
                ),
                rules,
                title=f"Network: {NamespacePage.network}",
                note=NamespacePage.network_sentence,
                test_id="namespace-network",
                class_name="span-12",
            ),
            class_name="grid",
        ),
    )
