"""Release, restore, delete: access gone at once, objects kept for a while, then gone for good."""

from datetime import datetime
from typing import Final

from ...cluster.faults import ClusterError, Verdict
from ...cluster.objects import Namespace
from ...domain import keys
from ...domain.environments import POLICIES
from ...domain.namespaces import Intent
from ...domain.requests import StepName, StepStatus
from ...domain.sleep import Asleep, SleepCause
from ...manifests.bundle import Bundle, bundle
from ...store.database import StoreConnection
from ..effects import repeating
from ..exporting import export_of
from ..journal import Journal
from ..ownership import require_ours
from ..removal import remove_created
from ..run import Objects, RequestRun, RunTools, skipped_or_done
from ..sleeping import Sleeping
from ..verification import Verification, prove_nobody_enters
from ..writing import apply_all, prune

__all__ = ["DeleteRun", "ReleaseRun", "RestoreRun"]


_NOBODYS_WISH: Final = (SleepCause.RELEASE, SleepCause.CLEANUP)
"""What ends with its cause: who gets a namespace back gets it running."""
_NOTHING_LEFT: Final = ("NOT_FOUND", "NS_TERMINATING", "NOT_MANAGED")
"""How a namespace stands of which nothing can be exported any more."""


class _DepartureRun(RequestRun):
    """What the three have in common: the record's namespace and its access objects."""

    def __init__(self, tools: RunTools, journal: Journal) -> None:
        super().__init__(tools, journal)
        self.sleeping = Sleeping(
            cluster=tools.cluster, mirror=tools.mirror, journal=journal, crash=tools.crash
        )
        self._before: Asleep | None = None

    async def _slept_before(self) -> Asleep | None:
        """That it sleeps by somebody's wish; what a release or a cleanup put to sleep is woken."""
        asleep = (await self.journal.record()).asleep
        return None if asleep and asleep.cause in _NOBODYS_WISH else asleep

    async def _read_before_settling(self) -> None:
        """Remember how it slept: within the settling transaction nothing else is read."""
        self._before = await self._slept_before()

    async def _bundle(self) -> Bundle:
        record = await self.journal.record()
        return bundle(
            record.spec,
            request_id=record.request_id,
            provisioned_at=record.created_at,
            now=self.tools.clock(),
            settings=self.tools.network,
        )

    async def _ensure_ours(self) -> Namespace:
        return await require_ours(self.tools.cluster, await self.journal.record())

    async def _let_in(self) -> Objects:
        return await apply_all(self.tools.cluster, (await self._bundle()).access, force=True)

    async def _keep_out(self) -> Objects:
        name = str(self.journal.request.namespace)
        return await prune(self.tools.cluster, "RoleBinding", name, keep=())


class ReleaseRun(_DepartureRun):
    """Take access away and let all that runs sleep; objects stay until the grace is over."""

    async def work(self, name: StepName) -> tuple[StepStatus, Objects]:
        """Check, take access away, stop what runs, prove that nobody gets in."""
        match name:
            case StepName.CHECKS:
                await self._ensure_ours()
                return StepStatus.DONE, ()
            case StepName.ACCESS:
                return skipped_or_done(await self._keep_out())
            case StepName.WORKLOADS:
                return skipped_or_done(await self.sleeping.put_to_sleep())
            case _:
                await self._read_before_settling()
                # A repair that began before the release may have let people in again meanwhile.
                await self._keep_out()
                spec = self.journal.request.spec
                return StepStatus.DONE, await prove_nobody_enters(self.tools.cluster, spec)

    async def undo(self) -> str:
        """Give access back and wake what slept for it."""
        await self._ensure_ours()
        if (await self.journal.record()).asleep is None:
            await self.sleeping.wake()
        await self._let_in()
        return ""

    async def settle(self, connection: StoreConnection, now: datetime) -> None:
        """Restorable until the environment's grace is over; as long as a cleanup plan holds it."""
        request = self.journal.request
        until = None if request.sleep else now + POLICIES[request.spec.environment].grace
        await self.journal.set_record(
            connection,
            intent=Intent.RELEASED,
            restorable_until=until,
            asleep=self._before or Asleep(now, SleepCause.RELEASE),
        )


