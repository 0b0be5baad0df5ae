"""The settings section: what people read of the namespace, and how it ends."""

from typing import Any

import reflex as rx

from ..components.action import action_button, action_reason
from ..components.card import card
from ..components.instant import clock_time
from .acting import Acting
from .state import NamespacePage
from .week_grid import week_picture

__all__ = ["settings_tab"]


def _fact(term: str, value: Any, test_id: str, *, class_name: str = "") -> rx.Component:
    shown = rx.cond(value != "", value, "\u2013")
    return rx.el.div(
        rx.el.dt(term),
        rx.el.dd(rx.el.span(shown, class_name=class_name, data_testid=test_id)),
        class_name="fact",
    )


def _details() -> rx.Component:
    return card(
        rx.el.dl(
            _fact("Display name", NamespacePage.display_name, "setting-display-name"),
            _fact("Description", NamespacePage.description, "setting-description"),
            _fact("Owner", NamespacePage.owner, "setting-owner"),
            _fact("Cost centre", NamespacePage.cost_center, "setting-cost-center"),
            class_name="facts facts-narrow",
        ),
        action_reason(NamespacePage.actions.describe, test_id="describe-reason"),
        title="Details",
        note="Each change is a request: it is tried, carried out and written to the audit log",
        action=action_button(
            "Edit",
            "pencil",
            Acting.begin_describe,
            test_id="action-describe",
            reason=NamespacePage.actions.describe,
        ),
        test_id="settings-details",
        class_name="span-7",
    )


def _origin() -> rx.Component:
    return card(
        rx.el.dl(
            rx.el.div(
                rx.el.dt("Created"),
                rx.el.dd(clock_time(NamespacePage.created_at, test_id="setting-created")),
                class_name="fact",
            ),
            rx.el.div(
                rx.el.dt("Ends"),
                rx.el.dd(clock_time(NamespacePage.expires_at, test_id="setting-expires")),
                class_name="fact",
            ),
            _fact("UID", NamespacePage.uid, "setting-uid", class_name="mono"),
            class_name="facts facts-narrow",
        ),
        title="Origin",
        note="Renewing it moves the end; the rest stays",
        test_id="settings-origin",
        class_name="span-5",
    )


def _word_list(title: str, words: list[str], test_id: str) -> rx.Component:
    return rx.fragment(
        rx.el.h3(title, class_name="part-title"),
        rx.cond(
            words,
            rx.el.ul(
                rx.foreach(words, lambda word: rx.el.li(word, key=word, class_name="mono")),
                class_name="rules",
                data_testid=test_id,
            ),
            rx.el.p("None.", class_name="line-note", data_testid=f"{test_id}-none"),
        ),
    )


def _labels() -> rx.Component:
    return card(
        _word_list("Labels", NamespacePage.labels, "setting-labels"),
        _word_list("Annotations", NamespacePage.annotations, "setting-annotations"),
        title="Labels and annotations",
        note="Your own; those of the portal stand beside them",
        action=action_button(
            "Edit",
            "tags",
            Acting.begin_labels,
            test_id="action-labels",
            reason=NamespacePage.actions.describe,
        ),
        test_id="settings-labels",
        class_name="span-5",
    )


def _protection() -> rx.Component:
    actions = NamespacePage.actions
    return card(
        rx.el.p(
            rx.cond(
                actions.is_protected,
                "It is protected: nobody releases or deletes it, no cleanup plan takes it.",
                "It is not protected: who may release it can, and cleanup may propose it.",
            ),
            class_name="line-note",
            data_testid="setting-protected",
            data_value=rx.cond(actions.is_protected, "yes", "no"),
        ),
        action_reason(actions.protect, test_id="protect-reason"),
        title="Protection",
        action=rx.cond(
            actions.is_protected,
            action_button(
                "Lift", "shield-off", Acting.protect(False),
                test_id="action-unprotect", reason=actions.protect, is_busy=Acting.is_busy,
            ),
            action_button(
                "Protect", "shield-check", Acting.protect(True),
                test_id="action-protect", reason=actions.protect, is_busy=Acting.is_busy,
            ),
        ),
        test_id="settings-protection",
        class_name="span-7",
    )  # fmt: skip


