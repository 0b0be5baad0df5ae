"""State of the dialog that hands selected namespaces to cleanup."""

import secrets
from collections.abc import AsyncIterator

import reflex as rx
from reflex_base.event import EventSpec

from ... import runtime
from ...domain.cleanup import Stage
from ...domain.errors import PortalError
from ...identity.permissions import Permission
from ...provisioning.intake import Submission
from ..guard import actor_of, guarded
from ..problems import toast_for
from ..routes import address
from .state import PLAN, NamespacesState

__all__ = ["Planning"]


class Planning(rx.State):
    """Vars of the dialog."""

    is_open: bool = False
    number: int = 0
    """So many namespaces would be in the plan."""
    stage: str = Stage.NOTIFY.value
    is_busy: bool = False
    _key: str = ""

    @guarded(Permission.CLEANUP_RUN)
    async def begin(self) -> None:
        """Ask how far the plan shall go."""
        page = await self.get_state(NamespacesState)
        selected = page.selected
        page.asked = PLAN if selected else ""
        self.number, self.is_open = len(selected), bool(selected)
        self._key = secrets.token_hex(16)

    @guarded(Permission.CLEANUP_RUN)
    async def show(self, is_open: bool) -> None:  # noqa: FBT001 - an event's value
        """Close the dialog."""
        if is_open is False and not self.is_busy:
            self.is_open = False
            (await self.get_state(NamespacesState)).asked = ""

    @guarded(Permission.CLEANUP_RUN)
    async def choose(self, stage: str) -> None:
        """Say how far the plan shall go; another one is another plan."""
        if stage in {one.value for one in Stage}:
            self.stage = stage
            self._key = secrets.token_hex(16)

    @guarded(Permission.CLEANUP_RUN)
    async def make(self) -> AsyncIterator[EventSpec | None]:
        """Make the plan and open it; nothing happens to any namespace yet."""
        page = await self.get_state(NamespacesState)
        names = tuple(page.selected)
        self.is_busy = True
        yield None
        try:
            submission = Submission(
                actor=await actor_of(self),
                idempotency_key=self._key,
                correlation_id=secrets.token_hex(16),
                source="ui",
            )
            plans = runtime.current().cleanup.plans
            plan = await plans.create(names, Stage(self.stage), submission)
        except PortalError as error:
            yield toast_for(error)
        else:
            self.is_open, page.selected, page.is_page_selected = False, [], False
            yield rx.redirect(address("/cleanup", {"plan": plan.plan_id}))
        finally:
            self.is_busy = False
