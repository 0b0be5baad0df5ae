"""State of the palette: what was typed, what was found, which line is chosen."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Final

import reflex as rx
from reflex_base.event import EventCallback, EventSpec

from ...domain.errors import PortalError
from ...identity.permissions import Permission
from ..guard import actor_of, guarded
from ..shell.heading import HEADING
from .items import PaletteGroup, PaletteItem, counted, neighbour
from .search import found, is_thing

__all__ = ["FIELD", "Palette", "note_visit"]

Follow = EventSpec | EventCallback[()]
"""What a handler sets going next."""

FIELD: Final = "palette_q"
"""Id of the field."""
_MAX_TEXT: Final = 100
_REMEMBERED: Final = 5
_CLOSES_WITHIN_S: Final = 0.3
"""A dialog that closes fades, and only then gives the focus back."""


class Palette(rx.State):
    """Vars of the palette."""

    is_open: bool = False
    text: str = ""
    groups: list[PaletteGroup] = []
    active: str = ""
    """Key of the chosen line."""
    is_by_keys: bool = False
    """Whether it was chosen by keyboard: then the list follows it."""
    is_help: bool = False
    counted: str = ""
    problem: str = ""
    _recent: list[str] = []
    _opened_at: str = ""

    @guarded(Permission.SELF)
    async def open_palette(self) -> None:
        """Show it, with where one was lately."""
        self.is_open = True
        self._opened_at = self.router.url.path.rstrip("/")
        await self._look_for("")

    @guarded(Permission.SELF)
    async def show(self, is_open: bool) -> Follow | None:  # noqa: FBT001 - what the dialog tells
        """Open it by its button; close it by Escape, or a click beside it."""
        if is_open:
            return Palette.open_palette()
        self.is_open = False
        return None

    @guarded(Permission.SELF, background=True)
    async def focus_heading(self) -> AsyncIterator[EventSpec]:
        """Put the focus on the heading, once the dialog has given it back."""
        await asyncio.sleep(_CLOSES_WITHIN_S)
        yield rx.set_focus(HEADING)

    @guarded(Permission.SELF)
    async def search(self, text: str) -> None:
        """Look for what was typed, a moment after the last key."""
        # The last key may still be waited for when something was opened.
        if self.is_open:
            await self._look_for(str(text))

    @guarded(Permission.SELF)
    async def move(self, by: int) -> None:
        """Choose the next line or the one before."""
        step = by if by in (-1, 1) else 1
        self.active = neighbour([item.key for item in self._items()], self.active, step)
        self.is_by_keys = True

    @guarded(Permission.SELF)
    async def choose(self, form: dict[str, str]) -> list[Follow]:
        """Enter: open the chosen line of what stands in the field, however fast it was typed."""
        text = str(form.get(FIELD, "") if isinstance(form, Mapping) else "")
        if text[:_MAX_TEXT] != self.text:
            await self._look_for(text)
        return self._leave_for(self.active)

    @guarded(Permission.SELF)
    async def open_item(self, key: str) -> list[Follow]:
        """Open a line that was clicked."""
        return self._leave_for(str(key))

    async def _look_for(self, text: str) -> None:
        self.text = text[:_MAX_TEXT]
        self.is_by_keys, self.is_help = False, self.text.strip() == "?"
        try:
            self.groups = await found(self.text, actor=await actor_of(self), recent=self._recent)
            self.problem = ""
        except PortalError as error:
            self.groups, self.problem = [], error.message
        items = self._items()
        self.active = items[0].key if items else ""
        self.counted = "" if self.problem else counted(self.groups)

    def _items(self) -> list[PaletteItem]:
        return [item for group in self.groups for item in group.lines]

    def _leave_for(self, key: str) -> list[Follow]:
        href = next((item.href for item in self._items() if item.key == key), "")
        if not href or not self.is_open:
            return []
        self.is_open = False
        # From one namespace to another the page stays: then nothing else moves the focus.
        stays = is_thing(self._opened_at) and href.startswith(self._opened_at.rpartition("/")[0])
        return [rx.redirect(href), *([Palette.focus_heading()] if stays else [])]


def note_visit(palette: Palette, path: str) -> None:
    """A page was reached: what is open belongs to the one before; this one is remembered."""
    if palette.is_open and palette._opened_at != path:  # noqa: SLF001 - its own module
        palette.is_open = False
    recent = palette._recent  # noqa: SLF001 - its own module
    if is_thing(path) and recent[:1] != [path]:
        kept = [path, *(one for one in recent if one != path)]
        palette._recent = kept[:_REMEMBERED]  # noqa: SLF001 - its own module
