"""Sleep and wake: what a namespace runs is scaled to nothing, and back to what it was."""

from datetime import datetime

from ...domain.namespaces import ManagedNamespace
from ...domain.requests import StepName, StepStatus
from ...domain.sleep import Asleep, SleepCause
from ...store.database import StoreConnection
from ..journal import Journal
from ..ownership import require_ours
from ..run import Objects, RequestRun, RunTools, skipped_or_done
from ..sleeping import Sleeping

__all__ = ["SleepRun", "WakeRun"]


class _WorkloadRun(RequestRun):
    def __init__(self, tools: RunTools, journal: Journal) -> None:
        super().__init__(tools, journal)
        self.sleeping = Sleeping(
            cluster=tools.cluster, mirror=tools.mirror, journal=journal, crash=tools.crash
        )

    async def ensure_ours(self) -> ManagedNamespace:
        record = await self.journal.record()
        await require_ours(self.tools.cluster, record)
        return record


class SleepRun(_WorkloadRun):
    """Put what runs to sleep; what cannot sleep is named with the reason."""

    async def work(self, name: StepName) -> tuple[StepStatus, Objects]:
        """Check, scale down, wait until the pods are gone."""
        match name:
            case StepName.CHECKS:
                await self.ensure_ours()
                return StepStatus.DONE, ()
            case StepName.WORKLOADS:
                return skipped_or_done(await self.sleeping.put_to_sleep())
            case _:
                return StepStatus.DONE, await self.sleeping.until_quiet()

    async def undo(self) -> str:
        """Wake what was put to sleep, unless it slept before."""
        record = await self.ensure_ours()
        if record.asleep is None:
            await self.sleeping.wake()
        return ""

    async def settle(self, connection: StoreConnection, now: datetime) -> None:
        """Asleep, until the moment that was asked for."""
        request = self.journal.request
        cause = request.sleep.cause if request.sleep else SleepCause.PERSON
        until = request.sleep.until if request.sleep else None
        await self.journal.set_active(connection, asleep=Asleep(now, cause, until))


class WakeRun(_WorkloadRun):
    """Bring back what sleeps."""

    async def work(self, name: StepName) -> tuple[StepStatus, Objects]:
        """Check, scale back in order."""
        match name:
            case StepName.CHECKS:
                await self.ensure_ours()
                return StepStatus.DONE, ()
            case StepName.WORKLOADS:
                return skipped_or_done(await self.sleeping.wake())
            case _:
                return StepStatus.DONE, ()

    async def undo(self) -> str:
        """Back to sleep, all of it."""
        await self.ensure_ours()
        await self.sleeping.put_to_sleep()
        return ""

    async def settle(self, connection: StoreConnection, now: datetime) -> None:  # noqa: ARG002 - one signature for all kinds
        """Awake."""
        await self.journal.set_active(connection, asleep=None)
