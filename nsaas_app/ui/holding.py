"""Rows that stay where they are while somebody points at them or has the focus in them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import reflex as rx

from ..identity.permissions import Permission
from .guard import guarded

__all__ = ["HeldList", "holding", "in_place"]

Line = TypeVar("Line")

FOCUS_MOVES_WITHIN_S: Final = 0.3
"""Between two rows the focus is nowhere for a moment: that is not leaving."""


class HeldList(rx.State, mixin=True):
    """Vars and handlers of a list that holds its rows.

    The handlers only tell where pointer and focus are: whoever is signed in may, and what they set
    going reads with that person's own rights.
    """

    waiting: int = 0
    """Changes of order and membership that wait until nobody is at the rows."""
    _is_pointed: bool = False
    _is_focused: bool = False
    _focus_moves: int = 0
    _is_new: bool = True
    """Whether nothing was shown yet of what the address asks for."""

    def _is_held(self) -> bool:
        return self._is_pointed or self._is_focused

    def _note_focus(self) -> None:
        self._is_focused = True
        self._focus_moves += 1

    def _let_go(self) -> None:
        self._is_pointed = self._is_focused = False
        self._is_new = True

    def _is_first(self) -> bool:
        """Whether this is the first time since the address was looked at; once."""
        is_first = self._is_new
        if is_first:
            self._is_new = False
        return is_first

    async def _catch_up(self) -> None:
        """Take in what waited. The list says how."""
        raise NotImplementedError

    async def _catch_up_if_idle(self) -> None:
        if self.waiting and not self._is_held():
            await self._catch_up()

    @guarded(Permission.SELF)
    async def hold(self) -> None:
        """Somebody points at the rows: they stay where they are."""
        self._is_pointed = True

    @guarded(Permission.SELF)
    async def release(self) -> None:
        """Nobody points at the rows any more: what waited comes in."""
        self._is_pointed = False
        await self._catch_up_if_idle()

    @guarded(Permission.SELF)
    async def focus_came(self) -> None:
        """The focus is in the rows: they stay where they are."""
        self._note_focus()

    @guarded(Permission.SELF, background=True)
    async def focus_left(self) -> None:
        """The focus left a row; unless it comes to another one, what waited comes in."""
        async with self:
            moves = self._focus_moves
        await asyncio.sleep(FOCUS_MOVES_WITHIN_S)
        async with self:
            if self._focus_moves == moves:
                self._is_focused = False
                await self._catch_up_if_idle()

    @guarded(Permission.SELF)
    async def apply_changes(self) -> None:
        """Catch up now, although somebody is at the rows."""
        await self._catch_up()


def in_place(
    shown: Sequence[Line], fresh: Sequence[Line], key: Callable[[Line], str]
) -> tuple[list[Line], int]:
    """Renew held rows where they stand; one that is gone stays as it was last.

    Returns:
        The rows, and how many changes of order and membership wait.
    """
    known = {key(line): line for line in fresh}
    had, now = [key(line) for line in shown], list(known)
    waiting = len(set(had) ^ set(now)) or int(had != now)
    return [known.get(key(line), line) for line in shown], waiting


def holding(page: Any) -> dict[str, Any]:
    """Props of the region around the rows of a held list."""
    return {
        "on_mouse_enter": page.hold,
        "on_mouse_leave": page.release,
        "on_focus": page.focus_came,
        "on_blur": page.focus_left,
    }
