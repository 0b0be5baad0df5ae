"""The page's one heading, and the focus that goes there when a page is reached from another."""

from typing import Any, Final

import reflex as rx
from reflex.experimental.client_state import ClientStateVar

__all__ = ["HEADING", "focus_heading", "page_heading"]

HEADING: Final = "page_title"
"""Its id."""
_HAS_ARRIVED: Final = ClientStateVar.create("has_arrived", default=False)
"""Whether a page was shown since the load: the next one is reached from it. The server cannot tell:
its word may come before the page that is loaded, or after it."""


def page_heading(title: str) -> rx.Component:
    """Build the heading. Keyboards pass it by, events may put the focus there."""
    return rx.el.h1(
        title, id=HEADING, class_name="page-title", tab_index=-1, data_testid="page-title"
    )


def focus_heading() -> Any:
    """Put the focus on the heading of a page that is reached from another one.

    A page that is loaded anew keeps the browser's own order: the skip link comes first. The browser
    decides alone; nothing is sent.
    """
    focus = rx.cond(_HAS_ARRIVED.value, rx.set_focus(HEADING), rx.noop())
    return [focus, _HAS_ARRIVED.set_value(True)]
