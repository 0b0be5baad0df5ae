"""The past of quotas: sampled from the live picture, kept for a month, told per namespace."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

import structlog

from ..breath import IN_NO_HURRY, Breath
from ..directory.directory import Directory
from ..directory.rows import QuotaUse
from ..domain.actors import Actor
from ..domain.errors import DuplicateError, PortalError
from ..domain.trends import ENOUGH, TRACKED, Amounts, Sample, Slot, full_on, slots_of
from ..store.database import Database
from ..store.samples import SampleStore
from ..store.turns import TurnStore
from .lookup import readable

__all__ = ["KEPT", "WINDOWS", "Trend", "Trends"]

EVERY_S: Final = 60.0
_FORGET_EVERY: Final = timedelta(hours=1)
KEPT: Final = timedelta(days=30)
WINDOWS: Final = {"24h": (timedelta(hours=24), 48), "7d": (timedelta(days=7), 56)}
"""By name: how long, and in how many slots."""
_TURN: Final = "quota-samples"
_LEASE_MS: Final = 150_000
_WRITTEN_AT_ONCE: Final = 100

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Trend:
    """One resource of a quota over a window."""

    resource: str
    slots: tuple[Slot, ...]
    known_since: datetime
    full_on: datetime | None
    """When it is full at the rate of the last seven days; None where that cannot be told."""


class Trends:
    """Samples all quotas and tells the past of one."""

    def __init__(
        self,
        *,
        directory: Directory,
        database: Database,
        samples: SampleStore,
        turns: TurnStore,
        cluster_name: str,
        process: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._directory = directory
        self._database = database
        self._samples = samples
        self._turns = turns
        self._cluster = cluster_name
        self._process = process
        self._clock = clock
        self._last: dict[str, Sample] | None = None
        """What was stored last; None until it was read, and after another process's turn."""
        self._forget_at = clock()

    async def run(self) -> None:
        """Sample until cancelled. What fails is tried again at the next turn."""
        while True:
            try:
                await self.sample()
            except PortalError as error:
                log.info("quotas not sampled", error=error.message)
            except Exception:  # It must not end for all until the next restart.
                log.exception("quotas not sampled")
            await asyncio.sleep(EVERY_S)

    async def sample(self) -> int:
        """Look at every quota once; gives how many had changed since the last look."""
        if not self._directory.has_synced:
            return 0
        born = {str(record.name): record.created_at for record in self._directory.records()}
        return await self.take({name: self._directory.quota_of(name) for name in born}, born=born)

    async def take(
        self, quotas: Mapping[str, Mapping[str, QuotaUse]], *, born: Mapping[str, datetime]
    ) -> int:
        """Store what differs from what was stored last; one process at a time does.

        Args:
            quotas: what each namespace has now.
            born: when each was made; what was stored before is of another one of that name.
        """
        now, breath = self._clock(), Breath(IN_NO_HURRY)
        try:
            async with self._database.transaction() as connection:
                mine = await self._turns.take(
                    connection, name=_TURN, owner=self._process, lease_ms=_LEASE_MS
                )
        except DuplicateError:
            mine = False
        if not mine:
            self._last = None
            return 0
        last = self._last
        if last is None:
            async with self._database.reading() as connection:
                last = await self._samples.latest(connection, cluster=self._cluster)
        current: dict[str, Amounts] = {}
        changed: dict[str, Amounts] = {}
        for name, quota in quotas.items():
            await breath.draw()
            if quota:
                current[name] = amounts = _tracked(quota)
                if not _is_known(last.get(name), amounts, born=born[name]):
                    changed[name] = amounts
        # Should storing fail, some of it may be stored: the next turn asks the database.
        self._last = None
        await self._store(changed, now)
        taken = {name: Sample(now, amounts) for name, amounts in changed.items()}
        self._last = {name: taken.get(name) or last[name] for name in current}
        return len(changed)

    async def _store(self, changed: Mapping[str, Amounts], now: datetime) -> None:
        """A part at a time: whoever else wants to write does not wait for ten thousand rows."""
        left = iter(changed.items())
        while part := dict(islice(left, _WRITTEN_AT_ONCE)):
            async with self._database.transaction() as connection:
                await self._samples.add(connection, part, cluster=self._cluster, at=now)
        if now >= self._forget_at:
            async with self._database.transaction() as connection:
                await self._samples.forget(connection, before=now - KEPT)
            self._forget_at = now + _FORGET_EVERY

    async def report(self, name: str, *, window: str, actor: Actor) -> tuple[Trend, ...]:
        """Tell the past of one namespace; nothing while no sample was taken.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        record = readable(self._directory, name, actor=actor)
        now = self._clock()
        span, count = WINDOWS.get(window, WINDOWS["24h"])
        async with self._database.reading() as connection:
            found = await self._samples.of(
                connection, name, cluster=record.cluster, since=now - max(span, ENOUGH)
            )
        # A namespace of the same name that was deleted before is another one.
        samples = [one for one in found if one.at >= record.created_at]
        if not samples:
            return ()
        until = _slot_end(now, span / count)
        return tuple(
            _trend(samples, resource, until=until, now=now, window=(span, count))
            for resource in TRACKED
            if resource in samples[-1].amounts
        )


def _is_known(last: Sample | None, amounts: Amounts, *, born: datetime) -> bool:
    return last is not None and last.at >= born and last.amounts == amounts


def _trend(
    samples: list[Sample],
    resource: str,
    *,
    until: datetime,
    now: datetime,
    window: tuple[timedelta, int],
) -> Trend:
    span, count = window
    slots = slots_of(samples, resource, since=until - span, until=until, count=count)
    return Trend(
        resource=resource,
        slots=tuple(slots),
        known_since=samples[0].at,
        full_on=full_on(samples, resource, now=now),
    )


def _slot_end(now: datetime, width: timedelta) -> datetime:
    """The end of the slot that has begun: the axis stands still until it is over."""
    epoch = datetime(2020, 1, 1, tzinfo=UTC)
    return epoch + (((now - epoch) // width) + 1) * width


def _tracked(quota: Mapping[str, QuotaUse]) -> Amounts:
    return {
        resource: (quota[resource].used, quota[resource].hard)
        for resource in TRACKED
        if resource in quota
    }
