"""State of the answer that a namespace is wanted: why, in somebody's own words."""

import secrets
from collections.abc import AsyncIterator
from typing import Final

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...cleanup.candidates import MAX_REASON, reason_issues
from ...domain.errors import InvalidFieldsError, PortalError
from ...identity.permissions import Permission
from ...provisioning.intake import Submission
from ..guard import actor_of, guarded
from ..live import assign
from ..problems import toast_for
from ..toasts import say

__all__ = ["KEEP_DAYS", "REASON", "Keeping"]

KEEP_DAYS: Final = 90
"""So long one answer holds."""
REASON: Final = "keep_reason"
"""The field."""


class Keeping(rx.State):
    """Vars of the dialog."""

    is_open: bool = False
    name: str = ""
    """The namespace it is about."""
    reason: str = ""
    error: str = ""
    """What is wrong with it."""
    is_busy: bool = False

    @guarded(Permission.CLEANUP_KEEP)
    async def begin(self, name: str) -> None:
        """Ask why the namespace is wanted."""
        values: dict[str, object] = {"name": str(name), "reason": "", "error": ""}
        assign(self, values | {"is_open": True, "is_busy": False})

    @guarded(Permission.SELF)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 - an event's value
        """Close the dialog; nothing was said."""
        if is_open is False and not self.is_busy:
            self.is_open = False

    @guarded(Permission.CLEANUP_KEEP)
    async def edit(self, field: str, value: str) -> None:
        """Take in why."""
        if field == REASON and isinstance(value, str):
            self.reason, self.error = value[: 2 * MAX_REASON], ""

    @guarded(Permission.CLEANUP_KEEP)
    async def leave(self, field: str) -> None:
        """Say what is wrong with the field that was left."""
        if field == REASON and self.is_open:
            self.error = "".join(issue.message for issue in reason_issues(self.reason))

    @guarded(Permission.CLEANUP_KEEP)
    async def keep(self) -> AsyncIterator[EventSpec | None]:
        """Say that it is wanted: no plan touches it for a while."""
        if not self.is_open or self.is_busy:
            return
        name, self.is_busy = self.name, True
        yield None
        given = Submission(
            actor=await actor_of(self),
            idempotency_key=secrets.token_hex(16),
            correlation_id=secrets.token_hex(16),
            source="ui",
        )
        try:
            await runtime.current().cleanup.candidates.keep(
                name, reason=self.reason, days=KEEP_DAYS, submission=given
            )
            self.is_open = False
            yield say(f"{name} is kept for {KEEP_DAYS} days.")
        except InvalidFieldsError as error:
            self.error = error.issues[0].message
            yield rx.set_focus(f"field_{REASON}")
        except PortalError as error:
            yield toast_for(error)
        finally:
            self.is_busy = False
