"""The inbox: notices about one's namespaces, each with the way to act on it."""

import reflex as rx

from ..components.action import action_button
from ..components.card import card
from ..components.empty import empty_state
from ..components.instant import relative_time
from ..components.skeleton import skeleton_rows
from ..components.status import tone_icon
from ..renewing import renew_button
from ..shell.frame import frame
from ..shell.trouble import page_body
from .state import InboxState, NoticeLine

__all__ = ["inbox"]


def _line(line: NoticeLine) -> rx.Component:
    area = f"notice-{line.notice_id}"
    read = rx.el.button(
        "Mark as read",
        type="button",
        on_click=InboxState.mark_read(line.notice_id),
        class_name="text-button",
        data_testid=f"{area}-read",
    )
    title = rx.cond(
        line.href != "",
        rx.link(line.title, href=line.href, class_name="line-link", data_testid=f"{area}-link"),
        rx.el.span(line.title),
    )
    return rx.el.li(
        tone_icon(line.tone, size=18),
        rx.el.div(
            rx.el.p(rx.cond(line.is_read, title, rx.el.strong(title)), class_name="line-name"),
            rx.el.p(line.text, class_name="line-note"),
            class_name="line-main",
        ),
        rx.cond(
            line.renew != "",
            renew_button(line.namespace, line.renew, test_id=f"{area}-renew"),
            rx.fragment(),
        ),
        relative_time(line.created_at, test_id=f"{area}-at"),
        rx.cond(line.is_read, rx.el.span("Read", class_name="card-note"), read),
        key=line.notice_id,
        class_name="line line-wrap",
        data_testid=area,
        data_state=rx.cond(line.is_read, "read", "unread"),
    )


def _list() -> rx.Component:
    nothing = empty_state(
        "Nothing to tell",
        "Before a namespace of yours ends, you are told here 7, 3 and 1 day ahead.",
        icon="bell",
    )
    listed = rx.el.ul(
        rx.foreach(InboxState.lines, _line), class_name="lines", data_testid="notices"
    )
    mark_all = action_button(
        "Mark all as read",
        "check-check",
        InboxState.mark_all_read,
        test_id="inbox-read-all",
        reason=rx.cond(InboxState.unread > 0, "", "Everything is read."),
    )
    return card(
        rx.cond(InboxState.lines, listed, nothing),
        title="Notices",
        note="Of the last 90 days, about namespaces that you own or lead",
        action=rx.cond(InboxState.lines, mark_all, rx.fragment()),
        test_id="inbox-card",
    )


def inbox() -> rx.Component:
    """Build the page."""
    return frame(
        page_body(
            InboxState.problem,
            InboxState.is_known,
            rx.cond(InboxState.is_loaded, _list(), skeleton_rows(4)),
        ),
        title="Inbox",
        active="inbox",
        announcement=InboxState.announcement,
    )
