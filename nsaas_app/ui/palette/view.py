"""The palette on the page: a button in the header, and a dialog with a field over a list."""

from typing import Any, Final

import reflex as rx

from .items import PaletteGroup, PaletteItem
from .state import FIELD, Palette

__all__ = ["palette"]

_SETTLE_MS: Final = 120
_LIST: Final = "palette-list"
_HELP: Final = (
    ("↑ ↓", "Choose a line"),
    ("Enter", "Open it"),
    ("Esc", "Close"),
    (">", "Actions only"),
    ("@", "Teams only"),
    ("#", "Requests only"),
    ("?", "This help"),
    ("Ctrl K, ⌘ K", "Open the search, from everywhere"),
)


def _button() -> rx.Component:
    return rx.el.button(
        rx.icon("search", size=16, aria_hidden="true"),
        rx.el.span("Search", class_name="palette-word"),
        rx.el.kbd("Ctrl K", class_name="palette-keys", aria_hidden="true"),
        type="button",
        class_name="palette-button",
        aria_label="Search and go to",
        custom_attrs={"aria-keyshortcuts": "Control+K Meta+K"},
        data_testid="palette-open",
    )


def _icon(kind: Any) -> rx.Component:
    def icon(name: str) -> rx.Component:
        return rx.icon(name, size=16, aria_hidden="true", class_name="shrink-0")

    return rx.match(
        kind,
        ("namespace", icon("box")),
        ("team", icon("users")),
        ("request", icon("list-checks")),
        ("action", icon("zap")),
        icon("file-text"),
    )


def _item(item: PaletteItem) -> rx.Component:
    is_active = Palette.active == item.key
    return rx.el.div(
        _icon(item.kind),
        rx.el.span(item.label, class_name="palette-label"),
        rx.el.span(item.note, class_name="palette-note"),
        id=item.key,
        key=item.key,
        role="option",
        aria_selected=rx.cond(is_active, "true", "false"),
        on_click=Palette.open_item(item.key),
        class_name=rx.cond(is_active, "palette-item palette-active", "palette-item"),
        data_testid=f"palette-item-{item.key}",
    )


def _group(group: PaletteGroup) -> rx.Component:
    return rx.el.div(
        rx.el.p(group.label, class_name="palette-group", aria_hidden="true"),
        rx.foreach(group.lines, _item),
        role="group",
        aria_label=group.label,
        key=group.name,
    )


def _on_key(key: Any, _info: Any) -> Any:
    return rx.cond(
        key == "ArrowDown",
        Palette.move(1).prevent_default,
        rx.cond(key == "ArrowUp", Palette.move(-1).prevent_default, rx.noop()),
    )


def _field() -> rx.Component:
    field = rx.el.input(
        id=FIELD,
        name=FIELD,
        type="text",
        role="combobox",
        # Uncontrolled: what arrives never touches what is being typed.
        default_value="",
        on_change=Palette.search.debounce(_SETTLE_MS),
        on_key_down=_on_key,
        placeholder="Search namespaces, teams, requests, pages",
        auto_complete="off",
        spell_check=False,
        class_name="palette-field",
        aria_label="Search and go to",
        aria_expanded=rx.cond(Palette.groups, "true", "false"),
        aria_controls=_LIST,
        aria_autocomplete="list",
        custom_attrs={"aria-activedescendant": Palette.active},
        data_testid="palette-input",
    )
    return rx.el.form(
        rx.icon("search", size=18, aria_hidden="true", class_name="shrink-0"),
        field,
        on_submit=Palette.choose,
        reset_on_submit=False,
        class_name="palette-form",
    )


def _help() -> rx.Component:
    rows = [rx.fragment(rx.el.dt(rx.el.kbd(keys)), rx.el.dd(meaning)) for keys, meaning in _HELP]
    return rx.el.dl(*rows, class_name="palette-help", data_testid="palette-help")


def _nothing() -> rx.Component:
    return rx.el.p(
        rx.cond(
            Palette.problem != "",
            rx.fragment("The search does not answer: ", Palette.problem),
            "Nothing that you may see matches. Type ? for help.",
        ),
        class_name="palette-nothing",
        role=rx.cond(Palette.problem != "", "alert", "note"),
        data_testid=rx.cond(Palette.problem != "", "palette-error", "palette-empty"),
    )


def _results() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.foreach(Palette.groups, _group),
            id=_LIST,
            role="listbox",
            aria_label="Results",
            class_name=rx.cond(
                Palette.is_by_keys, "palette-list palette-following", "palette-list"
            ),
            data_testid="palette-results",
            data_value=Palette.text,
        ),
        rx.cond(Palette.is_help, _help(), rx.cond(Palette.groups, rx.fragment(), _nothing())),
    )


def palette() -> rx.Component:
    """Build the button and its dialog, and listen for its keys.

    Other keys send nothing to the server.
    """
    listener = rx.window_event_listener(
        on_key_down=lambda key, info: rx.cond(
            (key == "k") & (info.ctrl_key | info.meta_key),
            Palette.open_palette().prevent_default,
            rx.noop(),
        )
    )
    content = rx.dialog.content(
        rx.dialog.title("Search and go to", class_name="sr-only", custom_attrs={"as": "h2"}),
        rx.dialog.description(
            "Type, choose with the arrow keys, open with Enter.", class_name="sr-only"
        ),
        _field(),
        _results(),
        rx.el.div(Palette.counted, class_name="sr-only", role="status"),
        rx.el.p(
            rx.el.kbd("↑ ↓"), " choose ", rx.el.kbd("Enter"), " open ", rx.el.kbd("?"), " help",
            class_name="palette-foot",
            aria_hidden="true",
        ),
        class_name="palette",
        data_testid="palette",
    )  # fmt: skip
    return rx.fragment(
        listener,
        rx.dialog.root(
            # The trigger gets the focus back, however the dialog was opened.
            rx.dialog.trigger(_button()),
            content,
            open=Palette.is_open,
            on_open_change=Palette.show,
        ),
    )
