"""The dialogs of a namespace's page: renew, change the size, edit, release, delete."""

from typing import Any

import reflex as rx

from ..components.action import action_button
from ..components.budget import budget_list
from ..components.choices import choice_cards
from ..components.facts import fact_list
from ..components.fields import text_area, text_field
from ..components.instant import clock_time
from ..components.problem import error_card
from ..components.status import tone_icon
from ..new.cards import tier_card
from ..shell.waiting import waits_note
from .acting import Acting
from .proposal import ObjectLine
from .state import NamespacePage

__all__ = [
    "button_row",
    "dialog_frame",
    "dialogs",
    "field_events",
    "justification_field",
    "object_list",
    "plain_cancel",
    "submit_change",
    "verdict",
]


def field_events(name: str) -> dict[str, Any]:
    """Events and error of one field of a dialog."""
    return {"edit": Acting.edit, "leave": Acting.leave, "error": Acting.errors[name]}


def verdict() -> rx.Component:
    """Say whether somebody must approve it."""
    return rx.cond(
        Acting.approval != "",
        rx.el.p(
            rx.cond(
                Acting.needs_approval,
                rx.icon(
                    "hourglass", size=16, class_name="tone-waiting shrink-0", aria_hidden="true"
                ),
                rx.icon("circle-check", size=16, class_name="tone-ok shrink-0", aria_hidden="true"),
            ),
            rx.el.span(Acting.approval),
            class_name="verdict",
            data_testid="action-approval",
        ),
        rx.fragment(),
    )


def _other_error() -> rx.Component:
    """Tell a broken rule whose field is not in the dialog."""
    return rx.cond(
        Acting.errors["other"],
        rx.el.p(
            rx.icon("octagon-x", size=14, class_name="shrink-0", aria_hidden="true"),
            rx.el.span(Acting.errors["other"]),
            class_name="field-error dialog-error",
            data_testid="error-other",
        ),
        rx.fragment(),
    )


def justification_field() -> rx.Component:
    """Ask for the reason that an approver reads, where there is one."""
    field = text_area(
        "justification",
        "Why is it needed",
        Acting.form["justification"],
        help_text="An approver reads this. At least 20 characters.",
        **field_events("justification"),
    )
    return rx.cond(Acting.needs_approval, field, rx.fragment())


def _typed_name() -> rx.Component:
    field = text_field(
        "confirm",
        f"Type {NamespacePage.title} to confirm",
        Acting.form["confirm"],
        help_text="Pasting it is fine.",
        is_mono=True,
        **field_events("confirm"),
    )
    return rx.cond(Acting.needs_name, field, rx.fragment())


def _effects() -> rx.Component:
    cost = rx.el.div(
        rx.el.h3("Cost", class_name="part-title"),
        rx.el.p(Acting.cost.text, class_name="cost num", data_testid="action-cost"),
        rx.el.p(Acting.cost.note, class_name="field-help"),
        class_name="part",
    )
    budget = rx.el.div(
        rx.el.h3("Team budget, before → after", class_name="part-title"),
        budget_list(Acting.budget),
        class_name="part",
    )
    return rx.cond(Acting.budget, rx.fragment(cost, budget), rx.fragment())


def _object(line: ObjectLine) -> rx.Component:
    return rx.el.li(
        tone_icon(line.tone),
        rx.el.div(
            rx.el.span(line.identity, class_name="mono"),
            rx.el.p(line.paths, class_name="field-help"),
            rx.cond(
                line.refusal != "", rx.el.p(line.refusal, class_name="field-error"), rx.fragment()
            ),
            class_name="line-main",
        ),
        rx.el.span(line.word),
        key=line.identity,
        class_name="line line-short",
        data_testid=f"object-{line.identity}",
        data_state=line.word,
    )


def object_list() -> rx.Component:
    """Say what is written, each object as the API server took it in a dry run."""
    shown = rx.el.div(
        rx.el.h3("What is written, tried on the API server", class_name="part-title"),
        rx.el.ul(rx.foreach(Acting.objects, _object), class_name="lines"),
        class_name="part",
        data_testid="action-objects",
    )
    silence = rx.el.p(Acting.silence, class_name="field-help", data_testid="action-silence")
    return rx.fragment(
        rx.cond(Acting.objects, shown, rx.fragment()),
        rx.cond(Acting.silence != "", silence, rx.fragment()),
    )


def button_row(submit: rx.Component, cancel: rx.Component) -> rx.Component:
    """Put the way out beside the way on."""
    return rx.el.div(cancel, submit, class_name="dialog-actions")


def plain_cancel() -> rx.Component:
    """Leave without asking for anything."""
    return rx.dialog.close(
        rx.el.button("Cancel", type="button", class_name="button", data_testid="dialog-cancel")
    )


def dialog_frame(
    action: str, title: Any, text: Any, *content: rx.Component, max_width: str = "640px"
) -> rx.Component:
    """Frame a dialog; it is open while its action is the one at hand."""
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, custom_attrs={"as": "h2"}),
            rx.dialog.description(text, class_name="card-note dialog-note"),
            waits_note(),
            error_card(Acting.problem),
            _other_error(),
            *content,
            max_width=max_width,
            on_close_auto_focus=Acting.give_back_focus,
            data_testid=f"dialog-{action}",
        ),
        open=Acting.action == action,
        on_open_change=Acting.close,
    )


def _danger_dialog(action: str, title: Any, text: Any, *content: rx.Component) -> rx.Component:
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(title, custom_attrs={"as": "h2"}),
            rx.alert_dialog.description(text, class_name="card-note dialog-note"),
            waits_note(),
            error_card(Acting.problem),
            _other_error(),
            *content,
            max_width="560px",
            on_close_auto_focus=Acting.give_back_focus,
            data_testid=f"dialog-{action}",
        ),
        open=Acting.action == action,
        on_open_change=Acting.close,
    )


