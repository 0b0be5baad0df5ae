"""What screen readers are told beside the page: that the server is lost, and that it is back.

The regions stand in the page from the start and only their text changes: a region that comes with
its text is passed over by some readers. The banners that show the same are none, so each is said
once. The browser decides alone; without a server nobody else could.
"""

from typing import Any

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_components_core.core.banner import (  # type: ignore[import-untyped]  # ships no types
    has_connection_errors,
)

__all__ = ["connection_announcers", "nothing_lost"]

_WAS_LOST = ClientStateVar.create("was_lost", default=False)
"""Whether this page has lost the server since it was shown."""


def connection_announcers() -> rx.Component:
    """Say at once that the server is lost; that it is back when there is a pause."""
    lost = (
        "The portal cannot be reached. It reconnects by itself; until then nothing you do arrives."
    )
    note = rx.el.span(hidden=True, on_mount=_WAS_LOST.set_value(True))
    return rx.fragment(
        rx.el.div(
            rx.cond(has_connection_errors, lost, ""),
            class_name="sr-only",
            role="alert",
            data_testid="announcer-urgent",
        ),
        rx.el.div(
            rx.cond(_WAS_LOST.value & ~has_connection_errors, "The portal is back.", ""),
            class_name="sr-only",
            role="status",
            data_testid="announcer-back",
        ),
        rx.cond(has_connection_errors, note, rx.fragment()),
    )


def nothing_lost() -> Any:
    """Forget what was said of it: the page that is shown now is another one."""
    return _WAS_LOST.set_value(False)
