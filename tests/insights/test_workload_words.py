"""How pods and workloads stand, with the reason in words."""

from typing import Any

import msgspec
import pytest

from nsaas_app.cluster.workload_objects import Pod
from nsaas_app.insights.workload_words import Standing, pod_standing, replicas_standing


def pod(phase: str = "Running", *containers: dict[str, Any], **more: Any) -> Pod:
    status = {"phase": phase, "containerStatuses": list(containers), **more}
    document = {"metadata": {"name": "a", "namespace": "n"}, "status": status}
    return msgspec.convert(document, Pod)


def waiting(why: str, **last: Any) -> dict[str, Any]:
    state = {"waiting": {"reason": why}}
    return {"name": "main", "state": state, "lastState": {"terminated": last} if last else {}}


@pytest.mark.parametrize(
    ("seen", "standing", "word"),
    [
        (pod("Running", {"ready": True}), Standing.RUNNING, "Running"),
        (pod("Running", {"ready": False}), Standing.PARTLY, "Not ready"),
        (pod("Pending"), Standing.STARTING, "Starting"),
        (pod("Pending", waiting("ContainerCreating")), Standing.STARTING, "Starting"),
        (pod("Pending", waiting("ErrImagePull")), Standing.BAD, "No image"),
        (pod("Running", waiting("CrashLoopBackOff")), Standing.BAD, "Keeps crashing"),
        (pod("Succeeded"), Standing.DONE, "Completed"),
        (pod("Failed", reason="Evicted", message="low on memory"), Standing.BAD, "Evicted"),
    ],
)
def test_a_pods_state_is_one_word(seen: Pod, standing: Standing, word: str) -> None:
    found = pod_standing(seen)
    assert (found.standing, found.word) == (standing, word)


def test_the_reason_of_a_crash_is_told() -> None:
    killed = pod("Running", waiting("CrashLoopBackOff", reason="OOMKilled", exitCode=137))
    assert "more memory than its limit" in pod_standing(killed).reason
    ended = pod("Running", waiting("CrashLoopBackOff", reason="Error", exitCode=3))
    assert pod_standing(ended).reason == "Container main ended with exit code 3."
    assert "logs --previous" in pod_standing(pod("Running", waiting("CrashLoopBackOff"))).reason


def test_a_pod_no_node_takes_says_why() -> None:
    why = {"type": "PodScheduled", "status": "False", "message": "0/2 nodes are available"}
    found = pod_standing(pod("Pending", conditions=[why]))
    assert (found.word, found.reason) == ("No node takes it", "0/2 nodes are available")


def test_a_pod_that_goes_away_is_not_a_failure() -> None:
    document = {"metadata": {"name": "a", "deletionTimestamp": "2026-11-25T10:00:00Z"}}
    assert pod_standing(msgspec.convert(document, Pod)).word == "Terminating"


@pytest.mark.parametrize(
    ("wanted", "there", "standing"),
    [
        (0, 0, Standing.ASLEEP),
        (2, 0, Standing.BAD),
        (3, 1, Standing.PARTLY),
        (3, 3, Standing.RUNNING),
    ],
)
def test_a_workload_stands_by_its_replicas(wanted: int, there: int, standing: Standing) -> None:
    assert replicas_standing(wanted, there).standing is standing
