"""The dialogs that change a team: a new one, its budget, its groups."""

from typing import Any

import reflex as rx

from ...domain.environments import Environment
from ..components.action import action_button
from ..components.fields import SETTLE_MS, field_frame, text_area, text_field
from ..components.problem import error_card
from .state import TeamForm

__all__ = ["team_dialogs"]


def _field(name: str, label: str, help_text: str, **props: Any) -> rx.Component:
    return text_field(
        name,
        label,
        TeamForm.form[name],
        edit=TeamForm.edit,
        leave=TeamForm.leave,
        help_text=help_text,
        error=TeamForm.errors[name],
        warning=TeamForm.warnings[name],
        **props,
    )


def _groups(name: str, label: str, help_text: str) -> rx.Component:
    control = rx.debounce_input(
        rx.el.textarea(
            value=TeamForm.form[name],
            on_change=lambda text: TeamForm.edit(name, text),
            on_blur=lambda _text: TeamForm.leave(name),
            class_name="control control-tall mono",
            rows="3",
            spell_check=False,
            id=f"field_{name}",
            aria_describedby=f"help_{name} error_{name}",
            aria_invalid=rx.cond(TeamForm.errors[name], "true", "false"),
            data_testid=f"field-{name}",
        ),
        debounce_timeout=SETTLE_MS,
    )
    return field_frame(
        name,
        label,
        control,
        help_text=help_text,
        error=TeamForm.errors[name],
        warning=TeamForm.warnings[name],
    )


def _area(name: str, label: str, help_text: str) -> rx.Component:
    return text_area(
        name,
        label,
        TeamForm.form[name],
        edit=TeamForm.edit,
        leave=TeamForm.leave,
        help_text=help_text,
        error=TeamForm.errors[name],
    )


def _described() -> rx.Component:
    return rx.fragment(
        _field("display_name", "Display name", "Stands beside the name in lists."),
        _field("cost_center", "Cost centre", "Who pays, where a request names nobody else."),
    )


def _budget() -> rx.Component:
    limits = rx.el.div(
        _field("namespaces", "Namespaces", "All together.", input_mode="numeric"),
        _field("cpu", "CPU requests", "Cores, such as 16 or 500m."),
        _field("memory", "Memory requests", "Such as 32Gi."),
        _field("storage", "Storage requests", "Such as 400Gi."),
        class_name="field-grid",
    )
    environments = rx.el.div(
        *(
            _field(each.value, f"In {each.value}", "Namespaces.", input_mode="numeric")
            for each in Environment
        ),
        class_name="field-grid",
    )
    return rx.el.div(
        rx.el.h3("Budget", class_name="part-title"), limits, environments, class_name="part"
    )


def _members() -> rx.Component:
    return rx.fragment(
        _groups("lead", "Leads", "Groups of the identity provider, one on a line."),
        _groups("developer", "Developers", "They request, change and release namespaces."),
        _groups("viewer", "Viewers", "They read."),
    )


def _dialog(action: str, title: Any, text: str, *content: rx.Component) -> rx.Component:
    other = rx.cond(
        TeamForm.errors["other"],
        rx.el.p(
            rx.icon("octagon-x", size=14, class_name="shrink-0", aria_hidden="true"),
            rx.el.span(TeamForm.errors["other"]),
            class_name="field-error dialog-error",
            data_testid="error-other",
        ),
        rx.fragment(),
    )
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, custom_attrs={"as": "h2"}),
            rx.dialog.description(text, class_name="card-note dialog-note"),
            error_card(TeamForm.problem),
            other,
            *content,
            max_width="640px",
            on_close_auto_focus=TeamForm.give_back_focus,
            data_testid=f"dialog-{action}",
        ),
        open=TeamForm.action == action,
        on_open_change=TeamForm.close,
    )


def _row(label: str, event: Any) -> rx.Component:
    cancel = rx.dialog.close(
        rx.el.button("Cancel", type="button", class_name="button", data_testid="dialog-cancel")
    )
    submit = action_button(
        label, "check", event, test_id="team-submit", is_busy=TeamForm.is_busy, look="primary"
    )
    return rx.el.div(cancel, submit, class_name="dialog-actions")


def team_dialogs() -> rx.Component:
    """Build every dialog; one is open at most."""
    create = _dialog(
        "create",
        "New team",
        "Whoever is in one of its groups belongs to it from the next click on.",
        _field("name", "Name", "Part of the names of its namespaces. It stays.", is_mono=True),
        _described(),
        _budget(),
        rx.el.div(rx.el.h3("Members", class_name="part-title"), _members(), class_name="part"),
        _row("Create team", TeamForm.submit_team),
    )
    edit = _dialog(
        "edit",
        f"Edit team {TeamForm.title}",
        "A smaller budget takes nothing away; it refuses what is new.",
        _described(),
        _budget(),
        _row("Save", TeamForm.submit_team),
    )
    members = _dialog(
        "members",
        f"Members of {TeamForm.title}",
        "Roles in the portal follow at once. Namespaces keep the access they have: it is changed "
        "on each one's page.",
        _members(),
        _row("Save", TeamForm.submit_members),
    )
    ask = _dialog(
        "ask",
        f"Ask for a larger budget of {TeamForm.title}",
        "Write what each limit should be. The platform admins find it in their inbox; what is "
        "booked goes on meanwhile.",
        _budget(),
        _area("reason", "Why", "At least 20 characters: whoever decides must know."),
        _row("Ask", TeamForm.submit_ask),
    )
    decline = _dialog(
        "decline",
        f"Decline the wish of {TeamForm.title}",
        "The budget stays as it is. Whoever asked finds the reason in their inbox.",
        _area("comment", "Why not", "One sentence that helps."),
        _row("Decline", TeamForm.submit_decline),
    )
    return rx.fragment(create, edit, members, ask, decline)