class RestoreRun(_DepartureRun):
    """Give access back to a released namespace, and wake what slept for its release."""

    async def work(self, name: StepName) -> tuple[StepStatus, Objects]:
        """Check, let the same people in again, wake what runs, prove it."""
        match name:
            case StepName.CHECKS:
                await self._ensure_ours()
                return StepStatus.DONE, ()
            case StepName.ACCESS:
                return skipped_or_done(await self._let_in())
            case StepName.WORKLOADS:
                if await self._slept_before() is not None:
                    return StepStatus.SKIPPED, ()
                return skipped_or_done(await self.sleeping.wake())
            case _:
                await self._read_before_settling()
                record = await self.journal.record()
                proof = Verification(
                    cluster=self.tools.cluster,
                    mirror=self.tools.mirror,
                    spec=record.spec,
                    bundle=await self._bundle(),
                    uid=record.uid,
                )
                return StepStatus.DONE, await proof.prove()

    async def undo(self) -> str:
        """Take access away again; all that runs sleeps on."""
        # The name may be another's by now: then nothing there is touched.
        await self._ensure_ours()
        await self._keep_out()
        await self.sleeping.put_to_sleep()
        return ""

    async def settle(self, connection: StoreConnection, now: datetime) -> None:  # noqa: ARG002 - one signature for all kinds
        """Active as before."""
        await self.journal.set_record(connection, restorable_until=None)
        await self.journal.set_active(connection, asleep=self._before)


class DeleteRun(_DepartureRun):
    """Remove the namespace for good; its name stays reserved for the team."""

    async def work(self, name: StepName) -> tuple[StepStatus, Objects]:
        """Check that it is that very one, keep its manifests, delete it by uid, see it gone."""
        namespace = str(self.journal.request.namespace)
        match name:
            case StepName.CHECKS:
                return StepStatus.DONE, await self._ensure_deletable()
            case StepName.EXPORT:
                return skipped_or_done(await self._export())
            case StepName.NAMESPACE:
                record = await self.journal.record()
                is_gone = await remove_created(
                    self.tools.cluster,
                    self.tools.mirror,
                    name=namespace,
                    request_id=record.request_id,
                    uid=record.uid,
                    within_s=self.tools.gone_within_s,
                )
                if not is_gone:
                    message = f"Namespace {namespace} is still going away."
                    raise ClusterError(message, code="STUCK_TERMINATING", verdict=Verdict.RETRY)
                return StepStatus.DONE, (f"Namespace/{namespace}",)
            case _:
                return StepStatus.DONE, ()

    async def undo(self) -> str:
        """A deletion that has begun cannot be taken back; one that has not is called off."""
        record = await self.journal.record()
        name = str(record.name)
        cluster = self.tools.cluster
        seen = await repeating(lambda: cluster.get("Namespace", name, model=Namespace))
        if seen is None or seen.metadata.deletion_timestamp is not None:
            return f"Namespace {name} is going away already."
        if keys.CONFIRM_DELETION in seen.annotations:
            lifted = {"metadata": {"annotations": {keys.CONFIRM_DELETION: None}}}
            await repeating(lambda: cluster.merge("Namespace", name, lifted))
        return ""

    async def settle(self, connection: StoreConnection, now: datetime) -> None:
        """A tombstone keeps the name; the budget is free."""
        request = self.journal.request
        await self.journal.set_record(
            connection, intent=Intent.DELETED, deleted_at=now, asleep=None
        )
        await self.journal.forget_all_sleepers(connection)
        await self.journal.ledger.free(
            connection, cluster=request.spec.cluster, namespace=str(request.namespace)
        )

    async def _export(self) -> Objects:
        """Keep the manifests of what is there; of one that is gone there is nothing to keep."""
        record = await self.journal.record()
        try:
            await require_ours(self.tools.cluster, record)
        except ClusterError as error:
            if error.code in _NOTHING_LEFT:
                return ()
            raise
        sleepers = await self.journal.sleepers()
        archive = await export_of(self.tools.cluster, record, sleepers=sleepers)
        await self.journal.keep_export(archive)
        return (f"Export/{self.journal.request.request_id}",)

    async def _ensure_deletable(self) -> Objects:
        """Already gone is as good as deleted; going away is on its way.

        Of what never became ready nothing may be left; who has the name now keeps the namespace.
        """
        record = await self.journal.record()
        harmless = {"NOT_FOUND", "NS_TERMINATING"}
        if record.ready_at is None:
            harmless.add("NOT_MANAGED")
        try:
            await require_ours(self.tools.cluster, record)
        except ClusterError as error:
            if error.code not in harmless:
                raise
        return ()
