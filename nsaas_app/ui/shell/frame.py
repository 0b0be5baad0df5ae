"""The frame: skip link, navigation, header with the page's one heading, banners, announcers."""

import reflex as rx

from ..components.freshness import live_indicator, offline_banner, stale_banner
from ..components.instant import clock_time
from ..components.zone import in_zone
from ..glance import watch_glance
from ..palette.view import palette
from ..toasts import toast_teller
from .announcing import connection_announcers, nothing_lost
from .chosen import theme_keeper
from .heading import focus_heading, page_heading
from .menus import account, bell, theme_menu, user_menu
from .navigation import brand, navigation
from .outsider import outsider
from .state import Shell

__all__ = ["frame"]


def _new_namespace() -> rx.Component:
    label = (rx.icon("plus", size=16, aria_hidden="true"), rx.el.span("New namespace"))
    # Until it is known who is signed in, its room is kept: nothing beside it moves then.
    room = rx.el.div(*label, class_name="button button-primary keeps-room", aria_hidden="true")
    return rx.cond(
        Shell.may_request,
        rx.link(*label, href="/new", class_name="button button-primary", data_testid="nav-new"),
        rx.cond(Shell.subject == "", room, rx.fragment()),
    )


def _drawer(active: str) -> rx.Component:
    return rx.drawer.root(
        rx.drawer.trigger(
            rx.el.button(
                rx.icon("menu", size=20, aria_hidden="true"),
                type="button",
                class_name="icon-button drawer-button",
                aria_label="Open navigation",
                data_testid="nav-open",
            )
        ),
        rx.drawer.portal(
            rx.drawer.overlay(class_name="drawer-overlay"),
            rx.drawer.content(
                rx.drawer.title("Navigation", class_name="sr-only"),
                rx.drawer.description("Pages of the portal", class_name="sr-only"),
                brand(),
                navigation(active, prefix="drawer"),
                rx.el.div(account(prefix="drawer-")),
                class_name="drawer",
            ),
        ),
        direction="left",
    )


def _header(title: rx.Component, active: str, *, with_new: bool) -> rx.Component:
    return rx.el.header(
        _drawer(active),
        title,
        rx.el.div(
            live_indicator(Shell.liveness, Shell.as_of),
            palette(),
            bell(),
            theme_menu(),
            _new_namespace() if with_new else rx.fragment(),
            class_name="header-tools",
        ),
        class_name="header",
    )


def _signed_out() -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.span(rx.icon("log-out", size=20, aria_hidden="true"), class_name="empty-icon"),
            rx.el.h1("You are signed out", class_name="page-title", data_testid="page-title"),
            rx.el.p(
                "You were signed out at ",
                clock_time(Shell.signed_out_at, test_id="signed-out-at", shape="HH:mm"),
                ". Sign in again to go on where you were: the same page, and your drafts.",
            ),
            rx.el.a(
                "Sign in again",
                href=f"/auth/login?next={Shell.return_to}",
                reload_document=True,  # not a page of the application
                class_name="button button-primary",
                data_testid="sign-in-again",
            ),
            class_name="card signed-out",
            data_testid="signed-out",
        ),
        id="main",
        class_name="signed-out-page",
    )


def frame(
    *content: rx.Component,
    title: str | rx.Component,
    active: str,
    announcement: str = "",
    with_new: bool = True,
    needs_team: bool = True,
) -> rx.Component:
    """Put a page into the frame.

    Args:
        content: what is below the header.
        title: becomes the one h1.
        active: key of the page in the navigation.
        announcement: said politely to screen readers.
        with_new: whether the header offers a new namespace.
        needs_team: whether the page is about teams' things; to somebody without any role it
            shows nothing but what to do.
    """
    heading = title if isinstance(title, rx.Component) else page_heading(title)
    shown = (
        (rx.cond(Shell.is_outsider, outsider(), rx.fragment(*content)),) if needs_team else content
    )
    inside = rx.el.div(
        rx.el.a("Skip to content", href="#main", class_name="skip", data_testid="skip-link"),
        rx.el.aside(
            brand(), navigation(active), user_menu(), class_name="sidebar", aria_label="Portal"
        ),
        rx.el.div(
            _header(heading, active, with_new=with_new),
            offline_banner(Shell.missed_s),
            stale_banner(
                Shell.liveness,
                Shell.as_of,
                Shell.stale_reason,
                Shell.cluster_name,
                Shell.stale_kinds,
            ),
            rx.el.main(*shown, id="main", tab_index=-1, class_name="content"),
            _footer(),
            class_name="column",
        ),
        rx.el.div(announcement, class_name="sr-only", role="status", data_testid="announcer"),
        connection_announcers(),
        watch_glance(),
        theme_keeper(),
        toast_teller(),
        class_name="shell",
        data_density=Shell.density,
        data_motion=Shell.motion,
        on_mount=[*focus_heading(), nothing_lost()],
    )
    shown = rx.cond(Shell.is_signed_out, _signed_out(), inside)
    return in_zone(shown, Shell.time_zone)


def _footer() -> rx.Component:
    return rx.cond(
        Shell.is_dev,
        rx.el.footer(
            rx.icon("flask-conical", size=14, aria_hidden="true"),
            rx.el.span("Local development · cluster ", Shell.cluster_name),
            class_name="dev-band",
            data_testid="dev-band",
        ),
    )
