"""Warnings of a namespace, gathered by cause: what it is, what to do, and who can."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ..cluster.faults import error_from_status
from ..cluster.mirror import Mirror
from ..cluster.workload_objects import WarningEvent
from ..directory.directory import Directory
from ..domain.actors import Actor
from ..domain.failures import FAILURES
from .limit_words import limit_trouble
from .lookup import readable
from .quota_words import Shortfall, shortfalls

__all__ = ["WarningGroup", "WarningReports", "gathered"]

MOST: Final = 50
_FEW: Final = 5

_REFUSED: Final = re.compile(r"is forbidden|denied the request|denied request")
_YOU: Final = "you"
_UNMEASURED: Final = (
    "The autoscaler cannot see what the pods use, so it leaves the replicas as they are.",
    "Have metrics-server installed, or take the autoscaler away.",
    "platform admin (metrics-server); you (autoscaler)",
)

_REASONS: Final[dict[str, tuple[str, str, str]]] = {
    "BackOff": (
        "A container keeps ending or its image cannot be pulled, so the next try waits longer.",
        "Read kubectl logs --previous of the pod; check the image's name.", _YOU,
    ),
    "Failed": (
        "The node could not start a container, most often for its image.",
        "Check the image's name, tag and registry.", _YOU,
    ),
    "Unhealthy": (
        "A probe of a container fails.",
        "Check the probe's path, port and first delay against what the container does.", _YOU,
    ),
    "FailedMount": (
        "A volume, ConfigMap or Secret that the pod names is missing or cannot be mounted.",
        "Create what the message names.", _YOU,
    ),
    "Evicted": (
        "The node ran short of memory or disk and put the pod out.",
        "State requests that match what the pod uses.", _YOU,
    ),
    "FailedCreate": (
        "The controller could not create its pods.", "Do what the message names.", _YOU,
    ),
    "FailedGetResourceMetric": _UNMEASURED,
    "FailedComputeMetricsReplicas": _UNMEASURED,
}  # fmt: skip
"""Reasons that are no refusal of the API server: cause, fix, who can fix."""
_NO_VOLUME: Final = re.compile("persistentvolumeclaim", re.IGNORECASE)
_WAITS_FOR_VOLUME: Final = (
    "A pod waits for a volume: a claim it names is not bound, or not there.",
    "Look at the claim under Workloads: it needs a storage class that the cluster has.",
)


@dataclass(frozen=True, slots=True)
class WarningGroup:
    """Warnings of one cause."""

    reason: str
    """Kubernetes' own word."""
    code: str
    """Code of the failure catalogue; empty where it has none."""
    cause: str
    fix: str
    who_can_fix: str
    objects: tuple[str, ...]
    """The first of those concerned, as `Kind/name`."""
    objects_total: int
    times: int
    last_seen: str
    message: str
    """The newest one, as the cluster wrote it."""
    shortfalls: tuple[Shortfall, ...] = ()


class WarningReports:
    """Tells of the warnings in namespaces, from memory; the API server forgets after an hour."""

    def __init__(
        self, *, directory: Directory, mirror: Mirror | None, clock: Callable[[], datetime]
    ) -> None:
        self._directory = directory
        self._mirror = mirror
        self._clock = clock

    def report(
        self, name: str, *, actor: Actor, kind: str = "", within: timedelta | None = None
    ) -> tuple[WarningGroup, ...]:
        """Tell of one namespace, the newest first.

        Args:
            name: of the namespace.
            actor: who looks.
            kind: only of objects of this kind; empty for all.
            within: only what was seen in so much time; None for all there is.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        events = self._events(name, actor)
        if kind:
            events = [event for event in events if event.involved_object.kind == kind]
        if within is not None:
            since = self._clock() - within
            events = [event for event in events if datetime.fromisoformat(event.seen_at) >= since]
        return gathered(events)

    def kinds(self, name: str, *, actor: Actor) -> tuple[str, ...]:
        """The kinds of objects that warnings are about.

        Raises:
            NotFoundError: there is none, or it is not the actor's to see.
        """
        return tuple(sorted({event.involved_object.kind for event in self._events(name, actor)}))

    def _events(self, name: str, actor: Actor) -> list[WarningEvent]:
        readable(self._directory, name, actor=actor)
        if self._mirror is None:
            return []
        return list(self._mirror.workloads.warnings.in_namespace(name))


def gathered(events: Iterable[WarningEvent]) -> tuple[WarningGroup, ...]:
    """Gather warnings by cause, the newest first."""
    groups: dict[tuple[str, str, str], list[WarningEvent]] = {}
    for event in events:
        # Kubernetes has several words for some causes.
        cause, *_ = _REASONS.get(event.reason, (event.reason,))
        key = (cause, _code_of(event), event.involved_object.kind)
        groups.setdefault(key, []).append(event)
    found = [_group(code, members) for (_, code, _), members in groups.items()]
    return tuple(sorted(found, key=lambda group: group.last_seen, reverse=True)[:MOST])


def _code_of(event: WarningEvent) -> str:
    if event.reason == "FailedScheduling":
        return "PVC_PENDING" if _NO_VOLUME.search(event.message) else "UNSCHEDULABLE"
    if event.involved_object.kind == "PersistentVolumeClaim":
        return "PVC_PENDING"
    if limit_trouble(event.message) is not None:
        return "LIMITRANGE"
    if _REFUSED.search(event.message) is None:
        return ""
    body = {"reason": "Forbidden", "message": event.message}
    code = error_from_status(403, body).code
    # The catalogue's word for that speaks of the portal's own account; this one is a controller's.
    return "" if code == "K8S_FORBIDDEN" else code


def _group(code: str, events: list[WarningEvent]) -> WarningGroup:
    newest = max(events, key=lambda event: event.seen_at)
    names = [f"{each.involved_object.kind}/{each.involved_object.name}" for each in events]
    objects = tuple(dict.fromkeys(sorted(names)))
    # What is not catalogued is told in the cluster's own words.
    other = (newest.message or newest.reason, "Do what the message names.", _YOU)
    cause, fix, who = _REASONS.get(newest.reason, other)
    group = WarningGroup(
        reason=min(event.reason for event in events),
        code=code,
        cause=cause,
        fix=fix,
        who_can_fix=who,
        objects=objects[:_FEW],
        objects_total=len(objects),
        times=sum(event.times for event in events),
        last_seen=newest.seen_at,
        message=newest.message,
        shortfalls=shortfalls(newest.message) if code == "QUOTA_EXCEEDED" else (),
    )
    row = FAILURES.get(code)
    if row is None:
        return group
    group = replace(group, cause=row.cause, fix=row.fix, who_can_fix=row.who_can_fix)
    about, where = newest.involved_object, newest.metadata.namespace or ""
    if code == "PVC_PENDING" and about.kind == "Pod":
        cause, fix = _WAITS_FOR_VOLUME
        return replace(group, cause=cause, fix=fix)
    trouble = limit_trouble(newest.message, about=f"{about.kind}/{about.name}", namespace=where)
    if code != "LIMITRANGE" or trouble is None:
        return group
    return replace(group, cause=trouble.cause, fix=trouble.fix)
