"""Preferences on pages: what every list asks for, and the theme chosen in the header."""

import reflex as rx

from .. import runtime
from ..domain.errors import PortalError
from ..domain.preferences import Preferences, Theme
from ..identity.permissions import Permission
from .guard import actor_of, guarded
from .live import LivePage, assign
from .shell.chosen import chosen_view
from .shell.state import Shell

__all__ = ["Preferring", "learn_size", "put_preference"]


async def learn_size(page: LivePage) -> None:
    """Ask how many rows of a list the person of this page wants to see at once."""
    try:
        actor = await actor_of(page, is_use=False)
    except PortalError:
        return  # The page is about to say that nobody is signed in.
    size = (await runtime.current().preferences.of(actor)).page_size
    async with page:
        page._size = size  # noqa: SLF001 - told to the page, nobody else sees it


async def put_preference(page: rx.State, field: str, value: str | int) -> Preferences:
    """Keep one preference and show the frame accordingly at once.

    Raises:
        ForbiddenError: the person may write nothing.
        InvalidFieldsError: the field has no such value.
    """
    book, actor = runtime.current().preferences, await actor_of(page)
    document = (await book.of(actor)).to_document() | {field: value}
    kept = await book.put(document, actor=actor)
    assign(await page.get_state(Shell), chosen_view(kept))
    return kept


class Preferring(rx.State):
    """Takes in what is preferred in the frame's own menus. Has no vars."""

    @guarded(Permission.SELF_CHANGE)
    async def choose_theme(self, theme: str) -> None:
        """Keep the theme, for the next browser too."""
        if theme in set(Theme):
            await put_preference(self, "theme", str(theme))
