"""Removing an orphan: a namespace with our label that no record speaks of. By job, like a repair.

Asked for by a confirmed line of a cleanup plan, with the uid that was seen. Everything is looked at
once more right before the deletion; whoever gained a record in between keeps the namespace.
"""

from typing import Final

from ..cluster.faults import ClusterError, Verdict
from ..cluster.objects import Namespace
from ..domain import keys
from ..domain.audit import AuditEvent, Outcome
from ..domain.cleanup_rules import is_untouchable
from ..domain.namespaces import Intent
from ..store.jobs import Job
from .effects import repeating
from .removal import confirm_and_delete
from .run import RunTools
from .stores import Stores

__all__ = ["REMOVE_ORPHAN", "orphan_key", "remove_orphan"]

REMOVE_ORPHAN: Final = "remove-orphan"
"""Kind of the job."""


def orphan_key(cluster: str, name: str, uid: str) -> str:
    """Key of the job that removes one orphan: it never means another one of that name."""
    return f"orphan:{cluster}/{name}/{uid}"


async def remove_orphan(job: Job, *, tools: RunTools, stores: Stores) -> None:
    """Delete the orphan that a job names, unless it is none any more.

    Raises:
        ClusterError: the cluster refused or did not answer, or it is not an orphan.
    """
    cluster_name, name, uid = job.key.removeprefix("orphan:").split("/")
    seen = await repeating(lambda: tools.cluster.get("Namespace", name, model=Namespace))
    if seen is None or seen.metadata.uid != uid or seen.metadata.deletion_timestamp is not None:
        return
    async with stores.database.reading() as connection:
        record = await stores.namespaces.get(connection, cluster=cluster_name, name=name)
    is_recorded = (
        record is not None
        and record.intent is not Intent.DELETED
        and (record.uid == uid or seen.annotations.get(keys.REQUEST_ID) == record.request_id)
    )
    objection = is_untouchable(name, is_managed=seen.is_managed)
    if keys.SYSTEM in seen.labels or keys.KEEP in seen.annotations:
        objection = f"Namespace {name} is marked as one to keep."
    if is_recorded or keys.ADOPT in seen.annotations:
        objection = f"Namespace {name} has a record by now, or is about to get one."
    await _record(stores, tools, job, name, seen, objection)
    if objection:
        raise ClusterError(objection, code="NOT_MANAGED", verdict=Verdict.PERMANENT)
    await confirm_and_delete(tools.cluster, name, uid)


async def _record(
    stores: Stores, tools: RunTools, job: Job, name: str, seen: Namespace, objection: str
) -> None:
    """Write it down before it happens: a deletion nobody knows of is worse than one that failed."""
    event = AuditEvent(
        actor="system",
        action="cleanup.remove-orphan",
        object=f"namespace/{name}",
        outcome=Outcome.DENIED if objection else Outcome.ALLOWED,
        team=seen.labels.get(keys.TEAM, ""),
        namespace=name,
        request_id=seen.annotations.get(keys.REQUEST_ID, ""),
        correlation_id=job.correlation_id,
        source="worker",
        before={"uid": seen.metadata.uid, "labels": seen.labels},
        after={"reason": objection} if objection else None,
    )
    async with stores.database.transaction() as connection:
        await stores.audit.append(connection, event, at=tools.clock())
