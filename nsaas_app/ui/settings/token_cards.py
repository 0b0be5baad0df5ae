"""API tokens and login sessions: make a token, see and revoke those there are, sign out."""

from typing import Final

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.empty import empty_state
from ..components.fields import field_frame, text_field
from ..components.focus import focus_on
from ..components.instant import clock_time, relative_time
from ..components.plain_form import plain_form
from ..components.skeleton import skeleton_rows
from ..components.table import data_table, head_cell, table_cell
from .state import SettingsState
from .transform import SessionLine, TokenLine

__all__ = ["token_cards"]

_FORM_NOTE: Final = "For programs and the command line: it acts as you, within what you tick here."


def _switch(field: str, label: str, is_on: bool) -> rx.Component:  # noqa: FBT001 - a Var
    return rx.el.label(
        rx.checkbox(
            checked=is_on,
            aria_label=label,
            on_change=lambda on: SettingsState.switch(field, on),
            data_testid=f"field-{field}",
        ),
        rx.el.span(label),
        class_name="check-line",
    )


def _scopes() -> rx.Component:
    draft = SettingsState.draft
    always = "Read what you may see"
    boxes = rx.el.div(
        rx.el.label(
            rx.checkbox(
                checked=True, disabled=True, aria_label=always, data_testid="field-may_read"
            ),
            rx.el.span(always),
            class_name="check-line",
        ),
        _switch("may_write", "Request and change", draft.may_write),
        _switch("may_approve", "Approve and reject", draft.may_approve),
        role="group",
        aria_labelledby="label_scopes",
    )
    return field_frame(
        "scopes",
        "It may",
        boxes,
        help_text="Never more than you may yourself at that moment.",
        error=SettingsState.errors["scopes"],
        is_group=True,
    )


def _form() -> rx.Component:
    draft = SettingsState.draft
    return card(
        text_field(
            "name",
            "Name",
            draft.name,
            edit=SettingsState.edit,
            leave=SettingsState.leave,
            help_text="What it is for, so that you know it again.",
            error=SettingsState.errors["name"],
        ),
        _scopes(),
        text_field(
            "expires_in_days",
            "Days until it expires",
            draft.expires_in_days,
            edit=SettingsState.edit,
            leave=SettingsState.leave,
            help_text="1 to 90.",
            error=SettingsState.errors["expires_in_days"],
            input_mode="numeric",
        ),
        action_button(
            "Make token",
            "key-round",
            SettingsState.create,
            test_id="token-create",
            is_busy=SettingsState.is_busy,
            look="primary",
        ),
        title="New API token",
        note=_FORM_NOTE,
        test_id="token-form",
    )


def _closed() -> rx.Component:
    return card(
        rx.el.p(
            rx.icon("lock", size=16, class_name="shrink-0", aria_hidden="true"),
            rx.el.span("Your role reads only, so it makes no tokens. A member of a team does."),
            class_name="verdict",
            data_testid="token-form-reason",
        ),
        title="New API token",
        test_id="token-closed",
    )


def _may_make() -> rx.Component:
    opened = rx.cond(SettingsState.may_change, _form(), _closed())
    loading = card(
        skeleton_rows(10, height="42.8px"),
        title="New API token",
        note=_FORM_NOTE,
        test_id="token-loading",
    )
    return rx.cond(SettingsState.is_loaded, opened, loading)


def _made() -> rx.Component:
    shown = card(
        rx.el.div(
            rx.el.code(SettingsState.made, class_name="mono wraps", data_testid="token-secret"),
            rx.el.button(
                rx.icon("copy", size=16, aria_hidden="true"),
                type="button",
                class_name="icon-button",
                aria_label="Copy the token",
                on_click=[rx.set_clipboard(SettingsState.made), rx.toast("Copied the token.")],
                data_testid="token-copy",
            ),
            class_name="command",
        ),
        rx.el.div(
            action_button("I keep it", "check", SettingsState.keep, test_id="token-keep"),
            class_name="dialog-actions",
        ),
        title=f"Your token {SettingsState.made_name}",
        note="Copy it now. It is shown this one time; the portal itself does not know it.",
        test_id="token-made",
    )
    return rx.el.div(rx.cond(SettingsState.made != "", shown, rx.fragment()), role="status")


