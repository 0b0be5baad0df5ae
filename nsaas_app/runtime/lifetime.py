"""Building what looks after lifetimes, and the loop that does."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from ..cluster.client import Cluster
from ..directory.directory import Directory
from ..domain.errors import PortalError
from ..domain.notices import Channel
from ..lifecycle.exports import Exports
from ..lifecycle.inbox import Inbox
from ..lifecycle.mail import Mailer
from ..lifecycle.notices import Notices
from ..lifecycle.sending import Sender, Sending
from ..lifecycle.timetable import Timetable
from ..lifecycle.webhook import Webhook
from ..provisioning.changes import Changes
from ..provisioning.plans import Plans
from ..provisioning.stores import Stores
from ..settings import Settings, SettingsError
from ..teams.teams import Teams

__all__ = ["Lifetime", "build_lifetime"]

log = structlog.get_logger()

TICK_S: Final = 5.0
FAREWELL_S: Final = 15.0
"""How long a look may take at the end of the process: a receiver may be slow."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Everything about sleep by schedule, the end of grace, notices and exports."""

    timetable: Timetable
    notices: Notices
    inbox: Inbox
    sending: Sending
    exports: Exports

    async def look(self, *, is_worker: bool) -> None:
        """Do once what has fallen due; what fails is tried at the next look.

        Args:
            is_worker: whether this process carries out work; others only keep their inbox fresh.
        """
        steps: list[Callable[[], Awaitable[object]]] = [self.inbox.refresh]
        if is_worker:
            steps = [self.timetable.tick, self.notices.tell, *steps, self.exports.forget_old]
        for step in steps:
            await _try(step)

    async def send(self) -> None:
        """Send what is due once; beside the looks, because a receiver may be slow."""
        await _try(self.sending.send_due)

    async def run(self, *, is_worker: bool) -> None:
        """Look and send again and again until cancelled; what has begun comes to its end."""
        loops = [_repeat(lambda: self.look(is_worker=is_worker))]
        if is_worker:
            loops.append(_repeat(self.send))
        await asyncio.gather(*loops)


async def _try(step: Callable[[], Awaitable[object]]) -> None:
    """Take one step; a failure is told and must not end the loop: the next try may be good."""
    try:
        await step()
    except PortalError as error:
        log.warning("lifetimes not looked at", error=error.message)
    except Exception:
        log.exception("lifetimes not looked at")


async def _repeat(act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Act again and again; cut off in the middle it would leave a delivery to nobody."""
    while True:
        # The start has enough to do: nothing that falls due is in such a hurry.
        await asyncio.sleep(TICK_S)
        acting = asyncio.create_task(act())
        try:
            await asyncio.shield(acting)
        except asyncio.CancelledError:
            await asyncio.wait([acting], timeout=FAREWELL_S)
            acting.cancel()
            raise


def _senders(settings: Settings, clock: Callable[[], datetime]) -> dict[Channel, Sender]:
    senders: dict[Channel, Sender] = {}
    if settings.webhook_url:
        if settings.webhook_secret is None:
            raise SettingsError("Setting webhook_secret: set NSAAS_WEBHOOK_SECRET or its _FILE.")
        senders[Channel.WEBHOOK] = Webhook(
            url=settings.webhook_url,
            secret=settings.webhook_secret.get_secret_value(),
            portal_url=settings.url,
            clock=clock,
        )
    if settings.smtp_url is not None:
        try:
            senders[Channel.MAIL] = Mailer(
                url=settings.smtp_url.get_secret_value(),
                sender=settings.mail_from,
                portal_url=settings.url,
            )
        except ValueError as error:
            raise SettingsError(f"Setting smtp_url: {error}") from error
    return senders


def build_lifetime(
    settings: Settings,
    *,
    stores: Stores,
    directory: Directory,
    changes: Changes,
    plans: Plans,
    teams: Teams,
    cluster: Cluster | None,
    clock: Callable[[], datetime],
) -> Lifetime:
    """Build the parts.

    Raises:
        SettingsError: a way out of the portal is described incompletely.
    """
    senders = _senders(settings, clock)
    inbox = Inbox(stores=stores, teams=teams, hub=directory.hub, clock=clock)
    notices = Notices(
        stores=stores,
        directory=directory,
        inbox=inbox,
        clock=clock,
        has_webhook=Channel.WEBHOOK in senders,
        has_mail=Channel.MAIL in senders,
        mail_domain=settings.mail_domain,
    )
    return Lifetime(
        timetable=Timetable(changes=changes, directory=directory, notices=notices, clock=clock),
        notices=notices,
        inbox=inbox,
        sending=Sending(stores=stores, senders=senders, clock=clock),
        exports=Exports(
            stores=stores,
            plans=plans,
            cluster=cluster,
            kept_for=timedelta(days=settings.export_days),
            clock=clock,
        ),
    )
