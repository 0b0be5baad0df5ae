"""State of the inbox: one's notices, the newest first."""

from dataclasses import dataclass
from typing import Self

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.actors import Actor
from ...domain.errors import PortalError
from ...domain.notices import Notice, NoticeKind
from ...identity.permissions import Permission
from ...lifecycle.inbox import INBOX, InboxItem
from ..figures import iso
from ..guard import actor_of, guarded
from ..live import LivePage, follow
from ..problems import toast_for
from ..renewable import renewal_for
from ..words import Tone

__all__ = ["InboxState", "NoticeLine"]

_TONES = {
    NoticeKind.EXPIRING: Tone.WARN,
    NoticeKind.EXPIRED: Tone.BAD,
    NoticeKind.GRACE_ENDING: Tone.ENDING,
    NoticeKind.DELETION: Tone.ENDING,
    NoticeKind.CERTIFY: Tone.WARN,
    NoticeKind.UNCERTIFIED: Tone.BAD,
    NoticeKind.CLEANUP: Tone.WARN,
    NoticeKind.QUESTION: Tone.WAITING,
    NoticeKind.ANSWER: Tone.OK,
    NoticeKind.HELP: Tone.WAITING,
    NoticeKind.BUDGET: Tone.WAITING,
    NoticeKind.BUDGET_ANSWER: Tone.BAD,
}
_RENEWALS = {
    NoticeKind.EXPIRING: "Renew",
    NoticeKind.EXPIRED: "Renew",
    NoticeKind.CERTIFY: "Confirm",
    NoticeKind.UNCERTIFIED: "Confirm",
}


@dataclass(frozen=True)
class NoticeLine:
    """One notice."""

    notice_id: str
    title: str
    text: str
    tone: str
    namespace: str
    href: str
    """The namespace's page, or what else it is about."""
    renew: str
    """What one click does about it: Renew or Confirm; empty where nothing is to be put off."""
    created_at: str
    is_read: bool

    @classmethod
    def of(cls, item: InboxItem, actor: Actor) -> Self:
        """Describe one for its reader."""
        notice = item.notice
        return cls(
            notice_id=notice.notice_id,
            title=notice.title,
            text=notice.text,
            tone=_TONES[notice.kind].value,
            namespace=notice.namespace,
            href=_href(notice),
            renew=renewal_for(_RENEWALS.get(notice.kind, ""), notice.team, actor),
            created_at=iso(notice.created_at),
            is_read=item.is_read,
        )


def _href(notice: Notice) -> str:
    """Lead to what it is about: the namespace, its kept exports, or the request it names."""
    if notice.kind in (NoticeKind.QUESTION, NoticeKind.ANSWER, NoticeKind.HELP):
        return f"/requests/{notice.key.split('/')[1]}"
    if notice.kind in (NoticeKind.BUDGET, NoticeKind.BUDGET_ANSWER):
        return f"/teams/{notice.team}"
    if notice.kind is NoticeKind.DELETION:
        return f"/exports?namespace={notice.namespace}"
    return f"/namespaces/{notice.namespace}"


class InboxState(LivePage, rx.State):
    """Vars of the page."""

    lines: list[NoticeLine] = []
    unread: int = 0

    @guarded(Permission.SELF, background=True)
    async def watch(self) -> None:
        """Keep the list current."""

        async def read(actor: Actor) -> dict[str, object]:
            items = runtime.current().lifetime.inbox.of(actor)
            return {
                "lines": [NoticeLine.of(item, actor) for item in items],
                "unread": sum(not item.is_read for item in items),
            }

        await follow(self, topics=(INBOX,), read=read)

    @guarded(Permission.SELF)
    async def mark_read(self, notice_id: str) -> EventSpec | None:
        """Mark one as read."""
        return await self._mark([str(notice_id)])

    @guarded(Permission.SELF)
    async def mark_all_read(self) -> EventSpec | None:
        """Mark all as read."""
        return await self._mark([line.notice_id for line in self.lines])

    async def _mark(self, notice_ids: list[str]) -> EventSpec | None:
        try:
            await runtime.current().lifetime.inbox.mark_read(notice_ids, actor=await actor_of(self))
        except PortalError as error:
            return toast_for(error)
        return None
