"""Workloads as teams write them, and what the cluster has of them."""

import json
from typing import Any

from tests.support.controlplane import ControlPlane
from tests.support.namespaces import deployment_manifest

__all__ = ["autoscaler", "cron_job", "scale", "stateful_set"]


def stateful_set(name: str, namespace: str, *, replicas: int = 1) -> dict[str, Any]:
    """A StatefulSet of one container."""
    made = deployment_manifest(name, namespace, replicas=replicas)
    return made | {"kind": "StatefulSet", "spec": made["spec"] | {"serviceName": name}}


def cron_job(name: str, namespace: str, *, suspend: bool = False) -> dict[str, Any]:
    """A CronJob that runs once a year."""
    pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": "x"}]}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "schedule": "0 3 1 1 *",
            "suspend": suspend,
            "jobTemplate": {"spec": {"template": {"spec": pod}}},
        },
    }


def autoscaler(name: str, namespace: str, target: str) -> dict[str, Any]:
    """A HorizontalPodAutoscaler between two and four replicas."""
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": target}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"scaleTargetRef": reference, "minReplicas": 2, "maxReplicas": 4},
    }


def scale(controlplane: ControlPlane, namespace: str) -> dict[str, Any]:
    """Replicas by `Kind/name`, and whether each CronJob is suspended."""
    kinds = "deployments,statefulsets,cronjobs"
    found = json.loads(controlplane.kubectl("get", kinds, "-n", namespace, "-o", "json"))
    return {
        f"{item['kind']}/{item['metadata']['name']}": item["spec"].get(
            "replicas", item["spec"].get("suspend")
        )
        for item in found["items"]
    }
