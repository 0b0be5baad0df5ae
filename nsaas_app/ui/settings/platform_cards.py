"""How the platform is set: policies in words and YAML, integrations, the preflight of rights."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.status import status_badge
from ..components.table import data_table, head_cell, table_cell
from ..integration_views import IntegrationRow
from .platform_rows import PolicyText, PreflightRow
from .state import SettingsState

__all__ = ["integrations_card", "policies_card", "preflight_card"]


def _again() -> rx.Component:
    return action_button(
        "Check again",
        "refresh-cw",
        SettingsState.check_again,
        test_id="platform-again",
        is_busy=SettingsState.is_checking,
    )


def _seen(*words: rx.Component | str) -> rx.Component:
    """Say when the cluster told so, and why it did not since."""
    trouble = rx.el.span(" ", SettingsState.trouble, data_testid="platform-trouble")
    told = rx.el.span(
        "The cluster told so ", relative_time(SettingsState.seen_at, test_id="platform-seen"), "."
    )
    return rx.el.span(
        *words,
        rx.cond(SettingsState.seen_at != "", told, rx.fragment()),
        rx.cond(SettingsState.trouble != "", trouble, rx.fragment()),
    )


def _unseen() -> rx.Component:
    return empty_state(
        "Nothing is known yet",
        "The cluster has not answered. It is asked again by itself.",
        icon="cloud-off",
        test_id="platform-empty",
    )


def _copy(text: str, what: str, test_id: str) -> rx.Component:
    return rx.el.button(
        rx.icon("copy", size=16, aria_hidden="true"),
        type="button",
        class_name="icon-button",
        aria_label=f"Copy {what}",
        on_click=[rx.set_clipboard(text), rx.toast(f"Copied {what}.")],
        data_testid=test_id,
    )


def _policy(row: PolicyText) -> rx.Component:
    area = f"policy-{row.name}"

    def note(text: str, *content: rx.Component | str) -> rx.Component:
        return rx.cond(text != "", rx.el.p(*content, class_name="line-note"), rx.fragment())

    text = rx.el.details(
        rx.el.summary("YAML", data_testid=f"{area}-text"),
        rx.el.div(
            rx.el.pre(
                row.manifest,
                class_name="raw",
                tab_index=0,
                aria_label=f"YAML of {row.name}",
                data_testid=f"{area}-manifest",
            ),
            _copy(row.manifest, f"the YAML of {row.name}", f"{area}-copy"),
            class_name="command",
        ),
        class_name="fold",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.name, class_name="mono line-name"),
            rx.el.p(row.words, class_name="line-note"),
            note(row.reason, row.reason),
            note(row.fix, "Fix: ", rx.el.code(row.fix)),
            text,
            class_name="line-main",
        ),
        status_badge(row.word, row.tone, test_id=area, raw=row.state),
        key=row.name,
        class_name="line line-wrap",
    )


def policies_card() -> rx.Component:
    """Show every admission policy: what it is for, how it stands, its text."""
    listed = rx.el.ul(rx.foreach(SettingsState.policies, _policy), class_name="lines")
    return card(
        rx.cond(SettingsState.policies, listed, _unseen()),
        title="Policies",
        note=_seen(
            "What confines the portal and protects what it owns, compared with what is shipped. "
        ),
        action=_again(),
        test_id="settings-policies",
    )


def _integration(row: IntegrationRow) -> rx.Component:
    area = f"integration-{row.key}"
    return rx.el.tr(
        rx.el.th(
            rx.el.div(
                rx.el.span(row.title, class_name="line-name"),
                rx.el.span(row.gives, class_name="line-note wraps"),
                class_name="pile",
            ),
            scope="row",
        ),
        table_cell("State", status_badge(row.word, row.tone, test_id=area, raw=row.state)),
        table_cell(
            "Version",
            rx.cond(row.version != "", rx.el.span(row.version, class_name="mono"), "\u2013"),
        ),
        table_cell("Why", rx.el.span(row.reason, class_name="wraps", data_testid=f"{area}-why")),
        table_cell("Seen", relative_time(row.seen_at, test_id=f"{area}-seen")),
        key=row.key,
        data_testid=f"{area}-row",
    )


def integrations_card() -> rx.Component:
    """Show what else on the cluster the portal can work with."""
    columns = ("Integration", "State", "Version", "Why", "Seen")
    table = data_table(
        *(head_cell(label) for label in columns),
        body=rx.foreach(SettingsState.integrations, _integration),
        label="Integrations",
        test_id="integrations-table",
    )
    return card(
        rx.cond(SettingsState.integrations, table, _unseen()),
        title="Integrations",
        note=_seen("Found by the APIs that the cluster serves and the controllers behind them. "),
        action=_again(),
        test_id="settings-integrations",
        class_name="card-wide-table",
    )


def _right(row: PreflightRow) -> rx.Component:
    area = f"right-{row.key}"
    rule = rx.el.div(
        rx.el.code(row.rule, class_name="mono wraps", data_testid=f"{area}-rule"),
        _copy(row.rule, "the rule", f"{area}-copy"),
        class_name="command",
    )
    return rx.el.tr(
        rx.el.th(rx.el.span(row.resource, class_name="mono wraps"), scope="row"),
        table_cell("Verbs", rx.el.span(row.verbs, class_name="wraps")),
        table_cell("Result", status_badge(row.word, row.tone, test_id=area, raw=row.state)),
        table_cell(
            "What lacks, and the rule to add",
            rx.el.div(
                rx.el.span(row.lacks, class_name="wraps"),
                rx.cond(row.rule != "", rule, rx.fragment()),
                class_name="pile",
            ),
            class_name=rx.cond(row.lacks != "", "", "card-hidden"),
        ),
        key=row.key,
        data_testid=f"{area}-row",
    )


def preflight_card() -> rx.Component:
    """Show every right and API the portal needs, and what to add where one lacks."""
    columns = ("Resource", "Verbs", "Result", "What lacks, and the rule to add")
    table = data_table(
        *(head_cell(label) for label in columns),
        body=rx.foreach(SettingsState.preflight, _right),
        label="Rights and APIs",
        test_id="preflight-table",
    )
    verdict = rx.el.span(SettingsState.preflight_word, " ", data_testid="preflight-verdict")
    return card(
        rx.cond(SettingsState.preflight, table, _unseen()),
        title="Preflight",
        note=_seen(
            verdict, "Asked of the cluster for the portal's own account, role nsaas-portal. "
        ),
        action=_again(),
        test_id="settings-preflight",
        class_name="card-wide-table",
    )
