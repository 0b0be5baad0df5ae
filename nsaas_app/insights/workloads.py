"""What runs in a namespace: workloads, pods and what stands beside them, problems first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from ..cluster.mirror import Mirror
from ..cluster.workload_objects import Claim, CronJob, Ingress, Pod, Service
from ..cluster.workloads import Workloads
from ..directory.directory import Directory
from ..domain.actors import Actor
from .lookup import readable
from .quota_words import in_words
from .topology_edges import leading_nowhere, services_asleep
from .workload_words import (
    Standing,
    StandingWord,
    failure_of,
    pod_standing,
    replicas_standing,
)

__all__ = [
    "MOST",
    "NeighbourLine",
    "PodLine",
    "WorkloadLine",
    "WorkloadReport",
    "WorkloadReports",
    "neighbours_of",
    "workloads_of",
]

MOST: Final = 50
"""More rows are counted and not shown; those with a problem come first."""
_ASLEEP: Final = StandingWord(
    Standing.ASLEEP, "Asleep", "It matches no pod: everything here is scaled to zero."
)
_HARM: Final = {standing: place for place, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True)
class WorkloadLine:
    """A Deployment, StatefulSet, DaemonSet or CronJob."""

    kind: str
    name: str
    there: int
    wanted: int
    """Replicas, nodes, or 0 for a CronJob."""
    about: str
    """When it runs, for a CronJob."""
    standing: StandingWord


@dataclass(frozen=True, slots=True)
class PodLine:
    """A pod."""

    name: str
    ready: int
    containers: int
    restarts: int
    node: str
    started_at: str
    standing: StandingWord


@dataclass(frozen=True, slots=True)
class NeighbourLine:
    """A Service, Ingress or volume claim."""

    kind: str
    name: str
    about: str
    standing: StandingWord


@dataclass(frozen=True, slots=True)
class WorkloadReport:
    """Everything that runs in one namespace."""

    workloads: tuple[WorkloadLine, ...]
    workloads_total: int
    pods: tuple[PodLine, ...]
    pods_total: int
    neighbours: tuple[NeighbourLine, ...]
    neighbours_total: int
    as_of: datetime | None


class WorkloadReports:
    """Tells what runs in namespaces, from memory."""

    def __init__(self, *, directory: Directory, mirror: Mirror | None) -> None:
        self._directory = directory
        self._mirror = mirror

    def report(self, name: str, *, actor: Actor) -> WorkloadReport:
        """Tell of one namespace.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        readable(self._directory, name, actor=actor)
        seen = self._mirror.workloads if self._mirror is not None else None
        workloads = sorted(workloads_of(seen, name), key=_workload_order) if seen else []
        pods = sorted(map(_pod, seen.pods.in_namespace(name)), key=_pod_order) if seen else []
        neighbours = sorted(neighbours_of(seen, name), key=_neighbour_order) if seen else []
        return WorkloadReport(
            workloads=tuple(workloads[:MOST]),
            workloads_total=len(workloads),
            pods=tuple(pods[:MOST]),
            pods_total=len(pods),
            neighbours=tuple(neighbours[:MOST]),
            neighbours_total=len(neighbours),
            as_of=self._directory.freshness().as_of,
        )


def _workload_order(line: WorkloadLine) -> tuple[int, str, str]:
    return _HARM[line.standing.standing], line.kind, line.name


def _pod_order(line: PodLine) -> tuple[int, str]:
    return _HARM[line.standing.standing], line.name


def _neighbour_order(line: NeighbourLine) -> tuple[int, str, str]:
    return _HARM[line.standing.standing], line.kind, line.name


def workloads_of(seen: Workloads, name: str) -> Iterator[WorkloadLine]:
    """Tell of every workload of a namespace."""
    for kind, cache in (("Deployment", seen.deployments), ("StatefulSet", seen.stateful_sets)):
        for one in cache.in_namespace(name):
            wanted = 1 if one.spec.replicas is None else one.spec.replicas
            there = one.status.available_replicas or 0
            standing = replicas_standing(wanted, there, in_words(failure_of(one)))
            yield WorkloadLine(kind, one.metadata.name, there, wanted, "", standing)
    for daemon in seen.daemon_sets.in_namespace(name):
        wanted, there = daemon.status.desired_number_scheduled, daemon.status.number_ready
        standing = replicas_standing(wanted, there)
        yield WorkloadLine("DaemonSet", daemon.metadata.name, there, wanted, "", standing)
    yield from map(_cron_job, seen.cron_jobs.in_namespace(name))


