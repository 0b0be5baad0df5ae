"""The frame's menus: theme, and the person who is signed in."""

from typing import Final, Literal

import reflex as rx
from reflex.style import color_mode, set_color_mode

from ..components.plain_form import plain_form
from ..preferring import Preferring
from .state import Shell

__all__ = ["account", "bell", "theme_menu", "user_menu"]

_Theme = tuple[Literal["system", "light", "dark"], str, str]
_THEMES: Final[tuple[_Theme, ...]] = (
    ("system", "System", "monitor"),
    ("light", "Light", "sun"),
    ("dark", "Dark", "moon"),
)


def _theme_item(mode: Literal["system", "light", "dark"], label: str, icon: str) -> rx.Component:
    is_chosen = color_mode == mode
    keep = rx.cond(Shell.may_prefer, Preferring.choose_theme(mode), rx.noop())
    return rx.popover.close(
        rx.el.button(
            rx.icon(icon, size=16, aria_hidden="true"),
            label,
            rx.cond(is_chosen, rx.icon("check", size=16, class_name="ml-auto"), rx.fragment()),
            type="button",
            on_click=[set_color_mode(mode), keep],
            class_name="menu-button",
            aria_pressed=rx.cond(is_chosen, "true", "false"),
            data_testid=f"theme-{mode}",
        )
    )


def theme_menu() -> rx.Component:
    """Choose the theme: the system's, light or dark. It is kept for the person and the browser."""
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                rx.color_mode_cond(
                    rx.icon("sun", size=18, aria_hidden="true"),
                    rx.icon("moon", size=18, aria_hidden="true"),
                ),
                type="button",
                class_name="icon-button",
                aria_label="Theme",
                data_testid="theme-menu",
                data_value=Shell.theme,
            )
        ),
        rx.popover.content(
            *(_theme_item(*theme) for theme in _THEMES), align="end", size="1", aria_label="Theme"
        ),
    )


def bell() -> rx.Component:
    """Lead to the inbox, and count what was not read there."""
    count = rx.el.span(
        Shell.unread,
        rx.el.span(" unread", class_name="sr-only"),
        class_name="nav-count bell-count num",
        data_testid="bell-count",
        data_value=Shell.unread,
    )
    return rx.link(
        rx.icon("bell", size=18, aria_hidden="true"),
        rx.el.span("Inbox", class_name="sr-only"),
        rx.cond(Shell.unread > 0, count, rx.fragment()),
        href="/inbox",
        class_name="icon-button bell",
        data_testid="bell",
    )


def _account_link(label: str, icon: str, href: str, test_id: str) -> rx.Component:
    return rx.link(
        rx.icon(icon, size=16, aria_hidden="true"),
        label,
        href=href,
        class_name="menu-button",
        data_testid=test_id,
    )


def account(*, prefix: str = "") -> rx.Component:
    """Say who is signed in and let them sign out. `prefix` keeps test ids apart."""
    sign_out = plain_form(
        rx.el.button(
            rx.icon("log-out", size=16, aria_hidden="true"),
            "Sign out",
            type="submit",
            class_name="menu-button",
            data_testid=f"{prefix}sign-out",
        ),
        action="/auth/logout",
    )
    settings = rx.fragment(
        _account_link("Preferences", "sliders-horizontal", "/settings", f"{prefix}user-settings"),
        _account_link(
            "API tokens and sessions", "key-round", "/settings?tab=tokens", f"{prefix}user-tokens"
        ),
    )
    return rx.fragment(
        rx.el.div(
            rx.el.p(Shell.display_name, class_name="user-name"),
            rx.el.p(
                Shell.subject, class_name="mono user-subject", data_testid=f"{prefix}user-subject"
            ),
            rx.el.p(Shell.role, class_name="user-role"),
            class_name="user-card",
        ),
        settings,
        sign_out,
    )


def user_menu() -> rx.Component:
    """Show the account behind its name."""
    avatar = rx.el.span(Shell.initials, class_name="avatar", aria_hidden="true")
    words = rx.el.span(
        rx.el.span("Signed in as ", class_name="sr-only"),
        rx.el.span(Shell.display_name, class_name="user-name", data_testid="user-name"),
        rx.el.span(Shell.role, class_name="user-role", data_testid="user-role"),
        class_name="rail-label",
    )
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(avatar, words, type="button", class_name="user", data_testid="user-menu")
        ),
        rx.popover.content(account(), side="top", align="start", size="1", aria_label="Account"),
    )
