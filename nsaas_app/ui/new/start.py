"""What the wizard can begin from: a template, a document, a draft that was left, a namespace."""

import reflex as rx

from ...domain.templates import TEMPLATES
from ..components.fields import SETTLE_MS, field_frame
from ..components.instant import relative_time
from .kept import KeptLine
from .state import NewState

__all__ = ["adoption_banner", "start_from"]


def _templates() -> rx.Component:
    """Offer the templates: each begins the form anew."""
    return rx.el.div(
        rx.el.span("Begin from a template:"),
        *(
            rx.link(
                template.title,
                href=f"/new?from=template:{template.id}",
                class_name="chip",
                title=template.description,
                data_testid=f"template-{template.id}",
            )
            for template in TEMPLATES
        ),
        class_name="chips",
        data_testid="templates",
    )


def _left(line: KeptLine) -> rx.Component:
    return rx.el.li(
        rx.link(
            line.title,
            href=f"/new?draft={line.key}",
            class_name="line-link mono",
            data_testid=f"draft-{line.key}",
        ),
        rx.el.span("left ", relative_time(line.at, test_id=f"draft-{line.key}-age")),
        rx.el.button(
            rx.icon("x", size=14, aria_hidden="true"),
            type="button",
            on_click=NewState.drop(line.key),
            class_name="icon-button",
            aria_label=f"Forget the draft {line.title}",
            data_testid=f"draft-{line.key}-drop",
        ),
        key=line.key,
        class_name="line line-short",
    )


def _drafts() -> rx.Component:
    """Offer what was left unfinished."""
    found = rx.el.details(
        rx.el.summary(
            "Unfinished drafts: ",
            rx.el.span(NewState.drafts.length()),  # type: ignore[attr-defined]  # a Var
            data_testid="drafts-toggle",
        ),
        rx.el.ul(rx.foreach(NewState.drafts, _left), class_name="lines"),
        class_name="fold",
        data_testid="drafts",
    )
    return rx.cond(NewState.drafts, found, rx.fragment())


def _document() -> rx.Component:
    """Take a document in place of typing."""
    control = rx.debounce_input(
        rx.el.textarea(
            id="field_pasted",
            value=NewState.pasted,
            on_change=NewState.paste,
            class_name="control control-tall mono",
            rows="6",
            placeholder="kind: NamespaceRequest",
            spell_check=False,
            aria_describedby="help_pasted error_pasted",
            aria_invalid=rx.cond(NewState.paste_error != "", "true", "false"),
            data_testid="field-pasted",
        ),
        debounce_timeout=SETTLE_MS,
    )
    return rx.el.details(
        rx.el.summary("Paste YAML", data_testid="paste-toggle"),
        field_frame(
            "pasted",
            "Document",
            control,
            help_text="As nsaas export writes it, or a spec alone. It fills in the form.",
            error=NewState.paste_error,
        ),
        rx.el.button(
            "Fill in the form",
            type="button",
            on_click=NewState.read_pasted,
            class_name="button",
            data_testid="paste-read",
        ),
        class_name="fold",
    )


def _adopt() -> rx.Component:
    """Let an admin name a namespace that is there already."""
    form = rx.el.details(
        rx.el.summary("Adopt an existing namespace", data_testid="adopt-toggle"),
        rx.el.form(
            field_frame(
                "adopt",
                "Its name",
                rx.el.input(
                    type="text",
                    name="name",
                    id="field_adopt",
                    class_name="control mono",
                    auto_complete="off",
                    spell_check=False,
                    aria_describedby="help_adopt",
                    data_testid="field-adopt",
                ),
                help_text="What runs in it goes on. The review says what would change and break.",
                error="",
            ),
            rx.el.button(
                "Adopt namespace", type="submit", class_name="button", data_testid="adopt-begin"
            ),
            on_submit=NewState.adopt,
        ),
        class_name="fold",
    )
    return rx.cond(NewState.may_adopt, form, rx.fragment())


def _clone() -> rx.Component:
    """Begin like a namespace that is there already."""
    return rx.el.details(
        rx.el.summary("Clone an existing namespace", data_testid="clone-toggle"),
        rx.el.form(
            field_frame(
                "clone",
                "Its name",
                rx.el.input(
                    type="text",
                    name="name",
                    id="field_clone",
                    class_name="control mono",
                    auto_complete="off",
                    spell_check=False,
                    aria_describedby="help_clone error_clone",
                    aria_invalid=rx.cond(NewState.clone_error != "", "true", "false"),
                    data_testid="field-clone",
                ),
                help_text="Team, environment, size, network and labels are taken over; "
                "name, lifetime and access are the copy's own.",
                error=NewState.clone_error,
            ),
            rx.el.button(
                "Begin like it", type="submit", class_name="button", data_testid="clone-begin"
            ),
            on_submit=NewState.clone,
        ),
        class_name="fold",
    )


def start_from() -> rx.Component:
    """Offer every beginning but the empty one; nothing once one of them was taken."""
    is_free = (NewState.template == "") & (NewState.draft.adopts == "")
    return rx.cond(
        is_free,
        rx.el.div(
            _drafts(), _templates(), _clone(), _document(), _adopt(), class_name="start-from"
        ),
        rx.fragment(),
    )


def adoption_banner() -> rx.Component:
    """Say that this is about a namespace that is there already."""
    words = rx.el.div(
        rx.icon("info", size=18, class_name="shrink-0", aria_hidden="true"),
        rx.el.p(
            rx.el.strong("Adopting ", rx.el.span(NewState.draft.adopts, class_name="mono"), ". "),
            "What runs in it goes on; quota, defaults, network policies and access come to it. "
            "After the submit a cluster administrator must consent on the namespace itself.",
        ),
        class_name="banner banner-info",
        data_testid="adoption-banner",
    )
    return rx.cond(NewState.draft.adopts != "", words, rx.fragment())
