"""Telling people of a namespace's end in time: each notice is stored once, with deliveries."""

import uuid
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from .. import metrics
from ..breath import IN_NO_HURRY, Breath
from ..directory.directory import Directory
from ..domain.access import AccessRole, SubjectKind
from ..domain.audit import AuditEvent, Outcome
from ..domain.namespaces import ManagedNamespace
from ..domain.notices import Channel, Notice, NoticeKind, due_notice
from ..provisioning.stores import Stores
from .inbox import Inbox

__all__ = ["Notices", "addresses_of", "receivers_of"]

log = structlog.get_logger()

LOOK_AGAIN: Final = timedelta(minutes=1)
"""Notices count in days: what did not change is looked at so often."""


def receivers_of(notice: Notice, record: ManagedNamespace) -> tuple[str, ...]:
    """Who is told by mail: the owner and the leads, or the one person whose business it is."""
    if notice.is_personal:
        return (notice.owner,)
    leads = [
        grant.name
        for grant in record.spec.access
        if grant.role is AccessRole.LEAD and grant.kind is not SubjectKind.SERVICE_ACCOUNT
    ]
    return (record.spec.owner, *leads)


def addresses_of(names: Iterable[str], *, domain: str) -> tuple[str, ...]:
    """Mail addresses of people and groups.

    A name that is no address becomes one with the domain of the settings; without that it has none.
    """
    found = [name if "@" in name else f"{name}@{domain}" if domain else "" for name in names]
    usable = (one for one in found if one and not any(mark in one for mark in " \r\n,;<>"))
    return tuple(dict.fromkeys(usable))


class Notices:
    """Stores what is to be told; what was told is known from the database alone."""

    def __init__(
        self,
        *,
        stores: Stores,
        directory: Directory,
        inbox: Inbox,
        clock: Callable[[], datetime],
        has_webhook: bool = False,
        has_mail: bool = False,
        mail_domain: str = "",
    ) -> None:
        self._stores = stores
        self._directory = directory
        self._inbox = inbox
        self._clock = clock
        self._has_webhook = has_webhook
        self._has_mail = has_mail
        self._mail_domain = mail_domain
        self._told: dict[str, str] = {}
        """The newest key by namespace: what was told once needs no look at the database."""
        self._looked_at: dict[str, tuple[ManagedNamespace, datetime]] = {}
        """How each namespace stood when it was looked at, and when that was."""

    async def tell(self) -> None:
        """Tell whatever has fallen due, each thing once over all processes and restarts."""
        now, breath = self._clock(), Breath(IN_NO_HURRY)
        records = self._directory.records()
        self._forget_all_but({str(record.name) for record in records})
        for record in records:
            name = str(record.name)
            before, at = self._looked_at.get(name, (None, now))
            if before is record and now - at < LOOK_AGAIN:
                continue
            await breath.draw()
            await self._tell_due(record, now)
            self._looked_at[name] = record, now

    def _forget_all_but(self, names: AbstractSet[str]) -> None:
        for known in (self._told, self._looked_at):
            for gone in known.keys() - names:
                del known[gone]

    async def _tell_due(self, record: ManagedNamespace, now: datetime) -> None:
        notice = due_notice(record, now=now)
        if notice is None or self._told.get(notice.namespace) == notice.key:
            return
        await self._tell(record, replace(notice, notice_id=uuid.uuid4().hex))
        self._told[notice.namespace] = notice.key

    async def tell_deletion(self, record: ManagedNamespace, *, ended_at: datetime) -> None:
        """Tell that a released namespace is deleted now: once, however often that is tried.

        Args:
            record: the namespace.
            ended_at: when its grace was over.
        """
        name = str(record.name)
        text = f"The grace of {name} is over: its manifests are kept, then it is deleted. What is "
        text += "kept stands under Kept exports; Secrets are not in it."
        notice = Notice(
            notice_id=uuid.uuid4().hex,
            key=f"{NoticeKind.DELETION}/{record.request_id}/{ended_at.isoformat()}",
            kind=NoticeKind.DELETION,
            cluster=record.cluster,
            namespace=name,
            team=record.team,
            owner=record.spec.owner,
            title=f"{name} is being deleted",
            text=text,
            created_at=self._clock(),
        )
        await self._tell(record, notice)

    async def tell_of(self, record: ManagedNamespace, notice: Notice) -> None:
        """Tell one thing by every way there is, unless it was told under its key before.

        Raises:
            UnavailableError: the database does not answer.
        """
        await self._tell(record, notice)

    async def _tell(self, record: ManagedNamespace, notice: Notice) -> None:
        async with self._stores.database.reading() as connection:
            if await self._stores.notices.is_told(connection, notice.key):
                return
        async with self._stores.database.transaction() as connection:
            is_new = await self._stores.notices.add(
                connection, notice, self._receivers(notice, record)
            )
            if is_new:
                await self._stores.audit.append(connection, _event(notice), at=notice.created_at)
        if is_new:
            metrics.NOTICES.labels(notice.kind.value).inc()
            log.info("notice told", ns=notice.namespace, kind=notice.kind.value)
            await self._inbox.refresh()

    def _receivers(self, notice: Notice, record: ManagedNamespace) -> list[tuple[Channel, str]]:
        # Whoever reads the webhook is not the person it is for.
        is_posted = self._has_webhook and not notice.is_personal
        receivers = [(Channel.WEBHOOK, "")] if is_posted else []
        if self._has_mail:
            addresses = addresses_of(receivers_of(notice, record), domain=self._mail_domain)
            receivers += [(Channel.MAIL, address) for address in addresses]
        return receivers


def _event(notice: Notice) -> AuditEvent:
    return AuditEvent(
        actor="system",
        action=f"notice.{notice.kind.value}",
        object=f"namespace/{notice.namespace}",
        outcome=Outcome.COMPLETED,
        team=str(notice.team),
        namespace=notice.namespace,
        source="timetable",
        after={"owner": notice.owner, "title": notice.title},
    )
