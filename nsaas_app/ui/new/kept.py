"""The draft on the server: kept with every change, offered again, forgotten once handed in."""

import contextlib
from dataclasses import asdict, dataclass
from typing import Self

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import PortalError
from ...identity.personal import PersonalItem, PersonalKind
from ..figures import iso
from .beginning import draft_from_kept
from .draft import Draft
from .steps import FORM_STEPS

__all__ = ["KeptLine", "forget", "kept", "offered", "restored"]


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


async def kept(key: str, draft: Draft, *, reached: int, actor: Actor) -> str:
    """Keep a draft; gives when, an empty text when it could not be."""
    document = {"draft": asdict(draft), "reached": reached}
    title = (draft.name or draft.app or "Without a name")[:60].strip()
    try:
        item = await runtime.current().personal.put(
            PersonalKind.DRAFT, key, document, title=title, actor=actor
        )
    except PortalError:
        # Typing goes on without it: the page says when it was saved last.
        return ""
    return iso(item.updated_at)


async def forget(key: str, actor: Actor) -> None:
    """Forget a draft; it may never have been kept."""
    with contextlib.suppress(PortalError):
        await runtime.current().personal.remove(PersonalKind.DRAFT, key, actor=actor)


async def offered(actor: Actor, *, but: str) -> list[KeptLine]:
    """List the drafts that were left, without the one that is open."""
    found = await runtime.current().personal.all(PersonalKind.DRAFT, actor=actor)
    return [KeptLine.of(item) for item in found if item.key != but]


async def restored(key: str, actor: Actor) -> tuple[Draft, int] | None:
    """Give a kept draft back and how far it was; None when the actor keeps none of that key."""
    try:
        item = await runtime.current().personal.get(PersonalKind.DRAFT, key, actor=actor)
    except PortalError:
        return None
    document, reached = item.document.get("draft"), item.document.get("reached")
    draft = draft_from_kept(document if isinstance(document, dict) else {})
    far = reached if isinstance(reached, int) else 0
    return draft, max(0, min(far, len(FORM_STEPS) - 1))
