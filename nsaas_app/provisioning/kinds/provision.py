"""Provision: from nothing to a proven namespace, or back to nothing."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import cached_property

from ...cluster.faults import ClusterError
from ...cluster.objects import Namespace, Object
from ...domain import keys
from ...domain.namespaces import Intent
from ...domain.requests import StepName, StepStatus
from ...manifests.bundle import Bundle, bundle, identity_of
from ...manifests.manifest import Manifest
from ...manifests.namespace import namespace_claim
from ...store.database import StoreConnection
from ..effects import repeating
from ..journal import Journal
from ..ownership import not_ours, terminating
from ..removal import remove_created
from ..run import Objects, RequestRun, RunTools, skipped_or_done
from ..verification import Verification
from ..writing import apply_all

__all__ = ["ProvisionRun"]


class ProvisionRun(RequestRun):
    """One run of a provision request."""

    def __init__(self, tools: RunTools, journal: Journal) -> None:
        super().__init__(tools, journal)
        self._name = str(journal.request.namespace)
        self._request_id = journal.request.request_id
        self._uid = ""

    async def work(self, name: StepName) -> tuple[StepStatus, Objects]:
        """Create, limit, isolate, let in, prove."""
        special: dict[StepName, Callable[[], Awaitable[Objects]]] = {
            StepName.CHECKS: self._check_name,
            StepName.NAMESPACE: self._create_namespace,
            StepName.VERIFY: self._verify,
        }
        if name in special:
            return StepStatus.DONE, await special[name]()
        manifests = self._bundle.of_step(name)
        return skipped_or_done(await apply_all(self.tools.cluster, manifests, force=False))

    async def undo(self) -> str:
        """Back to nothing; a namespace that is not of this request is left alone."""
        is_gone = await remove_created(
            self.tools.cluster,
            self.tools.mirror,
            name=self._name,
            request_id=self._request_id,
            within_s=self.tools.gone_within_s,
        )
        return "" if is_gone else f"Namespace {self._name} could not be removed yet."

    async def settle(self, connection: StoreConnection, now: datetime) -> None:
        """The record is active under the uid that was proven; the budget is used."""
        await self.journal.set_record(connection, intent=Intent.ACTIVE, uid=self._uid, ready_at=now)
        cluster = self.journal.request.spec.cluster
        await self.journal.ledger.confirm(connection, cluster=cluster, namespace=self._name)

    @cached_property
    def _bundle(self) -> Bundle:
        """Built once a run: what is proven is what was written."""
        request = self.journal.request
        return bundle(
            request.spec,
            request_id=request.request_id,
            provisioned_at=request.created_at,
            now=self.tools.clock(),
            settings=self.tools.network,
        )

    async def _seen(self) -> Namespace | None:
        cluster = self.tools.cluster
        return await repeating(lambda: cluster.get("Namespace", self._name, model=Namespace))

    def _is_ours(self, seen: Namespace) -> bool:
        return seen.annotations.get(keys.REQUEST_ID) == self._request_id

    async def _check_name(self) -> Objects:
        """Look once more: between submit and now somebody may have created it by hand.

        The watch has it in memory; should it be late, the creation itself says so.
        """
        seen = self.tools.mirror.namespaces.get(self._name)
        if seen is not None and not self._is_ours(seen):
            raise not_ours(seen)
        return ()

    async def _create_namespace(self) -> Objects:
        claim = namespace_claim(self.journal.request.spec, request_id=self._request_id)
        await repeating(lambda: self._claim(claim))
        manifest = self._bundle.namespace
        applied = await repeating(lambda: self.tools.cluster.apply(manifest, force=False))
        if applied.metadata.deletion_timestamp is not None:
            raise terminating(self._name)
        self._uid = applied.metadata.uid
        return (identity_of(manifest),)

    async def _claim(self, claim: Manifest) -> Object:
        """Create the object, or find that a lost reply had created it for this very request."""
        try:
            return await self.tools.cluster.create(claim)
        except ClusterError as error:
            if error.code not in ("NS_EXISTS", "NS_TERMINATING"):
                raise
            seen = await self.tools.cluster.get("Namespace", self._name, model=Namespace)
            if seen is None:
                raise terminating(self._name) from error
            if not self._is_ours(seen):
                raise not_ours(seen) from error
            return seen

    async def _verify(self) -> Objects:
        if not self._uid:
            seen = await self._seen()
            self._uid = seen.metadata.uid if seen is not None and self._is_ours(seen) else ""
        return await Verification(
            cluster=self.tools.cluster,
            mirror=self.tools.mirror,
            spec=self.journal.request.spec,
            bundle=self._bundle,
            uid=self._uid,
        ).prove()