def _renew() -> rx.Component:
    days = text_field(
        "expires_in_days",
        "Lifetime in days",
        Acting.form["expires_in_days"],
        help_text=Acting.lifetime_help,
        input_mode="numeric",
        **field_events("expires_in_days"),
    )
    ends = rx.el.p(
        rx.icon("calendar-plus", size=16, class_name="shrink-0", aria_hidden="true"),
        rx.el.span(
            "It ends ",
            clock_time(Acting.ends_at, test_id="renew-ends"),
            " instead of ",
            clock_time(NamespacePage.expires_at, test_id="renew-ended"),
            ".",
        ),
        class_name="verdict",
    )
    return dialog_frame(
        "renew",
        f"Renew {NamespacePage.title}",
        "Put the end of its lifetime off.",
        days,
        rx.cond(Acting.ends_at != "", ends, rx.fragment()),
        verdict(),
        object_list(),
        justification_field(),
        button_row(submit_change("Renew", "renew-submit"), plain_cancel()),
    )


def submit_change(label: str, test_id: str) -> rx.Component:
    """Ask for the change; closed while nothing would change."""
    return action_button(
        label,
        "check",
        Acting.submit_change,
        test_id=test_id,
        reason=rx.cond(Acting.is_same, "It is as asked already.", ""),
        is_busy=Acting.is_busy,
        look="primary",
    )


def _resize() -> rx.Component:
    return dialog_frame(
        "resize",
        f"Change the size of {NamespacePage.title}",
        "Its quota and container defaults follow the tier; pods that run are not restarted.",
        choice_cards(
            "tier",
            "Tier",
            Acting.form["tier"],
            rx.foreach(Acting.tiers, lambda option: tier_card("tier", option)),
            edit=Acting.edit,
            help_text="CPU and memory: what all pods together may request, and their limit.",
            error=Acting.errors["tier"],
            columns="2",
        ),
        verdict(),
        _effects(),
        object_list(),
        justification_field(),
        button_row(submit_change("Change size", "resize-submit"), plain_cancel()),
    )


def _describe() -> rx.Component:
    def field(name: str, label: str, help_text: str) -> rx.Component:
        return text_field(name, label, Acting.form[name], help_text=help_text, **field_events(name))

    return dialog_frame(
        "describe",
        f"Edit the details of {NamespacePage.title}",
        "What people read; nothing that runs is touched.",
        field("display_name", "Display name", "Stands beside the name in lists."),
        text_area(
            "description", "Description", Acting.form["description"],
            help_text="What it is for.", **field_events("description"),
        ),
        field("owner", "Owner", "A member of the team: who is asked first."),
        field("cost_center", "Cost centre", "Who pays."),
        verdict(),
        object_list(),
        justification_field(),
        button_row(submit_change("Save", "describe-submit"), plain_cancel()),
    )  # fmt: skip


def _words() -> rx.Component:
    return dialog_frame(
        "labels",
        f"Edit the labels of {NamespacePage.title}",
        "They stand on the Namespace object beside those of the portal, which nobody edits.",
        text_area(
            "labels", "Labels", Acting.form["labels"],
            help_text="One key=value a line; what is left out is taken off.",
            **field_events("labels"),
        ),
        text_area(
            "annotations", "Annotations", Acting.form["annotations"],
            help_text="One key=value a line.", **field_events("annotations"),
        ),
        verdict(),
        object_list(),
        justification_field(),
        button_row(submit_change("Save", "labels-submit"), plain_cancel()),
    )  # fmt: skip


def _impact() -> rx.Component:
    return rx.el.div(
        rx.el.h3("What is inside", class_name="part-title"),
        fact_list(Acting.impact, area="impact"),
        class_name="part part-last",
    )


def _danger_row(label: str, icon: str, event: Any, test_id: str) -> rx.Component:
    # Focus starts on the way out, never on the danger.
    cancel = rx.alert_dialog.cancel(
        rx.el.button("Keep it", type="button", class_name="button", data_testid="dialog-cancel")
    )
    submit = action_button(
        label, icon, event, test_id=test_id, is_busy=Acting.is_busy, look="danger"
    )
    return button_row(submit, cancel)


def _release() -> rx.Component:
    kept = rx.el.p(
        rx.icon("clock-alert", size=16, class_name="tone-ending shrink-0", aria_hidden="true"),
        rx.el.span(
            "Restorable until ",
            clock_time(Acting.restorable_until, test_id="release-restorable"),
            ", with everything that is inside.",
        ),
        class_name="verdict",
    )
    return _danger_dialog(
        "release",
        f"Release {NamespacePage.title}",
        "Everybody loses access at once and what runs is stopped. After the grace period its "
        "manifests are exported and it is deleted.",
        _impact(),
        rx.cond(Acting.restorable_until != "", kept, rx.fragment()),
        verdict(),
        object_list(),
        justification_field(),
        _typed_name(),
        _danger_row("Release", "archive", Acting.submit_release, "release-submit"),
    )


def _delete() -> rx.Component:
    return _danger_dialog(
        "delete",
        f"Delete {NamespacePage.title} for good",
        "The cluster removes the namespace with everything inside. This cannot be taken back; "
        "the name stays reserved for the team.",
        _impact(),
        object_list(),
        _typed_name(),
        _danger_row("Delete for good", "trash-2", Acting.submit_delete, "delete-submit"),
    )


def dialogs() -> rx.Component:
    """Build every dialog of the page; one is open at most."""
    return rx.fragment(
        _renew(),
        _resize(),
        _describe(),
        _words(),
        _release(),
        _delete(),
    )