def _token(line: TokenLine) -> rx.Component:
    area = f"token-row-{line.id}"
    return rx.el.tr(
        rx.el.th(rx.el.span(line.name, class_name="wraps"), scope="row"),
        table_cell("May", line.scopes),
        table_cell("Made", relative_time(line.created_at, test_id=f"{area}-created")),
        table_cell("Last used", relative_time(line.last_used_at, test_id=f"{area}-used")),
        table_cell("Expires", clock_time(line.expires_at, test_id=f"{area}-expires")),
        table_cell(
            "Action",
            rx.el.button(
                "Revoke",
                rx.el.span(" ", line.name, class_name="sr-only"),
                type="button",
                on_click=SettingsState.ask_revoke(line.id),
                class_name="button",
                data_testid=f"{area}-revoke",
            ),
        ),
        key=line.id,
        data_testid=area,
    )


def _tokens() -> rx.Component:
    columns = ("Name", "May", "Made", "Last used", "Expires", "Action")
    table = data_table(
        *(head_cell(label) for label in columns),
        body=rx.foreach(SettingsState.tokens, _token),
        label="Your API tokens",
        test_id="token-table",
    )
    nothing = empty_state(
        "No token yet", "Programs and the command line sign in with one.", icon="key-round"
    )
    listed = rx.cond(SettingsState.tokens, table, nothing)
    return card(
        rx.cond(SettingsState.is_loaded, listed, skeleton_rows(1)),
        title="Your API tokens",
        note="Tokens in force; revoked and expired ones are not listed.",
        test_id="token-card",
        class_name="card-table",
    )


def _session(line: SessionLine) -> rx.Component:
    area = f"session-row-{line.id}"
    return rx.el.tr(
        rx.el.th(rx.cond(line.is_current, "This browser", "Another browser"), scope="row"),
        table_cell("Signed in", relative_time(line.created_at, test_id=f"{area}-created")),
        table_cell("Last used", relative_time(line.last_seen_at, test_id=f"{area}-seen")),
        table_cell("Ends at the latest", clock_time(line.expires_at, test_id=f"{area}-expires")),
        key=line.id,
        data_testid=area,
    )


def _sessions() -> rx.Component:
    columns = ("Where", "Signed in", "Last used", "Ends at the latest")
    out = plain_form(
        rx.el.button(
            rx.icon("log-out", size=16, aria_hidden="true"),
            "Sign out everywhere",
            type="submit",
            class_name="button",
            data_testid="sign-out-everywhere",
        ),
        action="/auth/logout?everywhere=true",
    )
    table = data_table(
        *(head_cell(label) for label in columns),
        body=rx.foreach(SettingsState.sessions, _session),
        label="Where you are signed in",
        test_id="session-table",
    )
    return card(
        rx.cond(SettingsState.is_loaded, table, skeleton_rows(2)),
        title="Where you are signed in",
        note="Signing out cuts every open page at once. API tokens stay.",
        action=out,
        test_id="session-card",
        class_name="card-table",
    )


def _revoke() -> rx.Component:
    token = SettingsState.revoking
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(f"Revoke {token.name}", custom_attrs={"as": "h2"}),
            rx.alert_dialog.description(
                "Whatever uses it is refused from now on. This cannot be taken back; "
                "make a new token instead.",
                class_name="card-note dialog-note",
            ),
            rx.el.div(
                rx.alert_dialog.cancel(
                    rx.el.button(
                        "Keep it", type="button", class_name="button", data_testid="dialog-cancel"
                    )
                ),
                action_button(
                    "Revoke", "trash-2", SettingsState.revoke, test_id="revoke-submit",
                    look="danger",
                ),
                class_name="dialog-actions",
            ),
            max_width="480px",
            on_close_auto_focus=focus_on(SettingsState.revoke_opener),
            data_testid="dialog-revoke",
        ),
        open=token.id != "",
        on_open_change=SettingsState.close_revoke,
    )  # fmt: skip


def token_cards() -> rx.Component:
    """Show one's own tokens and sessions."""
    return rx.fragment(_made(), _may_make(), _tokens(), _sessions(), _revoke())
