"""Whether somebody can see a tab: nothing is pushed to one in the background.

A loop that begins takes its tab for visible, so a word that was lost costs work and never news.
"""

from collections.abc import Mapping
from typing import Final

import reflex as rx

from .. import runtime
from ..directory.hub import SESSIONS, tab_topic
from ..identity.permissions import Permission
from .guard import guarded

__all__ = ["HIDDEN_S", "Glance", "leave", "show", "until_seen", "watch_glance"]

HIDDEN_S: Final = 60.0
"""A tab in the background gets an update so often, for the case that a word was lost."""

_hidden: Final[set[str]] = set()
"""Tabs in the background. A tab's connection and its loop are in the same process."""


def _topic(tab: str) -> str:
    return f"tab:{tab}"


class Glance(rx.State):
    """Takes in whether the browser hides the tab. Has no vars."""

    @guarded(Permission.SELF)
    async def turn(self, is_hidden: bool) -> None:  # noqa: FBT001 - an event's value
        """The tab went into the background, or came to the front again."""
        tab = self.router.session.client_token
        if is_hidden is True:
            _hidden.add(tab)
        else:
            _hidden.discard(tab)
        runtime.current().directory.hub.publish(_topic(tab))


def show(tab: str) -> None:
    """A loop begins: its tab counts as visible until the browser says otherwise."""
    _hidden.discard(tab)


def leave(tab: str) -> None:
    """A tab has no loop any more: nothing is kept of it."""
    _hidden.discard(tab)
    runtime.current().directory.hub.forget(_topic(tab))


async def until_seen(tab: str, seen: Mapping[str, int]) -> None:
    """Wait while the tab is in the background.

    The end of a login session, or of the tab's connection, is noticed at once.

    Args:
        tab: whose loop waits.
        seen: versions that the loop has looked at: what ended since is noticed, too.
    """
    hub = runtime.current().directory.hub
    if tab in _hidden:
        rests_on = {topic: seen[topic] for topic in (SESSIONS, tab_topic(tab)) if topic in seen}
        awaited = hub.versions((_topic(tab),)) | rests_on
        await hub.wait_newer(awaited, timeout_s=HIDDEN_S)


def watch_glance() -> rx.Component:
    """Tell the tab's loop when the browser hides the tab or shows it."""
    return rx.window_event_listener(on_visibility_change=Glance.turn)
