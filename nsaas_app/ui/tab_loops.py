"""When the loop of a page ends: with its connection, or when another loop of its tab begins.

The framework ends what opening a page began. A loop that a tab asked for by an event of its own,
whatever page it shows, belongs to nothing there, so each loop looks after itself.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import reflex as rx

from .. import runtime
from ..directory.hub import tab_topic

__all__ = ["TabLoop", "attend", "loop_of", "open_loops"]

_open: Final[dict[str, list["TabLoop"]]] = {}
"""The loops of each tab, the newest last."""
_apps: Final[list[rx.App]] = []


def attend(app: rx.App) -> None:
    """Learn which application the tabs are connected to."""
    _apps[:] = [app]


def open_loops(tab: str) -> int:
    """How many loops of a tab have not ended."""
    return len(_open.get(tab, ()))


class TabLoop:
    """One loop, and the connection it serves."""

    def __init__(self, tab: str, connection: str) -> None:
        self.topic = tab_topic(tab)
        """News of it: the loop may be over."""
        self._tab = tab
        self._connection = connection

    @property
    def is_over(self) -> bool:
        """Whether nobody is there any more to whom it could show anything."""
        newest = _open.get(self._tab, [None])[-1]
        return newest is not self or _tabs().get(self._connection) != self._tab


def _tabs() -> Mapping[str, str]:
    """The tab of each connection."""
    namespace = _apps[0].event_namespace if _apps else None
    return namespace.sid_to_token if namespace is not None else {}


@contextmanager
def loop_of(tab: str, connection: str) -> Iterator[TabLoop]:
    """Begin a loop; the one before it in the tab ends.

    Args:
        tab: the client's token.
        connection: id of the socket by which the tab asked for it.
    """
    loop, hub = TabLoop(tab, connection), runtime.current().directory.hub
    _open.setdefault(tab, []).append(loop)
    hub.publish(loop.topic)
    try:
        yield loop
    finally:
        _open[tab].remove(loop)
        if not _open[tab]:
            del _open[tab]
            hub.forget(loop.topic)
