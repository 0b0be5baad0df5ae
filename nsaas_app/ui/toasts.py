"""What the server says to the person who acts: a toast, and a text for the clipboard.

The browser runs no text that it is sent, so neither can travel as the script that the framework
makes of it. They travel as values, and a part of the page that was built with it shows them.
"""

from typing import Final, Literal

import reflex as rx
from reflex_base.event import EventSpec

from ..identity.permissions import Permission
from .permitted import guarded

__all__ = ["Toasts", "copied", "say", "toast_teller"]

Tone = Literal["success", "warning", "error", "plain"]
_LONGEST: Final = 1000
"""A toast is one line; what is longer was not meant for one."""
_MOST_COPIED: Final = 200_000
"""Characters: more than the objects of the largest namespace are written in."""


class Toasts(rx.State):
    """The newest word to the person who acts in this tab; `number` is 0 once it was shown."""

    text: str = ""
    hint: str = ""
    tone: str = ""
    clipboard: str = ""
    number: int = 0
    _count: int = 0

    @guarded(Permission.SELF)
    async def show(self, text: str, hint: str, tone: str, clipboard: str) -> None:
        """Put it on the page. It comes from us, by way of the browser."""
        self._count += 1
        self.text, self.hint = str(text)[:_LONGEST], str(hint)[:_LONGEST]
        self.tone = str(tone)[:_LONGEST]
        # Half of a text is none that anybody wanted to have.
        self.clipboard = str(clipboard) if len(str(clipboard)) <= _MOST_COPIED else ""
        self.number = self._count

    @guarded(Permission.SELF)
    async def shown(self, number: int) -> None:
        """It was shown: the next page must not say it again."""
        if number == self.number:
            self.number, self.clipboard = 0, ""


def say(text: str, *, hint: str = "", tone: Tone = "success") -> EventSpec:
    """Say in one line what came of somebody's own action; for handlers alone."""
    event: EventSpec = Toasts.show(text, hint, tone, "")  # type: ignore[assignment]  # calling it makes an event
    return event


def copied(text: str, *, word: str) -> EventSpec:
    """Put a text on the clipboard and say so; for handlers alone."""
    event: EventSpec = Toasts.show(word, "", "plain", text)  # type: ignore[assignment]  # calling it makes an event
    return event


def toast_teller() -> rx.Component:
    """Show each word once, when it arrives."""
    text, hint = Toasts.text, Toasts.hint
    toast = rx.cond(
        Toasts.tone == "error",
        rx.toast.error(text, description=hint),
        rx.cond(
            Toasts.tone == "warning",
            rx.toast.warning(text, description=hint),
            rx.cond(Toasts.tone == "success", rx.toast.success(text), rx.toast(text)),
        ),
    )
    copy = rx.cond(Toasts.clipboard != "", rx.set_clipboard(Toasts.clipboard), rx.noop())
    teller = rx.el.span(
        hidden=True, key=Toasts.number, on_mount=[copy, toast, Toasts.shown(Toasts.number)]
    )
    return rx.cond(Toasts.number > 0, teller, rx.fragment())
