"""The top of a namespace's page: what calls for attention, and what can be done."""

import reflex as rx

from ..components.action import action_button
from ..components.instant import clock_time
from ..components.status import tone_icon
from .acting import Acting
from .standing import Banner
from .state import NamespacePage

__all__ = ["action_bar", "banners"]


def _banner(banner: Banner) -> rx.Component:
    return rx.el.div(
        tone_icon(banner.tone, size=18),
        rx.el.div(
            rx.el.p(
                rx.el.strong(banner.title),
                " ",
                banner.text,
                rx.cond(
                    banner.until != "",
                    rx.fragment(
                        clock_time(banner.until, test_id=f"banner-{banner.key}-until"), "."
                    ),
                    rx.fragment(),
                ),
            ),
            rx.cond(banner.lines, _behind(banner), rx.fragment()),
            class_name="banner-words",
        ),
        key=banner.key,
        class_name=f"banner banner-inside banner-{banner.tone}",
        role="note",
        data_testid=f"banner-{banner.key}",
    )


def _behind(banner: Banner) -> rx.Component:
    return rx.fragment(
        rx.el.ul(
            rx.foreach(banner.lines, lambda line: rx.el.li(line, key=line)),
            class_name="rules",
            data_testid=f"banner-{banner.key}-lines",
        ),
        rx.el.details(
            rx.el.summary("How to look", data_testid=f"banner-{banner.key}-how"),
            rx.foreach(banner.commands, lambda line: rx.el.pre(line, class_name="raw", key=line)),
            class_name="problem-raw",
        ),
    )


def banners() -> rx.Component:
    """Say first what is not as it should be."""
    return rx.fragment(rx.foreach(NamespacePage.banners, _banner))


def _clone() -> rx.Component:
    closed = action_button(
        "Clone",
        "copy-plus",
        rx.noop(),
        test_id="action-clone",
        reason=NamespacePage.actions.clone,
    )
    link = rx.link(
        rx.icon("copy-plus", size=16, aria_hidden="true"),
        "Clone",
        href=f"/new?from=clone:{NamespacePage.title}",
        class_name="button",
        data_testid="action-clone",
    )
    return rx.cond(NamespacePage.actions.clone != "", closed, link)


def action_bar() -> rx.Component:
    """Offer what can be done; what cannot says why."""
    actions = NamespacePage.actions
    living = rx.fragment(
        rx.cond(
            actions.is_certified,
            action_button(
                "Confirm", "badge-check", Acting.certify, test_id="action-certify",
                reason=actions.certify, is_busy=Acting.is_busy,
            ),
            action_button(
                "Renew", "calendar-plus", Acting.begin_renew("action-renew"),
                test_id="action-renew", reason=actions.renew,
            ),
        ),
        action_button(
            "Change size", "scaling", Acting.begin_resize("action-resize"), test_id="action-resize",
            reason=actions.resize,
        ),
        rx.cond(
            actions.is_asleep,
            action_button(
                "Wake", "sun", Acting.wake, test_id="action-wake", reason=actions.wake,
                is_busy=Acting.is_busy, look="primary",
            ),
            action_button(
                "Sleep", "moon", Acting.begin_sleep, test_id="action-sleep", reason=actions.sleep,
            ),
        ),
        _clone(),
        action_button(
            "Release\u2026", "archive", Acting.begin_release("header-release"),
            test_id="header-release", reason=actions.release,
        ),
    )  # fmt: skip
    released = rx.fragment(
        action_button(
            "Restore", "undo-2", Acting.restore, test_id="action-restore",
            reason=actions.restore, is_busy=Acting.is_busy, look="primary",
        ),
        _clone(),
    )  # fmt: skip
    return rx.el.div(
        rx.cond(actions.is_released, released, living),
        _reasons(),
        class_name="page-actions",
        role="group",
        aria_label="Actions",
        data_testid="namespace-actions",
    )


def _reasons() -> rx.Component:
    return rx.cond(
        NamespacePage.why_not,
        rx.el.ul(
            rx.foreach(NamespacePage.why_not, lambda reason: rx.el.li(reason, key=reason)),
            class_name="why-not",
            data_testid="action-reasons",
        ),
        rx.fragment(),
    )
