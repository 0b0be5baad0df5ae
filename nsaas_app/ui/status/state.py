"""State of the status page: the check-up, renewed while the page is open."""

import reflex as rx

from ... import runtime
from ...directory.hub import FRESHNESS
from ...domain.actors import Actor
from ...domain.errors import PortalError
from ...identity.permissions import Permission, may_anywhere
from ..guard import actor_of, guarded
from ..live import LivePage, assign, follow
from ..problems import Problem
from .transform import CheckRow, KindRow, report_vars

__all__ = ["StatusState"]


class StatusState(LivePage, rx.State):
    """Vars of the page."""

    state: str = ""
    word: str = ""
    tone: str = "none"
    verdict: str = ""
    version: str = ""
    checks: list[CheckRow] = []
    kinds: list[KindRow] = []
    sees_platform: bool = False
    is_checking: bool = False

    @guarded(Permission.STATUS_READ, background=True)
    async def watch(self) -> None:
        """Keep the check-up current while the page is open."""

        async def read(actor: Actor) -> dict[str, object]:
            found = report_vars(await runtime.current().checkup.report(actor=actor))
            return found | {"sees_platform": may_anywhere(actor, Permission.PLATFORM_READ)}

        await follow(self, topics=(FRESHNESS,), read=read, needs_team=False)

    @guarded(Permission.STATUS_READ, background=True)
    async def check_again(self) -> None:
        """Ask the cluster now for its policies and our rights."""
        async with self:
            self.is_checking = True
            actor = await actor_of(self)
        try:
            report = await runtime.current().checkup.report(actor=actor, is_anew=True)
        except PortalError as error:
            values: dict[str, object] = {"problem": Problem.from_error(error)}
        else:
            values = report_vars(report) | {"announcement": "Checked again."}
        async with self:
            assign(self, values | {"is_checking": False})
