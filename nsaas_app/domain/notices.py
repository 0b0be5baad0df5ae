"""Notices: what people are told of a namespace's lifetime, each once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .actors import Actor, Role
from .environments import POLICIES
from .names import TeamName
from .namespaces import Intent, ManagedNamespace

__all__ = [
    "CERTIFY_WARNINGS", "WARNINGS", "Channel", "Delivery", "Notice", "NoticeKind", "concerns",
    "due_notice",
]  # fmt: skip

WARNINGS: Final = tuple(timedelta(days=days) for days in (7, 3, 1))
"""How long before its end people are told."""
CERTIFY_WARNINGS: Final = tuple(timedelta(days=days) for days in (30, 7, 3, 1))
"""How long before a confirmation is due people are told."""
CERTIFY_AGAIN: Final = timedelta(days=30)
"""How often people are told of a confirmation that is overdue."""
_LIVING: Final = frozenset({Intent.ACTIVE, Intent.CHANGING, Intent.WAKING})


class NoticeKind(StrEnum):
    """What it is about."""

    EXPIRING = "expiring"
    EXPIRED = "expired"
    GRACE_ENDING = "grace-ending"
    DELETION = "deletion"
    CERTIFY = "certify"
    """Somebody must confirm soon that it is still needed."""
    UNCERTIFIED = "uncertified"
    """Nobody did."""
    CLEANUP = "cleanup"
    """A cleanup plan is at it; owner and leads may say that it is wanted."""
    QUESTION = "question"
    """An approver asks the requester."""
    ANSWER = "answer"
    """The requester answered the approver."""
    HELP = "help"
    """Somebody asks those who can mend a request that failed."""
    BUDGET = "budget"
    """A lead asks for a larger budget; platform admins decide."""
    BUDGET_ANSWER = "budget-answer"
    """A platform admin declined it."""


_PERSONAL: Final = frozenset({NoticeKind.QUESTION, NoticeKind.ANSWER, NoticeKind.BUDGET_ANSWER})
"""What is between two people."""


class Channel(StrEnum):
    """Ways out of the portal; its own inbox needs none."""

    WEBHOOK = "webhook"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that is told."""

    notice_id: str
    key: str
    """What it is about and which moment of it: nothing is told twice under one key."""
    kind: NoticeKind
    cluster: str
    namespace: str
    team: TeamName
    owner: str
    title: str
    text: str
    created_at: datetime

    @property
    def is_personal(self) -> bool:
        """Whether it is for one person, and nobody else's business."""
        return self.kind in _PERSONAL


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice on its way to one receiver."""

    delivery_id: str
    notice: Notice
    channel: Channel
    receiver: str
    """A mail address, or nothing for the one webhook."""
    attempts: int
    """This one included."""


def concerns(notice: Notice, actor: Actor) -> bool:
    """Whether it is for this person: the owner and the leads of the team; or one person alone.

    A wish for budget is for those who may fulfil it, a call for help for those who can give it.
    """
    if notice.kind is NoticeKind.HELP:
        is_lead = actor.teams.get(notice.team) is Role.LEAD
        return (actor.is_admin or is_lead) and actor.subject != notice.owner
    if notice.kind is NoticeKind.BUDGET:
        return actor.is_admin
    if notice.is_personal:
        # An admin who asked is in none of the team's roles.
        is_let_in = actor.sees_all_teams or actor.role_in(notice.team) is not None
        return is_let_in and actor.subject == notice.owner
    if actor.role_in(notice.team) is None:
        return False
    return actor.subject == notice.owner or actor.teams.get(notice.team) is Role.LEAD


def due_notice(record: ManagedNamespace, *, now: datetime, notice_id: str = "") -> Notice | None:
    """The newest thing to be told of a namespace now, whether it was told before or not.

    Of warnings that fell due while nothing ran only the newest is told. A lifetime that began
    after a warning's moment knows nothing of that warning.
    """
    name = str(record.name)
    until, end = record.restorable_until, record.spec.expires_at
    if record.intent is Intent.RELEASED and until is not None:
        if not until - timedelta(days=1) <= now < until:
            return None
        kind, moment = NoticeKind.GRACE_ENDING, f"{until.isoformat()}"
        title = f"{name} will be deleted"
        text = f"{name} was released. It can be restored until {_when(until)}; then its manifests "
        text += "are exported and it is deleted."
    elif record.intent in _LIVING and end is not None and now >= end:
        kind, moment = NoticeKind.EXPIRED, f"{end.isoformat()}"
        title = f"{name} has expired"
        text = f"The lifetime of {name} was over on {_when(end)}. Renew it or release it."
    elif record.intent in _LIVING and end is not None:
        due = [span for span in WARNINGS if record.created_at < end - span <= now]
        if not due:
            return None
        span = min(due)
        kind, moment = NoticeKind.EXPIRING, f"{end.isoformat()}/{span.days}"
        days = max(1, -((now - end) // timedelta(days=1)))
        title = f"{name} expires within {days} {'day' if days == 1 else 'days'}"
        text = f"The lifetime of {name} ends on {_when(end)}. Renew it to keep it."
    elif record.intent in _LIVING and record.certify_by is not None:
        found = _certification(record, record.certify_by, now)
        if found is None:
            return None
        kind, moment, title, text = found
    else:
        return None
    key = f"{kind}/{record.cluster}/{record.request_id}/{moment}"
    return Notice(
        notice_id, key, kind, record.cluster, name, record.team, record.spec.owner, title, text, now
    )


def _certification(
    record: ManagedNamespace, due_at: datetime, now: datetime
) -> tuple[NoticeKind, str, str, str] | None:
    """Give kind, moment, title and text of the newest notice about a confirmation, if any."""
    name = str(record.name)
    if now >= due_at:
        times = (now - due_at) // CERTIFY_AGAIN
        text = f"A lead should have confirmed by {_when(due_at)} that {name} is still needed. "
        text += "Nothing is stopped because of that. Confirm it or release it."
        title = f"{name} was not confirmed as still needed"
        return NoticeKind.UNCERTIFIED, f"{due_at.isoformat()}/{times}", title, text
    begun = due_at - (POLICIES[record.spec.environment].recertify_every or timedelta())
    due = [span for span in CERTIFY_WARNINGS if begun < due_at - span <= now]
    if not due:
        return None
    days = -((now - due_at) // timedelta(days=1))
    title = f"Confirm within {days} {'day' if days == 1 else 'days'} that {name} is needed"
    text = f"Production is confirmed once a year. A lead confirms {name} until {_when(due_at)}."
    return NoticeKind.CERTIFY, f"{due_at.isoformat()}/{min(due).days}", title, text


def _when(moment: datetime) -> str:
    return f"{moment:%d %b %Y %H:%M} UTC"
