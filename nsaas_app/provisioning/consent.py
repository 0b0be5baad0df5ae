"""The consent to an adoption: seen on the watch event, and the waiting request goes on at once."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from ..cluster.cache import Change
from ..cluster.mirror import Mirror
from ..cluster.objects import Namespace
from ..directory.directory import Directory
from ..domain.errors import PortalError
from ..domain.namespaces import Intent
from .stores import Stores

__all__ = ["ConsentWatch"]

log = structlog.get_logger()

STORE_PAUSE_S: Final = 1.0


class ConsentWatch:
    """Makes a waiting adoption due when something happens to its namespace."""

    def __init__(
        self,
        *,
        mirror: Mirror,
        directory: Directory,
        stores: Stores,
        wake_worker: Callable[[], None],
    ) -> None:
        self._directory = directory
        self._stores = stores
        self._wake_worker = wake_worker
        self._due: set[str] = set()
        self._wake = asyncio.Event()
        mirror.namespaces.listen(self._namespace_changed)

    async def run(self) -> None:
        """Make due what is told, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            due, self._due = self._due, set()
            try:
                async with self._stores.database.transaction() as connection:
                    for request_id in due:
                        await self._stores.jobs.hasten(connection, request_id)
            except PortalError as error:
                log.warning("consent not passed on", requests=sorted(due), error=error.message)
                self._due |= due
                await asyncio.sleep(STORE_PAUSE_S)
                self._wake.set()
                continue
            self._wake_worker()

    def _namespace_changed(
        self, _change: Change, _before: Namespace | None, item: Namespace
    ) -> None:
        record = self._directory.record(item.metadata.name)
        # Only a namespace that is being adopted has a uid before it is ready.
        if record is not None and record.intent is Intent.PROVISIONING and record.uid:
            self._due.add(record.request_id)
            self._wake.set()
