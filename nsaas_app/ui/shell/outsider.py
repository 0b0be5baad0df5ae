"""What somebody sees who is signed in and whom nobody gave a role: why, and who can change it."""

import reflex as rx

from .state import Shell

__all__ = ["outsider"]


def outsider() -> rx.Component:
    """Say what is missing and whom to ask; the page opens by itself once it is there."""
    return rx.el.section(
        rx.el.span(rx.icon("user-round-x", size=20, aria_hidden="true"), class_name="empty-icon"),
        rx.el.h2("You are in no team yet", class_name="empty-title"),
        rx.el.p(
            "You are signed in as ",
            rx.el.strong(Shell.display_name),
            " (",
            rx.el.span(Shell.subject, class_name="mono", data_testid="outsider-subject"),
            "). Teams are made of groups of your identity provider; none of yours belongs to one.",
            class_name="empty-text",
        ),
        rx.el.p(_groups(), class_name="empty-text", data_testid="outsider-groups"),
        rx.el.p(
            "Ask a lead of your team to add one of your groups to the team's members, or to have "
            "you added to a group that is there. For a team that does not exist yet, ask a "
            "platform admin: somebody in ",
            rx.el.strong(Shell.admin_groups),
            ".",
            class_name="empty-text",
            data_testid="outsider-help",
        ),
        rx.el.p(
            "This page opens by itself when a role has arrived; a new group of yours within ten "
            "minutes.",
            class_name="empty-text",
        ),
        rx.el.div(
            rx.el.button(
                rx.icon("copy", size=16, aria_hidden="true"),
                "Copy for your admin",
                type="button",
                on_click=[
                    rx.set_clipboard(Shell.introduction),
                    rx.toast.success("Copied who you are and your groups."),
                ],
                class_name="button button-primary",
                data_testid="outsider-copy",
                data_value=Shell.introduction,
            ),
            rx.link(
                "Look at the catalog",
                href="/catalog",
                class_name="button",
                data_testid="outsider-catalog",
            ),
            rx.link(
                "Your settings",
                href="/settings",
                class_name="button",
                data_testid="outsider-settings",
            ),
            class_name="empty-actions",
        ),
        class_name="card empty outsider",
        aria_label="You are in no team yet",
        data_testid="outsider",
    )


def _groups() -> rx.Component:
    return rx.cond(
        Shell.groups != "",
        rx.fragment("Your groups: ", rx.el.strong(Shell.groups), "."),
        rx.fragment("Your identity provider told of no group at all."),
    )
