"""What runs in the namespaces, as the mirror sees it on a real control plane."""

import asyncio
import json
from typing import Any

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.cluster.mirror import Mirror
from tests.support.controlplane import ControlPlane
from tests.support.waiting import eventually

LABELS = {"app": "web"}


def pod_template(labels: dict[str, str]) -> dict[str, Any]:
    container = {"name": "main", "image": "example.test/web:1"}
    return {"metadata": {"labels": labels}, "spec": {"containers": [container]}}


def workload(kind: str, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "web"},
        "spec": {
            "selector": {"matchLabels": LABELS},
            "template": pod_template(LABELS),
            **spec,
        },
    }


CRON_JOB = {
    "apiVersion": "batch/v1",
    "kind": "CronJob",
    "metadata": {"name": "nightly"},
    "spec": {
        "schedule": "0 3 * * *",
        "timeZone": "Europe/Berlin",
        "suspend": True,
        "jobTemplate": {
            "spec": {
                "template": {
                    "spec": {
                        "restartPolicy": "Never",
                        "containers": [{"name": "main", "image": "example.test/job:1"}],
                    }
                }
            }
        },
    },
}
CLAIM = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web"},
    "spec": {"type": "LoadBalancer", "ports": [{"port": 80}], "selector": LABELS},
}
INGRESS = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": {"name": "web"},
    "spec": {
        "rules": [
            {
                "host": "web.example.test",
                "http": {
                    "paths": [
                        {
                            "path": "/",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "web", "port": {"number": 80}}},
                        }
                    ]
                },
            }
        ]
    },
}
AUTOSCALER = {
    "apiVersion": "autoscaling/v2",
    "kind": "HorizontalPodAutoscaler",
    "metadata": {"name": "web"},
    "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 2,
        "maxReplicas": 5,
    },
}


def warning(namespace: str, *, kind: str = "Warning") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"web.{kind.lower()}", "namespace": namespace},
        "involvedObject": {"kind": "Pod", "name": "web-0", "namespace": namespace},
        "type": kind,
        "reason": "BackOff",
        "message": "Back-off restarting failed container",
        "count": 7,
        "lastTimestamp": "2026-01-02T03:04:05Z",
    }


@pytest.fixture
def namespace(controlplane: ControlPlane, name: str) -> str:
    controlplane.kubectl("create", "namespace", name)
    return name


async def test_what_teams_put_into_a_namespace_is_seen_with_what_pages_tell_of_it(
    controlplane: ControlPlane, mirror: Mirror, namespace: str
) -> None:
    documents = [
        workload("Deployment", replicas=2),
        workload("StatefulSet", replicas=1, serviceName="web"),
        workload("DaemonSet"),
        CRON_JOB, CLAIM, SERVICE, INGRESS, AUTOSCALER,
        warning(namespace), warning(namespace, kind="Normal"),
    ]  # fmt: skip
    listed = {"apiVersion": "v1", "kind": "List", "items": documents}
    await asyncio.to_thread(
        controlplane.kubectl, "apply", "-n", namespace, "-f", "-", stdin=json.dumps(listed)
    )
    seen = mirror.workloads
    # Each kind has a watch of its own: none of them tells what the others have seen.
    caches: list[tuple[Any, str]] = [
        (seen.deployments, "web"), (seen.stateful_sets, "web"), (seen.daemon_sets, "web"),
        (seen.cron_jobs, "nightly"), (seen.claims, "data"), (seen.services, "web"),
        (seen.ingresses, "web"), (seen.autoscalers, "web"), (seen.warnings, "web.warning"),
    ]  # fmt: skip
    await eventually(lambda: all(cache.get(name, namespace) is not None for cache, name in caches))
    await eventually(lambda: len(seen.pods.in_namespace(namespace)) >= 4)
    await eventually(
        lambda: all(pod.status.phase == "Running" for pod in seen.pods.in_namespace(namespace))
    )

    def here(cache: Any, name: str) -> Any:
        return cache.get(name, namespace)

    assert here(seen.deployments, "web").spec.replicas == 2
    await eventually(lambda: here(seen.stateful_sets, "web").status.ready_replicas == 1)
    await eventually(lambda: here(seen.daemon_sets, "web").status.desired_number_scheduled == 2)
    nightly = here(seen.cron_jobs, "nightly").spec
    assert (nightly.schedule, nightly.time_zone, nightly.suspend) == (
        "0 3 * * *",
        "Europe/Berlin",
        True,
    )
    assert here(seen.claims, "data").spec.resources.requests == {"storage": "1Gi"}
    assert here(seen.services, "web").spec.type == "LoadBalancer"
    assert [rule.host for rule in here(seen.ingresses, "web").spec.rules] == ["web.example.test"]
    autoscaler = here(seen.autoscalers, "web").spec
    assert (autoscaler.scale_target_ref.kind, autoscaler.min_replicas) == ("Deployment", 2)
    pods = {pod.metadata.owner_kind: pod for pod in seen.pods.in_namespace(namespace)}
    assert set(pods) == {"ReplicaSet", "StatefulSet", "DaemonSet"}
    (main,) = pods["StatefulSet"].status.container_statuses or []
    assert main.ready
    told = [each.reason for each in seen.warnings.in_namespace(namespace)]
    assert "BackOff" in told
    backoff = here(seen.warnings, "web.warning")
    assert (backoff.times, backoff.seen_at) == (7, "2026-01-02T03:04:05Z")
    assert here(seen.warnings, "web.normal") is None


async def test_a_kind_we_may_not_list_holds_nothing_up(controlplane: ControlPlane) -> None:
    """As on somebody's own kubeconfig, or where the manifests are older than the portal."""
    resources = (
        "namespaces,resourcequotas,limitranges,serviceaccounts,"
        "networkpolicies.networking.k8s.io,rolebindings.rbac.authorization.k8s.io"
    )
    rules = ["--verb=get,list,watch", f"--resource={resources}"]
    await asyncio.to_thread(controlplane.kubectl, "create", "clusterrole", "few-kinds", *rules)
    await asyncio.to_thread(
        controlplane.kubectl, "create", "serviceaccount", "few-kinds", "-n", "default"
    )
    await asyncio.to_thread(
        controlplane.kubectl,
        "create", "clusterrolebinding", "few-kinds",
        "--clusterrole=few-kinds", "--serviceaccount=default:few-kinds",
    )  # fmt: skip
    token = await asyncio.to_thread(controlplane.kubectl, "create", "token", "few-kinds")
    opened = await _as(controlplane, token.strip())
    mirror = Mirror(opened)
    running = asyncio.create_task(mirror.run())

    await asyncio.wait_for(mirror.wait_synced(), 60)
    assert mirror.unlisted == ()
    await eventually(lambda: "Pod: " in mirror.contact().trouble)
    await eventually(lambda: mirror.contact().at > 0)

    running.cancel()
    await asyncio.wait([running])
    await opened.close()


async def _as(controlplane: ControlPlane, token: str) -> Cluster:
    """A client with this token, through a kubeconfig as anybody has one."""
    file = controlplane.kubeconfig.with_name("few-kinds.kubeconfig")
    document = json.loads(
        await asyncio.to_thread(
            controlplane.kubectl, "config", "view", "--raw", "--flatten", "-o", "json"
        )
    )
    document["users"] = [
        {"name": user["name"], "user": {"token": token}} for user in document["users"]
    ]
    await asyncio.to_thread(file.write_text, json.dumps(document))
    return await connect(ClusterAddress(kubeconfig=file))
