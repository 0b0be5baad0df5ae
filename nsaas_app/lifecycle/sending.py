"""Sending notices out: every delivery is a row, tried again until it arrives or is given up."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from .. import metrics
from ..domain.notices import Channel, Delivery
from ..provisioning.stores import Stores

__all__ = ["Sender", "Sending", "UndeliveredError"]

log = structlog.get_logger()

LEASE: Final = timedelta(minutes=2)
"""After this, a delivery whose sender vanished is taken by another one."""
FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(hours=1)
ATTEMPTS: Final = 30
"""More than a day."""


class UndeliveredError(Exception):
    """The receiver does not have it."""


class Sender(Protocol):
    """A way out; the webhook and mail are two."""

    async def send(self, delivery: Delivery) -> None:
        """Deliver one, or raise `UndeliveredError`."""


class Sending:
    """Takes due deliveries and hands them to their senders."""

    def __init__(
        self,
        *,
        stores: Stores,
        senders: Mapping[Channel, Sender],
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._senders = senders
        self._clock = clock

    async def send_due(self) -> int:
        """Try everything that is due; give how much arrived.

        Raises:
            UnavailableError: the database does not answer.
        """
        arrived, now = 0, self._clock()
        # One at a time: the lease of one that waits for a slow receiver would run out.
        while taken := await self._take(now):
            for delivery in taken:
                arrived += await self._try(delivery)
        return arrived

    async def _take(self, now: datetime) -> list[Delivery]:
        async with self._stores.database.transaction() as connection:
            return await self._stores.notices.take_due(connection, now=now, lease=LEASE, limit=1)

    async def _try(self, delivery: Delivery) -> bool:
        sender = self._senders.get(delivery.channel)
        if sender is None:
            await self._failed(delivery, f"No {delivery.channel} is configured any more.")
            return False
        try:
            await sender.send(delivery)
        except UndeliveredError as error:
            await self._failed(delivery, str(error))
            return False
        metrics.DELIVERIES.labels(delivery.channel.value, "delivered").inc()
        async with self._stores.database.transaction() as connection:
            await self._stores.notices.delivered(connection, delivery, at=self._clock())
        return True

    async def _failed(self, delivery: Delivery, error: str) -> None:
        is_over = delivery.attempts >= ATTEMPTS
        outcome = "given-up" if is_over else "failed"
        metrics.DELIVERIES.labels(delivery.channel.value, outcome).inc()
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(delivery.attempts - 1, 10))
        pause *= random.uniform(0.8, 1.0)  # noqa: S311 - jitter, no secret
        log.warning(
            "notice not delivered",
            channel=delivery.channel.value,
            attempts=delivery.attempts,
            error=error,
        )
        async with self._stores.database.transaction() as connection:
            await self._stores.notices.failed(
                connection,
                delivery,
                error=error,
                again_at=None if is_over else self._clock() + pause,
            )
