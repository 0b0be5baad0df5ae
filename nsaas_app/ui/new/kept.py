"""The draft on the server: kept with every change, offered again, forgotten once handed in."""

import contextlib
import secrets
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import PortalError
from ...identity.personal import PersonalItem, PersonalKind
from ..figures import iso
from .beginning import draft_from_kept
from .draft import Draft
from .steps import FORM_STEPS

__all__ = ["Kept", "KeptLine", "forget", "kept", "offered", "restored"]


@dataclass(frozen=True)
class KeptLine:
    """A draft that was left."""

    key: str
    title: str
    at: str

    @classmethod
    def of(cls, item: PersonalItem) -> Self:
        """Describe it."""
        return cls(item.key, item.title, iso(item.updated_at))


@dataclass(frozen=True)
class Kept:
    """Where a draft is kept now."""

    key: str
    edition: str
    """Changes with every keeping: whoever knows an older one does not know what is kept."""
    at: str
    """When it was kept; an empty text when it could not be."""
    reached: int = 0
    """How far somebody was in it."""


class _ChangedElsewhereError(Exception):
    """Another tab kept something else under the same key meanwhile."""


async def kept(before: Kept, draft: Draft, *, reached: int, actor: Actor) -> Kept:
    """Keep a draft; what another tab kept under the same key meanwhile stays, beside it."""
    now = replace(before, edition=secrets.token_hex(8), at="", reached=reached)
    title = (draft.name or draft.app or "Without a name")[:60].strip()

    def changed(found: dict[str, Any] | None) -> dict[str, Any]:
        if found is not None and found.get("edition", "") != before.edition:
            raise _ChangedElsewhereError
        return {"draft": asdict(draft), "reached": reached, "edition": now.edition}

    try:
        item = await runtime.current().personal.change(
            PersonalKind.DRAFT, before.key, changed, title=title, actor=actor
        )
    except _ChangedElsewhereError:
        apart = Kept(secrets.token_hex(8), "", "")
        return await kept(apart, draft, reached=reached, actor=actor)
    except PortalError:
        # Typing goes on without it: the page says when it was saved last.
        return before
    return replace(now, at=iso(item.updated_at))


async def forget(key: str, actor: Actor) -> None:
    """Forget a draft; it may never have been kept."""
    with contextlib.suppress(PortalError):
        await runtime.current().personal.remove(PersonalKind.DRAFT, key, actor=actor)


async def offered(actor: Actor, *, but: str) -> list[KeptLine]:
    """List the drafts that were left, without the one that is open."""
    found = await runtime.current().personal.all(PersonalKind.DRAFT, actor=actor)
    return [KeptLine.of(item) for item in found if item.key != but]


async def restored(key: str, actor: Actor) -> tuple[Draft, Kept] | None:
    """Give a kept draft back and how it is kept; None when the actor keeps none of that key."""
    try:
        item = await runtime.current().personal.get(PersonalKind.DRAFT, key, actor=actor)
    except PortalError:
        return None
    document, reached = item.document.get("draft"), item.document.get("reached")
    draft = draft_from_kept(document if isinstance(document, dict) else {})
    far = max(0, min(reached if isinstance(reached, int) else 0, len(FORM_STEPS) - 1))
    edition = str(item.document.get("edition", ""))
    return draft, Kept(key, edition, iso(item.updated_at), far)
