"""State of renewing all that ends soon: what it would do, and how each one was taken."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...directory.query import RowQuery
from ...directory.rows import NamespaceRow
from ...domain.actors import Actor
from ...domain.environments import POLICIES
from ...domain.errors import PortalError
from ...identity.permissions import Permission
from ...provisioning.intake import Submission
from ..figures import iso
from ..guard import actor_of, guarded
from ..live import assign
from ..namespace.actions import Actions
from ..toasts import say

__all__ = ["SOON", "RenewAll", "RenewLine", "ending_rows", "renewable"]

SOON: Final = timedelta(days=14)
MOST: Final = 200


@dataclass(frozen=True)
class RenewLine:
    """One namespace that ends soon: what is asked for it, and how that was taken."""

    name: str
    ends_at: str
    days: str
    """Its new lifetime from now."""
    reason: str
    """Why it cannot be renewed; empty when it can."""
    state: str = "open"
    """open, accepted or refused."""
    message: str = ""
    href: str = ""

    @classmethod
    def of(cls, row: NamespaceRow, actor: Actor) -> Self:
        """Describe what a renewal would do."""
        usual = POLICIES[row.environment].default_ttl
        days = usual.days if usual else 0
        return cls(row.name, iso(row.expires_at), f"{days} days", Actions.of(row, actor).renew)


def ending_rows(team: str, actor: Actor, *, now: datetime) -> list[NamespaceRow]:
    """Rows of a team whose lifetime ends soon or is over, the next to end first."""
    query = RowQuery(teams=frozenset({team}), sort="expires", limit=MOST)
    found = runtime.current().directory.find(query, actor=actor).items
    return [row for row in found if row.expires_at is not None and row.expires_at <= now + SOON]


def renewable(rows: list[NamespaceRow], actor: Actor) -> int:
    """Count those that the actor can renew."""
    return sum(not Actions.of(row, actor).renew for row in rows)


class RenewAll(rx.State):
    """Vars of the dialog."""

    is_open: bool = False
    team: str = ""
    lines: list[RenewLine] = []
    ready: int = 0
    """How many can be renewed."""
    is_done: bool = False
    is_busy: bool = False
    _key: str = ""
    _is_left: bool = False
    """Whether somebody closed it, rather than the page."""

    @guarded(Permission.NAMESPACE_CHANGE)
    async def begin(self, team: str) -> None:
        """Open the dialog with all that ends soon."""
        actor = await actor_of(self)
        rows = ending_rows(str(team), actor, now=runtime.current().clock())
        lines = [RenewLine.of(row, actor) for row in rows]
        self._key = secrets.token_hex(16)
        values: dict[str, object] = {
            "is_open": True,
            "team": str(team),
            "lines": lines,
            "ready": sum(not line.reason for line in lines),
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
    async def submit(self) -> AsyncIterator[EventSpec | None]:
        """Ask for one renewal each; one that is refused holds none of the others up."""
        if self.is_done or not self.ready:
            return
        self.is_busy = True
        yield None
        actor = await actor_of(self)
        lines = [await self._renewed(line, actor) for line in self.lines]
        taken = sum(line.state == "accepted" for line in lines)
        assign(self, {"lines": lines, "is_done": True, "is_busy": False})
        text = f"Renewal asked for {taken} of {self.ready}."
        yield say(text, tone="success" if taken == self.ready else "warning")

    async def _renewed(self, line: RenewLine, actor: Actor) -> RenewLine:
        if line.reason:
            return line
        given = Submission(
            actor=actor,
            # A second click is the same request.
            idempotency_key=f"{self._key}-{line.name}",
            correlation_id=secrets.token_hex(8),
            source="ui",
            justification="",
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
        href = f"/requests/{request.request_id}"
        return _ended(line, "accepted", "Request accepted.", href)


def _ended(line: RenewLine, state: str, message: str, href: str = "") -> RenewLine:
    return RenewLine(line.name, line.ends_at, line.days, line.reason, state, message, href)