def _cron_job(job: CronJob) -> WorkloadLine:
    zone = f" {job.spec.time_zone}" if job.spec.time_zone else ""
    last, good = job.status.last_schedule_time, job.status.last_successful_time
    if job.spec.suspend:
        standing = StandingWord(Standing.ASLEEP, "Suspended")
    elif job.status.active:
        standing = StandingWord(Standing.RUNNING, "Running")
    elif last and (good is None or good < last):
        standing = StandingWord(Standing.BAD, "Last run failed", "It has not ended well since.")
    else:
        standing = StandingWord(Standing.DONE, "Waits for its time")
    about = f"{job.spec.schedule}{zone}"
    return WorkloadLine(
        "CronJob", job.metadata.name, len(job.status.active or ()), 0, about, standing
    )


def _pod(pod: Pod) -> PodLine:
    containers = pod.status.container_statuses or []
    return PodLine(
        name=pod.metadata.name,
        ready=sum(container.ready for container in containers),
        containers=len(containers),
        restarts=sum(container.restart_count for container in containers),
        node=pod.spec.node_name,
        started_at=pod.status.start_time or pod.metadata.creation_timestamp,
        standing=pod_standing(pod),
    )


def neighbours_of(seen: Workloads, name: str) -> Iterator[NeighbourLine]:
    """Tell of every Service, Ingress and volume claim of a namespace."""
    nowhere, asleep = leading_nowhere(seen, name), services_asleep(seen, name)
    ways = (
        *map(_service, seen.services.in_namespace(name)),
        *map(_ingress, seen.ingresses.in_namespace(name)),
    )
    for line in ways:
        key = f"{line.kind}/{line.name}"
        if missing := nowhere.get(key):
            yield replace(line, standing=_nowhere(line.kind, missing))
        else:
            yield replace(line, standing=_ASLEEP) if key in asleep else line
    yield from map(_claim, seen.claims.in_namespace(name))


def _nowhere(kind: str, missing: str) -> StandingWord:
    if kind == "Service":
        return StandingWord(Standing.BAD, "Matches no pod", "Its selector matches no pod.")
    return StandingWord(Standing.BAD, "No such Service", f"There is {missing}.")


def _words(parts: Iterable[object]) -> str:
    return ", ".join(str(part) for part in parts if part)


def _service(service: Service) -> NeighbourLine:
    ports = _words(port.get("port") for port in service.spec.ports or ())
    is_waiting = service.spec.type == "LoadBalancer" and not service.status.load_balancer.ingress
    standing = (
        StandingWord(Standing.STARTING, "No address yet", "The load balancer is being made.")
        if is_waiting
        else StandingWord(Standing.RUNNING, "There")
    )
    about = f"{service.spec.type} · port {ports}" if ports else service.spec.type
    return NeighbourLine("Service", service.metadata.name, about, standing)


def _ingress(ingress: Ingress) -> NeighbourLine:
    hosts = _words(rule.host for rule in ingress.spec.rules or ())
    has_address = bool(ingress.status.load_balancer.ingress)
    standing = (
        StandingWord(Standing.RUNNING, "There")
        if has_address
        else StandingWord(Standing.STARTING, "No address yet", "No gateway has taken it.")
    )
    return NeighbourLine("Ingress", ingress.metadata.name, hosts or "any host", standing)


def _claim(claim: Claim) -> NeighbourLine:
    size = (claim.spec.resources.requests or {}).get("storage", "")
    is_bound = claim.status.phase == "Bound"
    standing = (
        StandingWord(Standing.RUNNING, "Bound")
        if is_bound
        else StandingWord(
            Standing.STARTING, claim.status.phase or "Pending", "No volume is bound to it yet."
        )
    )
    about = _words((size, claim.spec.storage_class_name))
    return NeighbourLine("PersistentVolumeClaim", claim.metadata.name, about, standing)
