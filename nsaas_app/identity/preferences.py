"""Preferences of people: kept for each, remembered so that no page asks the database for them."""

import time
from typing import Any, Final

from ..domain.actors import Actor
from ..domain.errors import InvalidFieldsError, PortalError
from ..domain.preferences import Preferences
from .personal import Personal, PersonalKind

__all__ = ["PreferenceBook"]

KEY: Final = "mine"
REMEMBERED_S: Final = 30.0
"""So long what was read holds: another process of the portal may have changed it."""
MOST: Final = 4096
"""So many people's are remembered."""


class PreferenceBook:
    """Gives and takes what each person prefers."""

    def __init__(self, *, personal: Personal) -> None:
        self._personal = personal
        self._known: dict[str, tuple[float, Preferences | None]] = {}

    async def chosen(self, actor: Actor) -> Preferences | None:
        """What somebody chose; None while they never chose anything.

        A database that does not answer changes no page: what was known before holds on.
        """
        read_at, known = self._known.get(actor.subject, (float("-inf"), None))
        if time.monotonic() - read_at < REMEMBERED_S:
            return known
        try:
            kept = await self._personal.all(PersonalKind.PREFERENCES, actor=actor)
        except PortalError:
            return known
        found = next((_read(one.document) for one in kept if one.key == KEY), None)
        self._remember(actor, found)
        return found

    async def of(self, actor: Actor) -> Preferences:
        """What somebody chose, or what is usual."""
        return await self.chosen(actor) or Preferences()

    async def put(self, document: dict[str, Any], *, actor: Actor) -> Preferences:
        """Keep what somebody prefers from now on, in place of all that was kept.

        Raises:
            ForbiddenError: the actor may write nothing.
            InvalidFieldsError: a field is unknown or has no value that it may have.
        """
        wanted = Preferences.from_document(document)
        await self._personal.put(
            PersonalKind.PREFERENCES, KEY, wanted.to_document(), title="Preferences", actor=actor
        )
        self._remember(actor, wanted)
        return wanted

    def _remember(self, actor: Actor, found: Preferences | None) -> None:
        if len(self._known) >= MOST and actor.subject not in self._known:
            self._known.clear()
        self._known[actor.subject] = (time.monotonic(), found)


def _read(document: dict[str, Any]) -> Preferences | None:
    """Read what is kept; what an older or newer portal wrote and this one cannot read is none."""
    try:
        return Preferences.from_document(document)
    except InvalidFieldsError:
        return None
