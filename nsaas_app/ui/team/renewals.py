"""State of renewing all that ends soon: what it would do, and how each one was taken."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Self

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.query import RowQuery
from ...directory.rows import NamespaceRow
from ...domain.actors import Actor
from ...domain.approval import justification_issues
from ...domain.environments import POLICIES
from ...domain.errors import PortalError
from ...domain.namespaces import ManagedNamespace
from ...domain.requests import RequestKind
from ...identity.permissions import Permission
from ...provisioning.approvals import Asked, approval_for
from ...provisioning.intake import Submission
from ..awaiting import awaiting_names
from ..figures import iso
from ..guard import actor_of, guarded
from ..live import assign
from ..namespace.actions import Actions
from ..toasts import Tone, say

__all__ = [
    "MOST",
    "REASON",
    "SOON",
    "RenewAll",
    "RenewLine",
    "agreement_for",
    "ending_rows",
    "renewable",
]

SOON: Final = timedelta(days=14)
MOST: Final = 200
"""So many are renewed by one dialog."""
_EVERYTHING: Final = 1_000_000
_MAX_TYPED: Final = 2000
REASON: Final = justification_issues("")[0].field
"""The field that is asked for where somebody must agree."""


@dataclass(frozen=True)
class RenewLine:
    """One namespace that ends soon: what is asked for it, and how that was taken."""

    name: str
    ends_at: str
    is_over: bool
    """Whether it has ended, and is still there."""
    days: str
    """Its new lifetime from now."""
    reason: str
    """Why it cannot be renewed; empty when it can."""
    agreement: str = ""
    """Why somebody must agree; empty where nobody must."""
    state: str = "open"
    """open, accepted or refused."""
    message: str = ""
    href: str = ""

    @classmethod
    def of(cls, row: NamespaceRow, actor: Actor, *, now: datetime, agreement: str = "") -> Self:
        """Describe what a renewal would do."""
        usual = POLICIES[row.environment].default_ttl
        days = usual.days if usual else 0
        reason = Actions.of(row, actor, is_awaiting=row.name in awaiting_names()).renew
        agreed = "" if reason else agreement
        return cls(
            name=row.name,
            ends_at=iso(row.expires_at),
            is_over=row.expires_at is not None and row.expires_at <= now,
            days=f"{days} days",
            reason=reason,
            agreement=agreed,
        )


def ending_rows(team: str, actor: Actor, *, now: datetime) -> list[NamespaceRow]:
    """Rows of a team whose lifetime ends soon or is over, the next to end first."""
    query = RowQuery(teams=frozenset({team}), sort="expires", limit=_EVERYTHING)
    found = runtime.current().directory.find(query, actor=actor).items
    return [row for row in found if row.expires_at is not None and row.expires_at <= now + SOON]


def renewable(rows: list[NamespaceRow], actor: Actor) -> int:
    """Count those that the actor can renew by one dialog."""
    return sum(not Actions.of(row, actor).renew for row in rows[:MOST])


def agreement_for(record: ManagedNamespace | None, actor: Actor, *, now: datetime) -> str:
    """Why somebody must agree to a renewal by this actor; empty where nobody must."""
    usual = POLICIES[record.spec.environment].default_ttl if record else None
    if record is None or usual is None:
        return ""
    wanted = replace(record.spec, expires_at=now + usual)
    asked = Asked(RequestKind.CHANGE, wanted, before=record.spec, renewals=record.renewals)
    approval = approval_for(asked, actor=actor, now=now)
    return approval.why if approval else ""


class RenewAll(rx.State):
    """Vars of the dialog."""

    is_open: bool = False
    team: str = ""
    lines: list[RenewLine] = []
    ready: int = 0
    """How many can be renewed."""
    agreed: int = 0
    """To how many of those somebody must agree: then it is asked why."""
    justification: str = ""
    error: str = ""
    """What is wrong with it."""
    is_done: bool = False
    is_busy: bool = False
    _key: str = ""
    _is_left: bool = False
    """Whether somebody closed it, rather than the page."""

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin(self, team: str) -> None:
        """Open the dialog with all that ends soon."""
        actor, portal = await actor_of(self), runtime.current()
        now = portal.clock()
        rows = ending_rows(str(team), actor, now=now)[:MOST]
        lines = []
        for row in rows:
            agreement = agreement_for(portal.directory.record(row.name), actor, now=now)
            lines.append(RenewLine.of(row, actor, now=now, agreement=agreement))
        self._key = secrets.token_hex(16)
        values: dict[str, object] = {
            "is_open": True,
            "team": str(team),
            "lines": lines,
            "ready": sum(not line.reason for line in lines),
            "agreed": sum(line.agreement != "" for line in lines),
            "justification": "",
            "error": "",
            "is_done": False,
            "is_busy": False,
        }
        assign(self, values)

    @guarded(Permission.NAMESPACE_READ)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 - an event's value
        """Close the dialog."""
        if is_open is False and not self.is_busy:
            self.is_open, self._is_left = False, True

    @guarded(Permission.NAMESPACE_READ)
    async def give_back_focus(self) -> EventSpec | None:
        """Return to the button that opened the dialog, unless the page was left with it."""
        is_left, self._is_left = self._is_left, False
        return rx.set_focus("renew-all") if is_left else None

    @guarded(Permission.NAMESPACE_CHANGE)
    async def edit(self, field: str, value: str) -> None:
        """Take in why."""
        if field == REASON and isinstance(value, str) and len(value) <= _MAX_TYPED:
            self.justification, self.error = value, ""

    @guarded(Permission.NAMESPACE_CHANGE)
    async def leave(self, field: str) -> None:
        """Say what is wrong with the field that was left."""
        if field == REASON:
            self.error = self._objection()

    def _objection(self) -> str:
        issues = justification_issues(self.justification) if self.agreed else []
        return issues[0].message if issues else ""

    @guarded(Permission.NAMESPACE_CHANGE, background=True)
    async def submit(self) -> AsyncIterator[EventSpec | None]:
        """Ask for one renewal each; one that is refused holds none of the others up."""
        async with self:
            if self.is_done or self.is_busy or not self.ready:
                return
            self.error = self._objection()
            if not self.error:
                self.is_busy = True
            actor, key, why = await actor_of(self), self._key, self.justification.strip()
            asked, ready, error = list(self.lines), self.ready, self.error
        if error:
            yield rx.set_focus(f"field_{REASON}")
            return
        # The tab is not held up meanwhile: each is a request of its own.
        try:
            lines = [await _renewed(line, actor, key=key, why=why) for line in asked]
            async with self:
                if self._key == key:
                    # At once: whoever reads that it is done may close it.
                    assign(self, {"lines": lines, "is_done": True, "is_busy": False})
        finally:
            async with self:
                self.is_busy = self.is_busy and self._key != key
        taken = sum(line.state == "accepted" for line in lines)
        tone: Tone = "success" if taken == ready else "warning"
        yield say(f"Renewal asked for {taken} of {ready}.", tone=tone)


async def _renewed(line: RenewLine, actor: Actor, *, key: str, why: str) -> RenewLine:
    if line.reason:
        return line
    given = Submission(
        actor=actor,
        # A second click is the same request.
        idempotency_key=f"{key}-{line.name}",
        correlation_id=secrets.token_hex(8),
        source="ui",
        justification=why,
    )
    days = int(line.days.split()[0])
    try:
        request = await runtime.current().changes.change(
            line.name, {"expires_in_days": days}, given
        )
    except PortalError as error:
        return _ended(line, "refused", error.message)
    if request is None:
        return _ended(line, "accepted", "It ends then already.")
    text = "It waits for somebody to agree." if request.approval else "Request accepted."
    return _ended(line, "accepted", text, f"/requests/{request.request_id}")


def _ended(line: RenewLine, state: str, message: str, href: str = "") -> RenewLine:
    return replace(line, state=state, message=message, href=href)
