"""How pods and workloads stand, in words that say the reason. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..cluster.objects import Condition, Deployment
from ..cluster.workload_objects import ContainerStatus, Pod, StatefulSet

__all__ = ["Standing", "StandingWord", "failure_of", "pod_standing", "replicas_standing"]


class Standing(StrEnum):
    """How something that runs stands; the worst first."""

    BAD = "bad"
    PARTLY = "partly"
    STARTING = "starting"
    RUNNING = "running"
    DONE = "done"
    ASLEEP = "asleep"


@dataclass(frozen=True, slots=True)
class StandingWord:
    """A standing with its word and reason."""

    standing: Standing
    word: str
    reason: str = ""


_NO_IMAGE: Final = ("No image", "The image cannot be pulled: check its name and its registry.")
_WAITING: Final = {
    "CrashLoopBackOff": ("Keeps crashing", "It ends after each start: kubectl logs --previous."),
    "ImagePullBackOff": _NO_IMAGE,
    "ErrImagePull": _NO_IMAGE,
    "InvalidImageName": ("No image", "The image's name cannot be read."),
    "CreateContainerConfigError": (
        "Not configured", "A ConfigMap or Secret that it names is missing, or a key of it.",
    ),
    "CreateContainerError": ("Not created", "The node could not create the container."),
    "RunContainerError": ("Not started", "The node could not start the container."),
}  # fmt: skip


def pod_standing(pod: Pod) -> StandingWord:
    """Say how a pod stands."""
    if pod.metadata.deletion_timestamp is not None:
        return StandingWord(Standing.STARTING, "Terminating")
    containers = pod.status.container_statuses or []
    match pod.status.phase:
        case "Succeeded":
            return StandingWord(Standing.DONE, "Completed")
        case "Failed":
            reason = pod.status.message or _ended(containers)
            return StandingWord(Standing.BAD, pod.status.reason or "Failed", reason)
        case "Pending":
            return _stopped(containers) or _pending(pod)
        case _:
            return _stopped(containers) or _running(pod, containers)


def _stopped(containers: list[ContainerStatus]) -> StandingWord | None:
    """Find the container that waits for what does not come by itself."""
    for container in containers:
        waiting = container.state.waiting
        if waiting is not None and waiting.reason in _WAITING:
            word, reason = _WAITING[waiting.reason]
            return StandingWord(Standing.BAD, word, _ended([container]) or reason)
    return None


def _running(pod: Pod, containers: list[ContainerStatus]) -> StandingWord:
    if containers and not all(container.ready for container in containers):
        why = _condition(pod.status.conditions, "Ready")
        return StandingWord(Standing.PARTLY, "Not ready", why)
    return StandingWord(Standing.RUNNING, "Running")


def _pending(pod: Pod) -> StandingWord:
    unscheduled = _condition(pod.status.conditions, "PodScheduled")
    if unscheduled:
        return StandingWord(Standing.BAD, "No node takes it", unscheduled)
    return StandingWord(Standing.STARTING, "Starting")


def _condition(conditions: list[Condition] | None, kind: str) -> str:
    found = (each for each in conditions or () if each.type == kind and each.status == "False")
    return next((each.message or each.reason for each in found), "")


def _ended(containers: list[ContainerStatus]) -> str:
    for container in containers:
        ended = container.state.terminated or container.last_state.terminated
        if ended is None:
            continue
        if ended.reason == "OOMKilled":
            return f"Container {container.name} used more memory than its limit and was killed."
        if ended.exit_code:
            return f"Container {container.name} ended with exit code {ended.exit_code}."
    return ""


def failure_of(workload: Deployment | StatefulSet) -> str:
    """Give the cluster's own words on replicas that cannot be made; empty when there are none."""
    for condition in workload.status.conditions or ():
        if condition.type == "ReplicaFailure" and condition.status == "True":
            return condition.message
        if condition.reason == "ProgressDeadlineExceeded":
            return condition.message
    return ""


def replicas_standing(wanted: int, there: int, reason: str = "") -> StandingWord:
    """Say how a workload of so many replicas stands."""
    if wanted == 0:
        return StandingWord(Standing.ASLEEP, "Scaled to zero", reason)
    if there == 0:
        return StandingWord(Standing.BAD, "Unavailable", reason)
    if there < wanted:
        return StandingWord(Standing.PARTLY, "Partly", reason)
    return StandingWord(Standing.RUNNING, "Available", reason)
