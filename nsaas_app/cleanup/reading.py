"""Reading one namespace from memory: what runs in it, what would be lost and freed with it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from ..cluster.mirror import Mirror
from ..cluster.objects import Object
from ..cluster.pulse import Pulse
from ..cluster.workloads import Workloads
from ..domain.cleanup import STAYS, Impact, Reclaim, Volume
from ..domain.namespaces import ManagedNamespace
from ..domain.observation import Present
from ..domain.prices import monthly_cost
from ..domain.quantities import parse_quantity
from ..domain.teams import BUDGETED, Resources
from .activity import Activity

__all__ = ["cron_job_since", "impact_of", "present_of", "reclaim_of"]

_ENDED = ("Succeeded", "Failed")


def impact_of(mirror: Mirror, name: str) -> Impact:
    """What would be lost with a namespace."""
    seen = mirror.workloads
    volumes = [
        Volume(
            name=claim.metadata.name,
            size=(claim.status.capacity or claim.spec.resources.requests or {}).get("storage", ""),
            storage_class=claim.spec.storage_class_name or "",
            is_bound=claim.status.phase == "Bound",
            is_retained=_is_retained(seen, claim.spec.volume_name),
        )
        for claim in seen.claims.in_namespace(name)
    ]
    hosts = {
        rule.host or "any host"
        for ingress in seen.ingresses.in_namespace(name)
        for rule in ingress.spec.rules or ()
    }
    return Impact(
        pods=_running_pods(seen, name),
        volumes=tuple(sorted(volumes, key=lambda volume: volume.name)),
        load_balancers=sum(
            service.spec.type == "LoadBalancer" for service in seen.services.in_namespace(name)
        ),
        ingress_hosts=tuple(sorted(hosts)),
        cloud_resources=tuple(
            f"{kind}/{one.metadata.name}{STAYS if one.stays else ''}"
            for kind, one in mirror.cloud.in_namespace(name)
        ),
        unseen=mirror.cloud.unseen,
    )


def reclaim_of(record: ManagedNamespace | None, mirror: Mirror, name: str) -> Reclaim:
    """What a namespace holds: by its record, or by the quota in it where it has none."""
    if record is not None:
        amount = Resources.of(record.spec.size)
        return Reclaim(amount, monthly_cost(amount))
    hard: dict[str, str] = {}
    for quota in mirror.quotas.in_namespace(name):
        hard |= quota.spec.hard or {}
    if not all(resource in hard for resource in BUDGETED):
        return Reclaim()
    amount = Resources.parse(*(hard[resource] for resource in BUDGETED))
    return Reclaim(amount, monthly_cost(amount))


def present_of(
    mirror: Mirror, name: str, *, uid: str, state: str, full: frozenset[str],
    is_owner_gone: bool, activity: Activity, pulse: Pulse,
) -> Present:  # fmt: skip
    """What the cluster shows of a namespace now, as far as time matters to it."""
    seen = mirror.workloads
    workloads = [
        *seen.deployments.in_namespace(name),
        *seen.stateful_sets.in_namespace(name),
        *seen.daemon_sets.in_namespace(name),
        *seen.cron_jobs.in_namespace(name),
    ]
    claims = seen.claims.in_namespace(name)
    events = [_time(one.seen_at) for one in seen.warnings.in_namespace(name)]
    events += [_time(one.status.last_schedule_time) for one in seen.cron_jobs.in_namespace(name)]
    events.append(pulse.sign_at(name))
    running = _running_pods(seen, name)
    return Present(
        uid=uid,
        state=state,
        running_pods=running,
        last_pod_at=activity.pod_at(name),
        workloads=_fingerprint(workloads),
        workloads_at=_newest(_time(one.metadata.creation_timestamp) for one in workloads),
        claims=_fingerprint(claims),
        claims_at=_newest(_time(one.metadata.creation_timestamp) for one in claims),
        event_at=_newest(events),
        full=full,
        is_owner_gone=is_owner_gone,
        are_signs_read=not any(pulse.trouble.values()),
        use=pulse.use_of(name, requested=_requested_cpu(mirror, name)) if running else None,
    )


def _requested_cpu(mirror: Mirror, name: str) -> float:
    """What the pods of a namespace request, as its quota counts it, in cores."""
    quotas = mirror.quotas.in_namespace(name)
    used = [(one.status.used or {}).get("requests.cpu", "0") for one in quotas]
    return max((float(parse_quantity(text)) for text in used), default=0.0)


def cron_job_since(seen: Workloads, name: str, moment: datetime) -> str:
    """A CronJob that ran or was made after a moment and is not suspended; empty without one."""
    for job in seen.cron_jobs.in_namespace(name):
        last = _time(job.status.last_schedule_time) or _time(job.metadata.creation_timestamp)
        if not job.spec.suspend and last is not None and last > moment:
            return f"{job.metadata.name} at {last:%Y-%m-%d %H:%M} UTC"
    return ""


def _is_retained(seen: Workloads, volume_name: str) -> bool:
    volume = seen.volumes.get(volume_name) if volume_name else None
    return volume is not None and volume.spec.persistent_volume_reclaim_policy == "Retain"


def _running_pods(seen: Workloads, name: str) -> int:
    return sum(pod.status.phase not in _ENDED for pod in seen.pods.in_namespace(name))


def _fingerprint(objects: Iterable[Object]) -> str:
    # The generation counts changes of what is asked for; status alone does not move it.
    parts = sorted(f"{one.metadata.uid}:{one.metadata.generation}" for one in objects)
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16] if parts else ""


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _newest(times: Iterable[datetime | None]) -> datetime | None:
    return max((time for time in times if time is not None), default=None)
