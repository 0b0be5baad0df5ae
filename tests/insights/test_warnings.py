"""Warnings gathered by cause, and a quota's refusal taken apart."""

from typing import Any

import msgspec
import pytest

from nsaas_app.cluster.workload_objects import WarningEvent
from nsaas_app.insights.quota_words import in_words, shortfalls
from nsaas_app.insights.warnings import gathered

QUOTA = (
    'Error creating: pods "shop-1" is forbidden: exceeded quota: nsaas-quota, requested: '
    "limits.cpu=500m,pods=1, used: limits.cpu=1800m,pods=3, limited: limits.cpu=2,pods=10"
)


def event(reason: str, message: str, *, about: str = "ReplicaSet/shop", **more: Any) -> Any:
    kind, _, name = about.partition("/")
    document = {
        "metadata": {"name": f"{name}.{message[:5]}", "namespace": "a"},
        "involvedObject": {"kind": kind, "name": name},
        "reason": reason,
        "message": message,
        "type": "Warning",
        "lastTimestamp": "2026-11-25T10:00:00Z",
        **more,
    }
    return msgspec.convert(document, WarningEvent)


def test_a_quotas_refusal_says_what_is_short_and_by_how_much() -> None:
    cpu, pods = shortfalls(QUOTA)
    assert (cpu.resource, cpu.requested, cpu.used, cpu.hard) == (
        "limits.cpu", "500m", "1800m", "2",
    )  # fmt: skip
    assert (cpu.short_by, pods.short_by) == ("300m", "0")
    assert in_words(QUOTA) == (
        "The quota is used up, so pods are missing. Short: CPU limits by 0.3 CPU."
    )


@pytest.mark.parametrize(
    "message",
    ["", "something else", QUOTA.replace("500m", "many"), "requested: a, used: b, limited: c"],
)
def test_words_that_cannot_be_read_stay_as_they_are(message: str) -> None:
    assert shortfalls(message) == ()
    assert in_words(message) == message


@pytest.mark.parametrize(
    ("reason", "about", "message", "code"),
    [
        ("FailedCreate", "ReplicaSet/a", QUOTA, "QUOTA_EXCEEDED"),
        (
            "FailedCreate",
            "ReplicaSet/a",
            'pods "a" is forbidden: violates PodSecurity "restricted:latest": x',
            "PSA_VIOLATION",
        ),
        (
            "FailedCreate",
            "ReplicaSet/a",
            'pods "a" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
            "LIMITRANGE",
        ),
        (
            "FailedCreate",
            "ReplicaSet/a",
            (
                'Pod "a" is invalid: spec.containers[0].resources.requests: Invalid value: "350m": '
                "must be less than or equal to cpu limit of 200m"
            ),
            "LIMITRANGE",
        ),
        ("FailedScheduling", "Pod/a", "0/2 nodes are available", "UNSCHEDULABLE"),
        ("ProvisioningFailed", "PersistentVolumeClaim/a", "no storage class", "PVC_PENDING"),
        (
            "FailedScheduling",
            "Pod/a",
            "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
            "PVC_PENDING",
        ),
        ("BackOff", "Pod/a", "Back-off restarting failed container", ""),
        ("FailedCreate", "ReplicaSet/a", 'pods "a" is forbidden: for another reason', ""),
    ],
)
def test_each_cause_has_its_code_fix_and_who(
    reason: str, about: str, message: str, code: str
) -> None:
    (group,) = gathered([event(reason, message, about=about)])
    assert group.code == code
    assert group.cause
    assert group.fix
    assert group.who_can_fix
    assert bool(group.shortfalls) == (code == "QUOTA_EXCEEDED")


def test_a_pod_without_its_volume_is_not_helped_by_more_nodes() -> None:
    message = '0/2 nodes are available: persistentvolumeclaim "data" not found.'
    (group,) = gathered([event("FailedScheduling", message, about="Pod/a")])
    assert group.cause.startswith("A pod waits for a volume")
    assert "nodes" not in group.fix


def test_one_cause_that_goes_by_two_reasons_is_one_group() -> None:
    about = "HorizontalPodAutoscaler/a"
    reasons = ("FailedGetResourceMetric", "FailedComputeMetricsReplicas")
    (group,) = gathered([event(reason, "no metrics", about=about) for reason in reasons])
    assert (group.times, group.reason) == (2, "FailedComputeMetricsReplicas")


def test_a_reason_without_a_catalogued_cause_says_what_the_cluster_said() -> None:
    (group,) = gathered([event("Odd", "the moon is in the way", about="Pod/a")])
    assert group.cause == "the moon is in the way"


def test_the_same_cause_is_one_group_with_its_newest_words() -> None:
    events = [
        event("BackOff", "old", about="Pod/a", count=4, lastTimestamp="2026-11-25T09:00:00Z"),
        event("BackOff", "new", about="Pod/b", lastTimestamp="2026-11-25T11:00:00Z"),
        event("BackOff", "older", about="Pod/a", lastTimestamp="2026-11-25T08:00:00Z"),
        event("Unhealthy", "probe", about="Pod/a"),
    ]
    backing_off, unhealthy = gathered(events)
    assert (backing_off.times, backing_off.message) == (6, "new")
    assert (backing_off.objects, backing_off.objects_total) == (("Pod/a", "Pod/b"), 2)
    assert unhealthy.reason == "Unhealthy"
