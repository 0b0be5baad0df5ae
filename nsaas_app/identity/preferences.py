"""Preferences of people: kept for each, remembered so that no page asks the database for them."""

import random
import time
from typing import Any, Final

import structlog

from ..domain.actors import Actor
from ..domain.errors import InvalidFieldsError, PortalError
from ..domain.preferences import Preferences
from .personal import Personal, PersonalKind

__all__ = ["PreferenceBook"]

log = structlog.get_logger()

KEY: Final = "mine"
REMEMBERED_S: Final = (60.0, 120.0)
"""So long what was read holds: another process of the portal may have changed it. Not equally long
for everybody, or all pages that were opened at once would ask at once again and again."""
RETRY_S: Final = 5.0
"""So long nobody asks again after a reading that failed."""
MOST: Final = 4096
"""So many people's are remembered."""


class PreferenceBook:
    """Gives and takes what each person prefers."""

    def __init__(self, *, personal: Personal, retry_s: float = RETRY_S) -> None:
        self._personal = personal
        self._retry_s = retry_s
        self._known: dict[str, tuple[float, Preferences | None]] = {}
        """Until when what was read holds, and that."""

    async def chosen(self, actor: Actor) -> Preferences | None:
        """What somebody chose; None while they never chose anything.

        A database that does not answer changes no page: what was known before holds on.
        """
        before = self._known.get(actor.subject)
        until, known = before or (float("-inf"), None)
        if time.monotonic() < until:
            return known
        found, lasts_s = known, _some_time()
        try:
            kept = await self._personal.all(PersonalKind.PREFERENCES, actor=actor)
            found = next((_read(one.document) for one in kept if one.key == KEY), None)
        except PortalError:
            lasts_s = self._retry_s
        except Exception:
            # Every open page asks at every turn: none of them may end for want of a colour.
            lasts_s = self._retry_s
            log.exception("preferences not read")
        if self._known.get(actor.subject) is before:  # else something was chosen meanwhile
            self._remember(actor, found, lasts_s=lasts_s)
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
        self._remember(actor, wanted, lasts_s=_some_time())
        return wanted

    async def change(self, field: str, value: str | int, *, actor: Actor) -> Preferences:
        """Keep one preference; the others stay as they are kept, whatever is remembered here.

        Raises:
            ForbiddenError: the actor may write nothing.
            InvalidFieldsError: the field is unknown or has no such value.
            UnavailableError: what is kept could not be read or written; nothing was changed.
        """

        def changed(kept: dict[str, Any] | None) -> dict[str, Any]:
            before = (_read(kept) if kept is not None else None) or Preferences()
            return Preferences.from_document(before.to_document() | {field: value}).to_document()

        item = await self._personal.change(
            PersonalKind.PREFERENCES, KEY, changed, title="Preferences", actor=actor
        )
        wanted = Preferences.from_document(item.document)
        self._remember(actor, wanted, lasts_s=_some_time())
        return wanted

    def _remember(self, actor: Actor, found: Preferences | None, *, lasts_s: float) -> None:
        if len(self._known) >= MOST and actor.subject not in self._known:
            self._known.clear()
        self._known[actor.subject] = (time.monotonic() + lasts_s, found)


def _some_time() -> float:
    return random.uniform(*REMEMBERED_S)  # noqa: S311 - nothing is kept secret by it


def _read(document: dict[str, Any]) -> Preferences | None:
    """Read what is kept; what an older or newer portal wrote and this one cannot read is none."""
    try:
        return Preferences.from_document(document)
    except InvalidFieldsError:
        return None
