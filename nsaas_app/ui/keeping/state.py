"""State of the answer: one click says that a namespace is wanted."""

import secrets
from collections.abc import AsyncIterator

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.errors import PortalError
from ...identity.permissions import Permission
from ...provisioning.intake import Submission
from ..guard import actor_of, guarded
from ..problems import toast_for
from ..toasts import say

__all__ = ["KEEP_DAYS", "Keeping"]

KEEP_DAYS = 90
"""So long one click holds."""


class Keeping(rx.State):
    """Vars of one person's answer."""

    is_busy: bool = False

    @guarded(Permission.CLEANUP_KEEP)
    async def keep(self, name: str) -> AsyncIterator[EventSpec | None]:
        """Say that it is wanted: no plan touches it for a while."""
        self.is_busy = True
        yield None
        actor = await actor_of(self)
        given = Submission(
            actor=actor,
            idempotency_key=secrets.token_hex(16),
            correlation_id=secrets.token_hex(16),
            source="ui",
        )
        try:
            await runtime.current().cleanup.candidates.keep(
                str(name), reason="Wanted, said with one click", days=KEEP_DAYS, submission=given
            )
            yield say(f"{name} is kept for {KEEP_DAYS} days.")
        except PortalError as error:
            yield toast_for(error)
        finally:
            self.is_busy = False
