"""The settings page: preferences, tokens and sessions, and how the platform is set."""

import reflex as rx

from ..components.card import card
from ..components.pills import pill_row
from ..components.skeleton import skeleton_rows
from ..shell.frame import frame
from ..shell.trouble import page_body
from .platform_cards import integrations_card, policies_card, preflight_card
from .preferences_card import preferences_card
from .state import SettingsState
from .token_cards import token_cards

__all__ = ["settings"]


def settings() -> rx.Component:
    """Build the page."""

    def about_platform(content: rx.Component) -> rx.Component:
        loading = card(skeleton_rows(6), test_id="settings-loading")
        return rx.cond(SettingsState.is_loaded, content, loading)

    opened = rx.match(
        SettingsState.section,
        ("tokens", token_cards()),
        ("policies", about_platform(policies_card())),
        ("integrations", about_platform(integrations_card())),
        ("preflight", about_platform(preflight_card())),
        preferences_card(),
    )
    return frame(
        rx.el.div(
            pill_row(SettingsState.sections, label="Part of the settings", area="tab"),
            class_name="filter-bar pill-bar",
        ),
        rx.cond(
            SettingsState.notice != "",
            rx.el.p(SettingsState.notice, class_name="card-note", data_testid="settings-notice"),
            rx.fragment(),
        ),
        page_body(
            SettingsState.problem,
            SettingsState.is_known,
            rx.el.div(opened, class_name="settings"),
        ),
        title="Settings",
        active="settings",
        needs_team=False,
        announcement=SettingsState.announcement,
    )
