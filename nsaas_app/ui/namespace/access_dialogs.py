"""The dialogs about access: let somebody in, and take a role away. Both ask by a request."""

import reflex as rx

from ...domain.access import AccessRole, SubjectKind
from ..components.choices import choice_card, choice_cards
from ..components.fields import text_field
from .acting import Acting
from .dialogs import (
    button_row,
    dialog_frame,
    field_events,
    justification_field,
    object_list,
    plain_cancel,
    submit_change,
    verdict,
)
from .state import NamespacePage

__all__ = ["access_dialogs"]

_KINDS = {
    SubjectKind.GROUP: "A group",
    SubjectKind.USER: "One person",
    SubjectKind.SERVICE_ACCOUNT: "An account of pods here",
}
_ROLES = {
    AccessRole.VIEWER: "Viewer: sees, changes nothing",
    AccessRole.DEVELOPER: "Developer: runs workloads",
    AccessRole.LEAD: "Lead: also publishes and gives access",
}


def _choice(name: str, label: str, words: dict[SubjectKind, str] | dict[AccessRole, str],
            help_text: str) -> rx.Component:  # fmt: skip
    cards = (
        choice_card(name, key.value, rx.el.span(text, class_name="choice-title"))
        for key, text in words.items()
    )
    return choice_cards(
        name, label, Acting.form[name], *cards, edit=Acting.edit, help_text=help_text,
        error=Acting.errors[name], columns="3",
    )  # fmt: skip


def _grant() -> rx.Component:
    return dialog_frame(
        "grant",
        f"Let somebody into {NamespacePage.title}",
        "The portal writes the RoleBinding and proves afterwards that it does what it should.",
        _choice("grant_kind", "Who", _KINDS, "Groups come first: people change, groups stay."),
        text_field(
            "grant_name", "Name", Acting.form["grant_name"], is_mono=True,
            help_text="As the identity provider or the namespace names it.",
            **field_events("grant_name"),
        ),
        _choice("grant_role", "Role", _ROLES, "Nobody here opens the network or the quota."),
        text_field(
            "grant_days", "Until, in days", Acting.form["grant_days"], input_mode="numeric",
            help_text="Empty: no end. Otherwise the portal takes the role away by itself.",
            **field_events("grant_days"),
        ),
        verdict(),
        object_list(),
        justification_field(),
        button_row(submit_change("Let in", "grant-submit"), plain_cancel()),
    )  # fmt: skip


def _revoke() -> rx.Component:
    return dialog_frame(
        "revoke",
        "Take this role away",
        rx.fragment(
            "The binding of ",
            rx.el.span(Acting.form["grant"], class_name="mono", data_testid="revoke-whom"),
            " goes as soon as the request is carried out. What they started runs on.",
        ),
        verdict(),
        object_list(),
        justification_field(),
        button_row(submit_change("Take away", "revoke-submit"), plain_cancel()),
    )


def access_dialogs() -> rx.Component:
    """Build both."""
    return rx.fragment(_grant(), _revoke())