def _sleep() -> rx.Component:
    windows = rx.cond(
        NamespacePage.sleep_windows,
        rx.fragment(
            rx.el.dl(
                _fact("Asleep", NamespacePage.sleep_windows, "setting-sleep"),
                _fact("Time zone", NamespacePage.sleep_timezone, "setting-timezone"),
                class_name="facts facts-narrow",
            ),
            week_picture(
                NamespacePage.week,
                sentence=f"Asleep {NamespacePage.sleep_windows}",
                test_id="setting-week",
            ),
        ),
        rx.el.p(
            "It never sleeps by itself.", class_name="line-note", data_testid="setting-sleep-none"
        ),
    )
    return card(
        windows,
        rx.cond(
            NamespacePage.runs_on,
            rx.el.div(
                rx.el.h3("Runs on while it sleeps", class_name="part-title"),
                rx.el.ul(
                    rx.foreach(
                        NamespacePage.runs_on,
                        lambda text: rx.el.li(text, key=text),
                    ),
                    class_name="rules",
                ),
                class_name="part part-last",
                data_testid="setting-runs-on",
            ),
            rx.fragment(),
        ),
        title="Sleep",
        note="By schedule; the button above sends it to sleep at once",
        action=action_button(
            "Edit schedule",
            "alarm-clock",
            Acting.begin_schedule,
            test_id="action-schedule",
            reason=NamespacePage.actions.schedule,
        ),
        test_id="settings-sleep",
        class_name="span-7",
    )


def _export() -> rx.Component:
    link = rx.el.a(
        rx.icon("download", size=16, aria_hidden="true"),
        "Download",
        href=NamespacePage.export_href,
        reload_document=True,
        class_name="button",
        data_testid="action-export",
    )
    closed = action_button(
        "Download", "download", rx.noop(), test_id="action-export",
        reason=NamespacePage.actions.export,
    )  # fmt: skip
    return card(
        rx.el.p(
            "Manifests as files for Git, to be applied elsewhere. Secrets are never in it, nor "
            "what is stored in volumes.",
            class_name="line-note",
        ),
        action_reason(NamespacePage.actions.export, test_id="export-reason"),
        title="Export",
        action=rx.cond(NamespacePage.actions.export != "", closed, link),
        test_id="settings-export",
        class_name="span-5",
    )


def _danger(title: str, text: str, button: rx.Component, reason: rx.Component) -> rx.Component:
    words = rx.el.div(
        rx.el.h3(title, class_name="line-name"),
        rx.el.p(text, class_name="line-note"),
        reason,
        class_name="line-main",
    )
    return rx.el.div(words, button, class_name="line line-wrap")


def _danger_zone() -> rx.Component:
    actions = NamespacePage.actions
    release = _danger(
        f"Release {NamespacePage.title}",
        "Everybody loses access at once; it can be restored until the end of the grace period.",
        action_button(
            "Release",
            "archive",
            Acting.begin_release("action-release"),
            test_id="action-release",
            reason=actions.release,
        ),
        action_reason(actions.release, test_id="release-reason"),
    )
    delete = _danger(
        f"Delete {NamespacePage.title} for good",
        "The cluster removes it with everything inside. This cannot be taken back.",
        action_button(
            "Delete for good",
            "trash-2",
            Acting.begin_delete,
            test_id="action-delete",
            reason=actions.delete,
        ),
        action_reason(actions.delete, test_id="delete-reason"),
    )
    return card(
        rx.cond(actions.is_released, delete, release),
        title="Danger zone",
        test_id="settings-danger",
        class_name="span-12 card-danger",
    )


def settings_tab() -> rx.Component:
    """Build the section; what ends the namespace stands last, on its own."""
    return rx.el.div(
        _details(),
        _origin(),
        _sleep(),
        _labels(),
        _protection(),
        _export(),
        _danger_zone(),
        class_name="grid",
    )
