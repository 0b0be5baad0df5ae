"""Rows that stay where they are while somebody points at them or has the focus in them."""

from typing import Final

import reflex as rx

__all__ = ["FOCUS_MOVES_WITHIN_S", "HeldRows"]

FOCUS_MOVES_WITHIN_S: Final = 0.3
"""Between two rows the focus is nowhere for a moment: that is not leaving."""


class HeldRows(rx.State, mixin=True):
    """Vars of a list that holds its rows. The list has the handlers: they carry a permission."""

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
