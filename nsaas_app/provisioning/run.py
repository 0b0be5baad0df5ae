"""Carrying out a request: step by step, from where it stands, undone when it cannot be done."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError, Verdict
from ..cluster.mirror import Mirror
from ..domain.requests import Phase, RequestFailure, Step, StepName, StepStatus
from ..manifests.network_policies import NetworkSettings
from ..store.database import StoreConnection
from .crashpoints import CrashPoints
from .effects import heard_out
from .explain import explain
from .journal import CancelAskedError, Journal

__all__ = ["Objects", "RequestRun", "RunTools", "skipped_or_done"]

log = structlog.get_logger()

GIVE_UP_AFTER: Final = timedelta(hours=1)
LONGEST_PAUSE_MS: Final = 10_000

_WAVES: Final = (
    (StepName.CHECKS,),
    (StepName.APPROVAL,),
    (StepName.EXPORT,),
    (StepName.NAMESPACE,),
    (StepName.QUOTA, StepName.LIMITS, StepName.NETWORK),
    (StepName.FEATURES,),
    (StepName.ACCESS,),
    (StepName.WORKLOADS,),
    (StepName.VERIFY,),
)
"""Steps in their order; those of one wave need nothing of each other and run at once."""
_ENDED: Final = (StepStatus.DONE, StepStatus.SKIPPED)

Objects = tuple[str, ...]
"""What a step touched, each as `Kind/name`."""


@dataclass(frozen=True, slots=True)
class RunTools:
    """What every run works with."""

    cluster: Cluster
    mirror: Mirror
    network: NetworkSettings
    crash: CrashPoints
    clock: Callable[[], datetime]
    gone_within_s: float
    """How long the end of a namespace is waited for before it is told that something holds it."""


def skipped_or_done(objects: Objects) -> tuple[StepStatus, Objects]:
    """A step without anything to do is skipped."""
    return (StepStatus.DONE if objects else StepStatus.SKIPPED), objects


class RequestRun(ABC):
    """One run of one request, from its first step that is not done. A kind fills in the work."""

    def __init__(self, tools: RunTools, journal: Journal) -> None:
        self.tools = tools
        self.journal = journal
        self._at = StepName.CHECKS

    @abstractmethod
    async def work(self, name: StepName) -> tuple[StepStatus, Objects]:
        """Do one step; safe to repeat. Raises `ClusterError`."""

    @abstractmethod
    async def undo(self) -> str:
        """Take back every effect; say what is left, nothing when all is as before.

        Raises:
            ClusterError: the cluster refused or did not answer.
        """

    @abstractmethod
    async def settle(self, connection: StoreConnection, now: datetime) -> None:
        """Write what holds once every step is done."""

    async def carry_out(self) -> None:
        """Run until the request is terminal or given back for a later try.

        Raises:
            LeaseLostError: another worker took the job; nothing more may be written.
        """
        if self.journal.request.phase is Phase.ROLLING_BACK:
            await self._undo(self.journal.request.failure, Phase.ROLLED_BACK)
            return
        try:
            await self._all_steps()
        except CancelAskedError:
            await self._undo(None, Phase.CANCELLED)
        except ClusterError as error:
            await self._after_error(error)

    async def _all_steps(self) -> None:
        ended: list[Step] = []
        for wave in _WAVES:
            steps = [step for step in self.journal.request.steps if step.name in wave]
            to_do = [step.name for step in steps if step.status not in _ENDED]
            if to_do:
                ended = await self._wave(to_do, ended)
        await self.journal.complete(ended, self.settle)

    async def _wave(self, names: list[StepName], before: list[Step]) -> list[Step]:
        """Do steps that need nothing of each other; give all that is ended but not stored yet."""
        if all(name in self._without_effect for name in names):
            # Nothing happens, so there is nothing to remember before the next step begins.
            return before + [self.journal.ended(name, self._without_effect[name]) for name in names]
        self._at = names[0]
        if names == [StepName.CHECKS] and self.journal.request.phase is Phase.QUEUED:
            # It only reads, so there is nothing to remember before it either. Later on, somebody
            # may have asked to stop while it waited: storing the start finds out.
            self.journal.begin(names)
            return [*before, await self._step(StepName.CHECKS)]
        await self.journal.start(names, after=before)
        failed: list[StepName] = []

        async def one(name: StepName) -> Step:
            try:
                return await self._step(name)
            except ClusterError:
                failed.append(name)
                raise

        try:
            return await heard_out([one(name) for name in names])
        except ClusterError:
            self._at = min(failed, key=names.index)
            raise

    async def _step(self, name: StepName) -> Step:
        crash = self.tools.crash
        crash.reach(name, "commit")
        crash.reach(name, "before")
        status, objects = await self.work(name)
        crash.reach(name, "effect")
        return self.journal.ended(name, status, objects)

    @property
    def _without_effect(self) -> dict[StepName, StepStatus]:
        """Steps that do nothing on the cluster, and how they end."""
        is_approved = self.journal.request.approval is not None
        return {
            # The job exists only since approval was granted, if it was needed at all.
            StepName.APPROVAL: StepStatus.DONE if is_approved else StepStatus.SKIPPED,
            StepName.FEATURES: StepStatus.SKIPPED,
        }

    def gives_up_at(self) -> datetime:
        """Until when what may pass is waited for."""
        request = self.journal.request
        return (request.started_at or request.created_at) + GIVE_UP_AFTER

    def delay_ms(self, error: ClusterError) -> int:  # noqa: ARG002 - a kind may know better
        """How long to wait before the next try."""
        ceiling = min(LONGEST_PAUSE_MS, 500 * 2 ** min(self.journal.attempts, 8))
        return int(ceiling * random.uniform(0.5, 1))  # noqa: S311 - jitter, no secret

    async def _after_error(self, error: ClusterError) -> None:
        failure = explain(error)
        if error.verdict is not Verdict.PERMANENT and self.tools.clock() < self.gives_up_at():
            log.warning("request paused", step=self._at, code=failure.code, error=error.message)
            await self.journal.pause(self._at, failure, delay_ms=self.delay_ms(error))
            return
        log.warning("request failed", step=self._at, code=failure.code, error=error.message)
        await self.journal.roll_back(self._at, failure)
        await self._undo(failure, Phase.ROLLED_BACK)

    async def _undo(self, failure: RequestFailure | None, phase: Phase) -> None:
        try:
            left, raw = await self.undo(), ""
        except ClusterError as error:
            left, raw = "The cluster did not take everything back.", error.message
        if left:
            because = f"{failure.message} " if failure else ""
            failure = RequestFailure("ROLLBACK_PARTIAL", f"{because}{left}", raw=raw)
        await self.journal.fail(phase, failure)
