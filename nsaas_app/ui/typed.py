"""Text that is typed into a list's filters and stands in its address.

The boxes are not controlled, so that rows which arrive never touch what is being typed. When the
address brings another text by itself, by the browser's way back for one, they are filled anew.
"""

from datetime import datetime, timedelta
from typing import Final

import reflex as rx

from .. import runtime

__all__ = ["TypedText"]

_TYPING: Final = timedelta(seconds=2)
"""So long after the last key the way to its address may take."""


class TypedText(rx.State, mixin=True):
    """Vars of the boxes. What is in several is told as one text."""

    turn: int = 0
    """Counts how often the address brought another text than the one that was typed."""
    _typed: str = ""
    _on_the_way: dict[str, datetime] = {}
    """Texts that were typed lately, and when: the address may still come to say each of them."""
    _asked: str = ""
    """What the address says."""

    def _note_typed(self, text: str) -> None:
        """Somebody typed this, and the address is about to say it."""
        now = runtime.current().clock()
        lately = {each: at for each, at in self._on_the_way.items() if now - at < _TYPING}
        self._on_the_way = lately | {text: now}
        self._typed = self._asked = text

    def _note_text(self, text: str) -> None:
        """The address says this: put it into the box."""
        self._asked = text
        self._fill_box()

    def _fill_box(self) -> None:
        """Put the address's text into the box, unless it was typed a moment ago: more may follow.

        Each turn of the page's loop calls it: what had to wait for the typing is put in then.
        """
        at = self._on_the_way.get(self._asked)
        is_on_the_way = at is not None and runtime.current().clock() - at < _TYPING
        if self._asked != self._typed and not is_on_the_way:
            self._typed = self._asked
            self.turn += 1
