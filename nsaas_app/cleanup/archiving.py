"""Archiving: the manifests of a namespace are kept before a plan removes it."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from ..cluster.client import Cluster
from ..cluster.faults import ClusterError, Verdict
from ..domain.errors import PortalError, UnavailableError
from ..domain.exports import Export
from ..domain.namespaces import ManagedNamespace
from ..provisioning.exporting import export_of
from ..provisioning.ownership import require_ours
from ..provisioning.stores import Stores

__all__ = ["Archiving"]


class Archiving:
    """Keeps archives; one that is kept under its id already is not made again."""

    def __init__(
        self, *, stores: Stores, cluster: Cluster | None, clock: Callable[[], datetime]
    ) -> None:
        self._stores = stores
        self._cluster = cluster
        self._clock = clock

    async def keep(self, record: ManagedNamespace, *, export_id: str, requested_by: str) -> Export:
        """Pack a namespace as it is now and keep that.

        Raises:
            UnavailableError: the cluster or the database does not answer.
            PortalError: the cluster refuses it, and will again.
        """
        async with self._stores.database.reading() as connection:
            known = await self._stores.exports.get(connection, export_id)
            sleepers = await self._stores.sleepers.list(
                connection, cluster=record.cluster, namespace=str(record.name)
            )
        if known is not None:
            return known
        if self._cluster is None:
            raise UnavailableError("No cluster is configured: nothing can be exported.")
        try:
            await require_ours(self._cluster, record)
            archive = await export_of(self._cluster, record, sleepers=sleepers)
        except ClusterError as error:
            message = f"It could not be exported: {error.message}"
            if error.verdict is Verdict.PERMANENT:
                raise PortalError(message, code=error.code) from error
            raise UnavailableError(message) from error
        export = Export(
            export_id=export_id,
            cluster=record.cluster,
            namespace=str(record.name),
            team=record.team,
            requested_by=requested_by,
            reason="cleanup",
            created_at=self._clock(),
            objects=archive.objects,
            left_out=archive.left_out,
            size=len(archive.content),
            sha256=hashlib.sha256(archive.content).hexdigest(),
        )
        async with self._stores.database.transaction() as connection:
            await self._stores.exports.add(connection, export, archive.content)
        return export
