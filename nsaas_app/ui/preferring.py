"""Preferences on pages: what every list asks for, and the theme chosen in the header."""

import reflex as rx

from .. import runtime
from ..domain.errors import PortalError
from ..domain.preferences import PAGE_SIZES, Preferences, Theme
from ..identity.permissions import Permission
from .guard import actor_of, guarded
from .live import assign
from .shell.chosen import chosen_view
from .shell.state import Shell

__all__ = ["Preferring", "put_preference", "rows_per_page"]


async def rows_per_page(page: rx.State) -> int:
    """How many rows of a list the person of this page wants to see at once."""
    try:
        actor = await actor_of(page, is_use=False)
    except PortalError:
        return PAGE_SIZES[0]  # The page is about to say that nobody is signed in.
    return (await runtime.current().preferences.of(actor)).page_size


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
