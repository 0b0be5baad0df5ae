"""What people keep for themselves: drafts, saved views, preferences. Nobody sees another's."""

import json
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from ..domain.actors import Actor
from ..domain.errors import FieldIssue, InvalidFieldsError, NotFoundError
from ..store.database import Database
from ..store.personal import PersonalItem, PersonalStore
from .permissions import Permission, ensure_may_anywhere

__all__ = ["MAX_BYTES", "MAX_ITEMS", "MAX_KEY", "Personal", "PersonalItem", "PersonalKind"]

MAX_ITEMS: Final = 20
"""Of a kind. The oldest draft makes room for a new one; a view must be removed by hand."""
MAX_BYTES: Final = 32_000
"""Of one document, as JSON: room for the longest access list."""
MAX_KEY: Final = 63
MAX_TITLE: Final = 100


class PersonalKind(StrEnum):
    """What can be kept."""

    DRAFT = "draft"
    VIEW = "view"
    PREFERENCES = "preferences"
    """One document for each person; `PreferenceBook` knows what is in it."""


class Personal:
    """Keeps, lists and forgets. No audit events: nothing here concerns anybody else."""

    def __init__(
        self, *, database: Database, store: PersonalStore, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def all(self, kind: PersonalKind, *, actor: Actor) -> list[PersonalItem]:
        """All that the actor keeps of a kind, the newest first."""
        ensure_may_anywhere(actor, Permission.SELF)
        async with self._database.reading() as connection:
            return await self._store.all(connection, subject=actor.subject, kind=kind.value)

    async def get(self, kind: PersonalKind, key: str, *, actor: Actor) -> PersonalItem:
        """One of them.

        Raises:
            NotFoundError: the actor keeps none of that key.
        """
        for item in await self.all(kind, actor=actor):
            if item.key == key:
                return item
        raise NotFoundError(kind.value, key)

    async def put(
        self, kind: PersonalKind, key: str, document: dict[str, Any], *, title: str, actor: Actor
    ) -> PersonalItem:
        """Keep a document in place of what bore the key before.

        Raises:
            InvalidFieldsError: key, title or document break a rule, or too many views are kept.
        """
        return await self.change(kind, key, lambda _kept: document, title=title, actor=actor)

    async def change(
        self,
        kind: PersonalKind,
        key: str,
        changed: Callable[[dict[str, Any] | None], dict[str, Any]],
        *,
        title: str,
        actor: Actor,
    ) -> PersonalItem:
        """Keep what `changed` makes of the document that is kept; it is given None for none.

        Raises:
            InvalidFieldsError: as with `put`, and whatever `changed` raises.
        """
        ensure_may_anywhere(actor, Permission.SELF_CHANGE)
        who = {"subject": actor.subject, "kind": kind.value}
        async with self._database.transaction() as connection:
            known = await self._store.locked(connection, **who)  # the newest first
            kept = next((one.document for one in known if one.key == key), None)
            item = PersonalItem(key, title.strip() or key, changed(kept), self._clock())
            if issues := _issues(item):
                raise InvalidFieldsError(issues)
            others = [one for one in known if one.key != key]
            if len(others) >= MAX_ITEMS:
                if kind is PersonalKind.VIEW:
                    message = f"You keep {MAX_ITEMS} views: remove one first."
                    raise InvalidFieldsError([FieldIssue("key", message)])
                await self._store.remove(connection, others[-1].key, **who)
            await self._store.put(connection, item, **who)
        return item

    async def remove(self, kind: PersonalKind, key: str, *, actor: Actor) -> None:
        """Forget it.

        Raises:
            NotFoundError: the actor keeps none of that key.
        """
        ensure_may_anywhere(actor, Permission.SELF_CHANGE)
        async with self._database.transaction() as connection:
            is_gone = await self._store.remove(
                connection, key, subject=actor.subject, kind=kind.value
            )
        if not is_gone:
            raise NotFoundError(kind.value, key)


def _issues(item: PersonalItem) -> list[FieldIssue]:
    issues = []
    for field, text, limit in (("key", item.key, MAX_KEY), ("title", item.title, MAX_TITLE)):
        if not 1 <= len(text) <= limit or not text.isprintable() or text != text.strip():
            words = f"Use 1 to {limit} printable characters, no blanks around."
            issues.append(FieldIssue(field, words))
    if "/" in item.key:
        issues.append(FieldIssue("key", "Use no slash."))
    try:
        size = len(json.dumps(item.document, allow_nan=False, ensure_ascii=False).encode())
    except ValueError:  # NaN and half a character come through some readers of JSON
        issues.append(FieldIssue("document", "It holds what JSON does not know."))
    else:
        if size > MAX_BYTES:
            issues.append(FieldIssue("document", f"It may have at most {MAX_BYTES} bytes."))
    return issues
