"""What falls due: sleep by schedule, waking at a moment, deletion after grace.

Everything is handed in as a request whose key names the moment it is about, so neither a restart
nor a second process asks for it twice, and what fell due while nothing ran is asked for after all.
"""

import secrets
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final

import structlog

from ..breath import Breath
from ..directory.directory import Directory
from ..domain.actors import CARETAKER
from ..domain.errors import PortalError
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.sleep import SleepCause
from ..provisioning.changes import Changes
from ..provisioning.intake import Submission
from .notices import Notices

__all__ = ["Timetable"]

log = structlog.get_logger()

FIRST_HOURS: Final = timedelta(hours=4)
"""Whoever asks for a namespace in the evening works in it: its first evening is left in peace."""
AGAIN_AFTER: Final = timedelta(hours=1)
"""What failed is asked for again, as often as that."""


QuietSince = Callable[[str], datetime | None]
"""Since when nobody uses a namespace; None where that is not known here."""


def _nobody_knows(_name: str) -> datetime | None:
    return None


class Timetable:
    """Hands in the requests that time asks for."""

    def __init__(
        self,
        *,
        changes: Changes,
        directory: Directory,
        notices: Notices,
        clock: Callable[[], datetime],
    ) -> None:
        self._quiet_since: QuietSince = _nobody_knows
        self._changes = changes
        self._directory = directory
        self._notices = notices
        self._clock = clock
        self._slept_at: dict[str, datetime] = {}
        """When each namespace was seen asleep last: no sweep may have seen since that it woke."""
        self._asked: dict[str, str] = {}
        """The newest key by namespace: what was asked for once needs no look at the database."""

    def attend(self, quiet_since: QuietSince) -> None:
        """Learn whom to ask since when nobody uses a namespace; before, none sleeps for that."""
        self._quiet_since = quiet_since

    async def tick(self) -> None:
        """Hand in whatever has fallen due. One that is refused now is tried at the next tick."""
        now, breath = self._clock(), Breath()
        records = self._directory.records()
        self._forget_all_but({str(record.name) for record in records})
        for record in records:
            await breath.draw()
            try:
                await self._look_at(record, now)
            except PortalError as error:
                log.info("not due yet", ns=str(record.name), error=error.message)

    def _forget_all_but(self, names: AbstractSet[str]) -> None:
        for known in (self._slept_at, self._asked):
            for gone in known.keys() - names:
                del known[gone]

    async def _look_at(self, record: ManagedNamespace, now: datetime) -> None:
        asleep, until = record.asleep, record.restorable_until
        if asleep is not None:
            self._slept_at[str(record.name)] = now
        if record.intent is Intent.RELEASED and until is not None and until <= now:
            await self._end(record, until, now)
        elif record.intent is not Intent.ACTIVE:
            return
        elif asleep is not None and asleep.until is not None and asleep.until <= now:
            await self._wake(record, asleep.until, now)
        elif asleep is None and record.spec.sleep is not None:
            await self._sleep_by_schedule(record, now)

    async def _sleep_by_schedule(self, record: ManagedNamespace, now: datetime) -> None:
        schedule, name = record.spec.sleep, str(record.name)
        if schedule is None:
            return
        if schedule.idle_after is not None and not schedule.is_night(now):
            await self._sleep_unused(record, schedule.idle_after, now)
        if not schedule.windows:
            return
        edge = schedule.last_edge(now)
        if not edge.is_asleep or edge.at <= (record.ready_at or record.created_at) + FIRST_HOURS:
            return
        # Whoever woke it in the middle of the night is not sent to bed a second time.
        key = f"sleep/{record.request_id}/{edge.at.isoformat()}"
        until = schedule.next_edge(now).at
        await self._once(
            name,
            key,
            lambda s: self._changes.sleep(name, s, until=until, cause=SleepCause.SCHEDULE),
        )

    async def _sleep_unused(
        self, record: ManagedNamespace, idle_after: timedelta, now: datetime
    ) -> None:
        name = str(record.name)
        since = self._quiet_since(name)
        if since is None:
            return
        # Being woken is use: whoever does it has as long again.
        since = max(since, record.ready_at or record.created_at, self._slept_at.get(name, since))
        if now - since < idle_after:
            return
        turn = (now - since - idle_after) // AGAIN_AFTER
        key = f"idle/{record.request_id}/{since.isoformat()}/{turn}"
        await self._once(name, key, lambda s: self._changes.sleep(name, s, cause=SleepCause.IDLE))

    async def _wake(self, record: ManagedNamespace, until: datetime, now: datetime) -> None:
        name = str(record.name)
        key = f"wake/{record.request_id}/{until.isoformat()}/{(now - until) // AGAIN_AFTER}"
        await self._once(name, key, lambda s: self._changes.wake(name, s))

    async def _end(self, record: ManagedNamespace, until: datetime, now: datetime) -> None:
        name = str(record.name)
        key = f"grace/{record.request_id}/{until.isoformat()}/{(now - until) // AGAIN_AFTER}"

        async def ask(submission: Submission) -> None:
            await self._changes.delete_after_grace(name, submission, restorable_until=until)
            await self._notices.tell_deletion(record, ended_at=until)

        await self._once(name, key, ask)

    async def _once(
        self, name: str, key: str, ask: Callable[[Submission], Awaitable[object]]
    ) -> None:
        if self._asked.get(name) == key:
            return
        submission = Submission(
            actor=CARETAKER,
            idempotency_key=key,
            correlation_id=secrets.token_hex(8),
            source="timetable",
            justification="It has fallen due.",
        )
        await ask(submission)
        self._asked[name] = key
