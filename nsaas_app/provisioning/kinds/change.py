"""Change: from one spec to another; what stays the same is not touched, and back if it fails."""

from datetime import datetime

from ...domain.namespaces import Intent, ManagedNamespace
from ...domain.requests import StepName, StepStatus
from ...domain.spec import NamespaceSpec
from ...domain.teams import Resources
from ...manifests.bundle import Bundle, bundle
from ...store.database import StoreConnection
from ..journal import Journal
from ..ownership import require_ours
from ..run import Objects, RequestRun, RunTools, skipped_or_done
from ..verification import Verification
from ..writing import apply_all, apply_bundle, prune

__all__ = ["PRUNED", "ChangeRun"]

PRUNED = {StepName.NETWORK: "NetworkPolicy", StepName.ACCESS: "RoleBinding"}
"""Steps whose objects come and go with the spec."""


class ChangeRun(RequestRun):
    """One run of a change request."""

    def __init__(self, tools: RunTools, journal: Journal) -> None:
        super().__init__(tools, journal)
        self._known: ManagedNamespace | None = None

    async def work(self, name: StepName) -> tuple[StepStatus, Objects]:
        """Apply the steps whose objects differ, then prove the whole."""
        record = await self._record()
        if name is StepName.CHECKS:
            await require_ours(self.tools.cluster, record)
            return StepStatus.DONE, ()
        wanted = self._bundle(record, self.journal.request.spec)
        if name is StepName.VERIFY:
            return StepStatus.DONE, await self._prove(wanted, record.uid)
        manifests = wanted.of_step(name)
        if manifests == self._bundle(record, self._previous()).of_step(name):
            return StepStatus.SKIPPED, ()
        touched = await apply_all(self.tools.cluster, manifests, force=False)
        if name in PRUNED:
            namespace = str(record.name)
            touched += await prune(self.tools.cluster, PRUNED[name], namespace, keep=manifests)
        return skipped_or_done(touched)

    async def undo(self) -> str:
        """Back to the spec before, taking our fields back from whoever has them."""
        record = await self._record()
        await require_ours(self.tools.cluster, record)
        await apply_bundle(self.tools.cluster, self._bundle(record, self._previous()), force=True)
        return ""

    async def settle(self, connection: StoreConnection, now: datetime) -> None:  # noqa: ARG002 - one signature for all kinds
        """The record holds the new spec, and counts the renewal; the ledger what it takes."""
        spec = self.journal.request.spec
        renewals = (await self._record()).renewals + spec.renews(self._previous())
        await self.journal.set_record(
            connection, intent=Intent.ACTIVE, spec=spec, renewals=renewals
        )
        await self.journal.ledger.rebook(connection, spec, amount=Resources.of(spec.size))

    async def _record(self) -> ManagedNamespace:
        if self._known is None:
            self._known = await self.journal.record()
        return self._known

    def _previous(self) -> NamespaceSpec:
        return self.journal.request.previous or self.journal.request.spec

    def _bundle(self, record: ManagedNamespace, spec: NamespaceSpec) -> Bundle:
        return bundle(
            spec,
            request_id=record.request_id,
            provisioned_at=record.created_at,
            now=self.tools.clock(),
            settings=self.tools.network,
        )

    async def _prove(self, wanted: Bundle, uid: str) -> Objects:
        return await Verification(
            cluster=self.tools.cluster,
            mirror=self.tools.mirror,
            spec=self.journal.request.spec,
            bundle=wanted,
            uid=uid,
        ).prove()
