"""Repair: bring a namespace back to its record. No request of a person, so no approval."""

from ...domain.audit import AuditEvent, Outcome
from ...domain.namespaces import Intent, ManagedNamespace
from ...manifests.comparison import differences
from ...manifests.manifest import Manifest
from ...store.jobs import Job
from ..drift import AUTOMATIC, REPAIR, desired_bundle
from ..effects import repeating
from ..ownership import require_ours
from ..run import RunTools
from ..stores import Stores
from ..writing import prune

__all__ = ["repair"]

_EVERYTHING = AUTOMATIC | {"Namespace", "LimitRange"}


async def repair(job: Job, *, tools: RunTools, stores: Stores) -> tuple[str, ...]:
    """Repair the namespace that a job names; give what was changed.

    Raises:
        ClusterError: the cluster refused or did not answer.
    """
    cluster_name, _, name = job.key.partition(":")[2].partition("/")
    async with stores.database.reading() as connection:
        record = await stores.namespaces.get(connection, cluster=cluster_name, name=name)
    if record is None or record.intent is not Intent.ACTIVE:
        return ()
    await require_ours(tools.cluster, record)
    wanted = desired_bundle(record, network=tools.network, now=tools.clock())
    kinds = AUTOMATIC if job.kind == REPAIR else _EVERYTHING
    changed = [
        text
        for manifest in wanted
        if manifest["kind"] in kinds and (text := await _repair_object(tools, manifest))
    ]
    changed += await prune(tools.cluster, "NetworkPolicy", name, keep=wanted.network)
    changed += await prune(tools.cluster, "RoleBinding", name, keep=wanted.access)
    if changed:
        await _record(stores, tools, record, job, changed)
    return tuple(changed)


async def _repair_object(tools: RunTools, manifest: Manifest) -> str:
    """Repair one object if it differs; say which and how."""
    observed = await repeating(lambda: tools.cluster.read(manifest))
    drift = differences(manifest, observed)
    if not drift:
        return ""
    await repeating(lambda: tools.cluster.apply(manifest, force=True))
    after = await repeating(lambda: tools.cluster.read(manifest))
    if after is not None and differences(manifest, after):
        await _take_out_foreign_fields(tools, manifest)
    name = f"{manifest['kind']}/{manifest['metadata']['name']}"
    return f"{name}: {', '.join(one.path or 'missing' for one in drift[:5])}"


async def _take_out_foreign_fields(tools: RunTools, manifest: Manifest) -> None:
    """What somebody added beside our fields is not ours to apply away: patch it out."""
    if "spec" not in manifest:
        return
    lists = {key: value for key, value in manifest["spec"].items() if isinstance(value, list)}
    closed: Manifest = {"ingress": [], "egress": []} if manifest["kind"] == "NetworkPolicy" else {}
    metadata = manifest["metadata"]
    patch = {"spec": closed | lists}
    await repeating(
        lambda: tools.cluster.merge(
            manifest["kind"], metadata["name"], patch, metadata["namespace"]
        )
    )


async def _record(
    stores: Stores, tools: RunTools, record: ManagedNamespace, job: Job, changed: list[str]
) -> None:
    event = AuditEvent(
        actor="system",
        action="drift.repair",
        object=f"namespace/{record.name}",
        outcome=Outcome.COMPLETED,
        team=str(record.team),
        namespace=str(record.name),
        request_id=record.request_id,
        correlation_id=job.correlation_id,
        source="worker",
        after={"repaired": changed},
    )
    async with stores.database.transaction() as connection:
        await stores.audit.append(connection, event, at=tools.clock())
