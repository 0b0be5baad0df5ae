"""Preferences on pages: what every list asks for, and the theme chosen in the header."""

import reflex as rx

from .. import runtime
from ..domain.errors import PortalError
from ..domain.preferences import Preferences, Theme
from ..identity.permissions import Permission
from .guard import actor_behind, actor_of, guarded
from .live import LivePage, assign
from .shell.chosen import chosen_view
from .shell.state import Shell

__all__ = ["Preferring", "learn_preferences", "put_preference"]


async def learn_preferences(page: LivePage) -> None:
    """Ask how the person of this page wants lists and times.

    Whoever calls this reads the address before: once a background task has waited, it sees the
    address of whichever event came last.
    """
    try:
        actor = await actor_behind(page.router.headers.cookie)
    except PortalError:
        return  # The page is about to say that nobody is signed in.
    known = await runtime.current().preferences.of(actor)
    async with page:
        page._size = known.page_size  # noqa: SLF001 - told to the page, nobody else sees it
        page._zone = known.time_zone  # noqa: SLF001 - the same


async def put_preference(page: rx.State, field: str, value: str | int) -> Preferences:
    """Keep one preference and show the frame accordingly at once.

    Raises:
        ForbiddenError: the person may write nothing.
        InvalidFieldsError: the field has no such value.
        UnavailableError: the database does not answer; nothing was changed.
    """
    book, actor = runtime.current().preferences, await actor_of(page)
    kept = await book.change(field, value, actor=actor)
    assign(await page.get_state(Shell), chosen_view(kept))
    return kept


class Preferring(rx.State):
    """Takes in what is preferred in the frame's own menus. Has no vars."""

    @guarded(Permission.SELF_CHANGE)
    async def choose_theme(self, theme: str) -> None:
        """Keep the theme, for the next browser too."""
        if theme in set(Theme):
            await put_preference(self, "theme", str(theme))
