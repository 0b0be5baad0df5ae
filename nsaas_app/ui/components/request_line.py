"""One request as a line of a list."""

import reflex as rx

from ..request_views import RequestLine
from .instant import relative_time
from .status import status_badge

__all__ = ["request_line", "request_status"]


def request_status(line: RequestLine, *, test_id: str, as_of: str = "") -> rx.Component:
    """Show status, and the phase where it says more."""
    return rx.el.span(
        status_badge(line.word, line.tone, test_id=test_id, raw=line.status, as_of=as_of),
        rx.cond(line.phase != "", rx.el.span(line.phase, class_name="phase"), rx.fragment()),
        class_name="status-pair",
    )


def request_line(line: RequestLine, *, area: str) -> rx.Component:
    """Show what was asked, where it stands and how long it took."""
    waits = rx.cond(line.phase == "awaiting approval", "Waits for approval", "Waiting to start")
    what = rx.el.div(
        rx.link(
            line.kind,
            " ",
            rx.el.span(line.namespace, class_name="mono"),
            href=f"/requests/{line.request_id}",
            class_name="line-link",
            data_testid=f"{area}-link-{line.request_id}",
        ),
        rx.el.p(
            rx.cond(
                line.is_running,
                rx.el.span(rx.cond(line.progress != "", line.progress, waits)),
                rx.el.span(
                    relative_time(line.created_at, test_id=f"{area}-age-{line.request_id}"),
                    " by ",
                    line.requested_by,
                ),
            ),
            class_name="line-note",
        ),
        class_name="line-main",
    )
    return rx.el.li(
        what,
        rx.el.span(line.took, class_name="num line-took"),
        request_status(line, test_id=f"{area}-status-{line.request_id}"),
        key=line.request_id,
        class_name="line line-wrap",
        data_testid=f"{area}-{line.request_id}",
    )
