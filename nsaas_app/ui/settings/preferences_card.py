"""Preferences: theme, rows, time zone and motion. Each choice holds at once."""

import reflex as rx

from ...domain.preferences import PAGE_SIZES, Density, Motion, Theme
from ..components.card import card
from ..components.choices import choice_card, choice_cards
from ..components.fields import text_field
from ..components.instant import clock_time
from ..components.skeleton import skeleton_rows
from ..shell.state import Shell
from .preference_form import PreferenceForm
from .state import SettingsState

__all__ = ["preferences_card"]

_ZONES = "zones"

_WORDS = {
    Theme.SYSTEM: ("System", "As your system is set", "monitor"),
    Theme.LIGHT: ("Light", "", "sun"),
    Theme.DARK: ("Dark", "", "moon"),
    Density.COMFORTABLE: ("Comfortable", "Rows of 44 px", "rows-3"),
    Density.COMPACT: ("Compact", "Rows of 36 px", "rows-4"),
    Motion.SYSTEM: ("System", "As your system is set", "monitor"),
    Motion.REDUCED: ("Reduced", "Nothing moves", "circle-pause"),
}


def _option(field: str, value: str, words: str, note: str, icon: str) -> rx.Component:
    return choice_card(
        field,
        value,
        rx.el.span(
            rx.icon(icon, size=16, aria_hidden="true"),
            rx.el.span(
                rx.el.span(words, class_name="line-name"),
                rx.el.span(note, class_name="line-note") if note else rx.fragment(),
                class_name="choice-words",
            ),
            class_name="check-line",
        ),
        is_allowed=SettingsState.may_change,
    )


def _choices(
    field: str, label: str, value: str, *options: rx.Component, help_text: str
) -> rx.Component:
    return choice_cards(
        field,
        label,
        value,
        *options,
        edit=PreferenceForm.choose,
        help_text=help_text,
        error="",
        columns=str(len(options)),
    )


def _worded(field: str, kind: type[Theme | Density | Motion]) -> list[rx.Component]:
    return [_option(field, one.value, *_WORDS[one]) for one in kind]


def _zone() -> rx.Component:
    field = text_field(
        "time_zone",
        "Time zone",
        PreferenceForm.zone_typed,
        edit=PreferenceForm.type_zone,
        leave=PreferenceForm.leave_zone,
        help_text="Of every time on the pages. Empty: the browser's own. Type part of a name, such "
        "as berlin, and choose.",
        error=PreferenceForm.zone_error,
        list=_ZONES,
        disabled=~SettingsState.may_change,
        placeholder="The browser's",
    )
    offered = rx.el.datalist(
        rx.foreach(PreferenceForm.zones, lambda zone: rx.el.option(value=zone, key=zone)), id=_ZONES
    )
    now = rx.el.p(
        "The last data came at ",
        clock_time(Shell.as_of, test_id="zone-example", shape="D MMM YYYY, HH:mm:ss"),
        " there.",
        class_name="card-note",
    )
    back = rx.el.button(
        "Use the browser's",
        type="button",
        on_click=PreferenceForm.forget_zone,
        class_name="text-button",
        data_testid="zone-forget",
    )
    has_own = (PreferenceForm.wanted.time_zone != "") & SettingsState.may_change
    return rx.el.div(field, offered, now, rx.cond(has_own, back, rx.fragment()))


def preferences_card() -> rx.Component:
    """Show the fields; who may write nothing sees how it is, and why it stays so."""
    wanted = PreferenceForm.wanted
    closed = rx.el.p(
        rx.icon("lock", size=16, class_name="shrink-0", aria_hidden="true"),
        rx.el.span("Your role reads only: what the browser remembers is all that is kept of you."),
        class_name="verdict",
        data_testid="preferences-reason",
    )
    sizes = [
        _option("page_size", str(size), f"{size} rows", "", "table-rows-split")
        for size in PAGE_SIZES
    ]
    fields = rx.fragment(
        rx.cond(SettingsState.may_change, rx.fragment(), closed),
        _choices("theme", "Theme", wanted.theme, *_worded("theme", Theme),
                 help_text="The menu in the header chooses it too."),
        _choices("density", "Rows of tables", wanted.density, *_worded("density", Density),
                 help_text="On a phone rows are cards and stay as they are."),
        _choices("page_size", "Rows on a page", wanted.page_size, *sizes,
                 help_text="Of every list. An address that names a size is followed."),
        _choices("motion", "Motion", wanted.motion, *_worded("motion", Motion),
                 help_text="Turning, sliding and fading parts."),
        _zone(),
        rx.el.p(PreferenceForm.saved, role="status", class_name="card-note",
                data_testid="preferences-saved"),
    )  # fmt: skip
    return card(
        rx.cond(SettingsState.is_loaded, fields, skeleton_rows(5)),
        title="Preferences",
        note="How you see the portal. They are kept for you, whatever browser you use.",
        test_id="preferences-card",
    )
