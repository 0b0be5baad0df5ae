"""The checker: from, to, port, and what the policies say of it as they stand now."""

import reflex as rx

from ...insights.network import Reach
from ..components.card import card
from ..components.status import status_badge
from ..shell.state import Shell
from .network_asking import PROTOCOLS
from .network_lines import CellLine, ChainLine
from .state import NamespacePage

__all__ = ["checker_card", "rule_chain"]


def _step(step: ChainLine) -> rx.Component:
    return rx.el.li(
        rx.cond(
            step.is_letting,
            rx.icon("door-open", size=16, class_name="tone-ok shrink-0", aria_hidden="true"),
            rx.icon("lock", size=16, class_name="tone-none shrink-0", aria_hidden="true"),
        ),
        rx.el.div(
            rx.el.span(step.policy, class_name="mono line-name"),
            rx.el.p(step.sentence, class_name="line-note wraps"),
            class_name="line-main",
        ),
        key=step.policy,
        class_name="line line-short",
    )


def rule_chain(cell: CellLine, area: str) -> rx.Component:
    """Tell policy by policy why a connection is let through or not; or why nobody knows."""
    open_way = rx.el.p("No policy speaks of this direction, so it is open.", class_name="line-note")
    return rx.el.div(
        rx.el.p(cell.meaning, class_name="card-note"),
        rx.cond(
            cell.chain,
            rx.el.ol(rx.foreach(cell.chain, _step), class_name="lines"),
            rx.cond(cell.raw == Reach.UNKNOWN.value, rx.fragment(), open_way),
        ),
        rx.cond(
            cell.raw == Reach.UNKNOWN.value,
            rx.fragment(),
            rx.el.p(
                "One policy that lets it through is enough: policies add up.",
                class_name="field-help",
            ),
        ),
        data_testid=f"{area}-chain",
    )


def _end(name: str, label: str, value: str) -> rx.Component:
    error = NamespacePage.check_errors[name]
    return rx.el.div(
        rx.el.label(label, html_for=f"check_{name}", class_name="field-label"),
        rx.el.input(
            type="text",
            id=f"check_{name}",
            name=name,
            default_value=value,
            list="check_ends",
            max_length=63,
            class_name="control",
            auto_complete="off",
            spell_check=False,
            aria_describedby=f"check_error_{name}",
            aria_invalid=rx.cond(error, "true", "false"),
            data_testid=f"check-{name}",
        ),
        rx.el.p(
            error, id=f"check_error_{name}", class_name="field-error",
            data_testid=f"error-check-{name}",
        ),
        class_name="fit-field",
    )  # fmt: skip


def _protocol() -> rx.Component:
    return rx.el.div(
        rx.el.label("Protocol", html_for="check_protocol", class_name="field-label"),
        rx.el.div(
            rx.el.select(
                *(rx.el.option(name, value=name) for name in PROTOCOLS),
                id="check_protocol",
                name="protocol",
                default_value=NamespacePage.check_protocol,
                class_name="control",
                data_testid="check-protocol",
            ),
            rx.icon("chevron-down", size=16, class_name="select-mark", aria_hidden="true"),
            class_name="select",
        ),
        class_name="fit-field",
    )


def _answer() -> rx.Component:
    cell = NamespacePage.checked
    shown = rx.el.div(
        rx.el.p(
            status_badge(
                cell.word, cell.tone, test_id="check-answer", raw=cell.raw, as_of=Shell.as_of
            ),
            " ",
            cell.source,
            " to ",
            cell.target,
            ", ",
            rx.el.span(cell.port, class_name="mono"),
            class_name="check-answer",
        ),
        rule_chain(cell, "check"),
        class_name="part",
        role="status",
    )
    return rx.cond(cell.key != "", shown, rx.fragment())


def checker_card() -> rx.Component:
    """Build the card."""
    return card(
        rx.el.form(
            rx.el.div(
                _end("from", "From", NamespacePage.check_from),
                _end("to", "To", NamespacePage.check_to),
                _end("port", "Port", NamespacePage.check_port),
                _protocol(),
                rx.el.button(
                    rx.icon("search-check", size=16, aria_hidden="true"),
                    "Check",
                    type="submit",
                    class_name="button",
                    data_testid="check-ask",
                ),
                class_name="check-fields",
            ),
            rx.el.datalist(
                rx.foreach(
                    NamespacePage.network_ends, lambda end: rx.el.option(value=end, key=end)
                ),
                id="check_ends",
            ),
            key=NamespacePage.check_key,
            on_submit=NamespacePage.check_network,
            reset_on_submit=False,
        ),
        _answer(),
        title="Does it get through?",
        note="One end is this namespace; the other one of the list, an address, or another "
        "namespace of yours",
        test_id="namespace-check",
        class_name="span-12",
    )
