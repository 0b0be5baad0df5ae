"""The network section: the preset, every rule in words, and who can reach whom."""

import reflex as rx

from ..components.card import card
from ..components.empty import empty_state
from ..components.status import status_badge
from ..shell.state import Shell
from .network_checker import checker_card
from .network_matrix_view import matrix_card
from .network_view import PolicyLine
from .state import NamespacePage

__all__ = ["network_tab"]


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


def _mark(line: PolicyLine) -> rx.Component:
    def badge(word: str) -> rx.Component:
        return rx.fragment(
            " ",
            status_badge(
                word, "warn", test_id=f"policy-{line.name}-mark", raw=line.mark, as_of=Shell.as_of
            ),
        )

    return rx.match(
        line.mark,
        ("widened", badge("Widened")),
        ("foreign", badge("Not from the portal")),
        rx.fragment(),
    )


def _policy(line: PolicyLine) -> rx.Component:
    return rx.el.li(
        rx.cond(
            line.is_ours,
            rx.icon("shield-check", size=16, class_name="tone-ok shrink-0", aria_hidden="true"),
            rx.icon("shield-alert", size=16, class_name="tone-warn shrink-0", aria_hidden="true"),
        ),
        rx.el.div(
            rx.el.span(line.name, class_name="mono line-name"),
            _mark(line),
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
    return rx.fragment(
        _unenforced(),
        _widened(),
        rx.el.div(
            matrix_card(),
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
