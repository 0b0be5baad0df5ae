import json
from typing import Any

import httpx
import pytest

from nsaas_app.localcluster import Component, LocalClusterError
from tests.support.controlplane import ControlPlane
from tests.support.waiting import eventually_sync

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: NAMESPACE}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example.test/web:1
          resources: {requests: {cpu: 100m}, limits: {cpu: 100m}}
"""

JOB = """
apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: NAMESPACE}
spec:
  completions: 2
  parallelism: 2
  template:
    spec:
      restartPolicy: Never
      containers: [{name: once, image: example.test/once:1}]
"""

QUOTA = """
apiVersion: v1
kind: ResourceQuota
metadata: {name: small, namespace: NAMESPACE}
spec: {hard: {limits.cpu: 200m}}
"""

POD = """
apiVersion: v1
kind: Pod
metadata: {name: big, namespace: NAMESPACE}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: big
      image: example.test/big:1
      resources: {requests: {cpu: "1"}, limits: {cpu: "1"}}
"""


@pytest.fixture
def namespace(controlplane: ControlPlane, request: pytest.FixtureRequest) -> str:
    name = request.node.name.replace("_", "-")[:40]
    controlplane.kubectl("create", "namespace", name)
    accounts = ("get", "serviceaccounts", "--namespace", name, "--output", "name")
    eventually_sync(lambda: controlplane.kubectl(*accounts) != "", within_s=30)
    return str(name)


def create(controlplane: ControlPlane, namespace: str, manifest: str) -> None:
    controlplane.kubectl("create", "-f", "-", stdin=manifest.replace("NAMESPACE", namespace))


def status(controlplane: ControlPlane, namespace: str, *what: str) -> dict[str, Any]:
    found = json.loads(controlplane.kubectl("get", *what, "-n", namespace, "-o", "json"))
    return dict(found.get("status", {}))


def test_a_deployment_runs_on_simulated_nodes(controlplane: ControlPlane, namespace: str) -> None:
    create(controlplane, namespace, DEPLOYMENT)

    eventually_sync(
        lambda: status(controlplane, namespace, "deployment", "web").get("availableReplicas") == 3,
        within_s=30,
    )
    pods = json.loads(controlplane.kubectl("get", "pods", "-n", namespace, "-o", "json"))["items"]
    assert {pod["spec"]["nodeName"] for pod in pods} <= {"simulated-1", "simulated-2"}
    assert len({pod["status"]["podIP"] for pod in pods}) == 3


def test_a_job_completes(controlplane: ControlPlane, namespace: str) -> None:
    create(controlplane, namespace, JOB)

    eventually_sync(
        lambda: status(controlplane, namespace, "job", "once").get("succeeded") == 2, within_s=30
    )
    conditions = status(controlplane, namespace, "job", "once")["conditions"]
    assert "Complete" in {condition["type"] for condition in conditions}


def test_a_pod_beyond_the_quota_is_refused(controlplane: ControlPlane, namespace: str) -> None:
    create(controlplane, namespace, QUOTA)
    eventually_sync(
        lambda: "hard" in status(controlplane, namespace, "resourcequota", "small"), within_s=30
    )

    with pytest.raises(LocalClusterError, match="exceeded quota: small"):
        create(controlplane, namespace, POD)


def test_a_namespace_with_pods_and_volumes_can_be_deleted(
    controlplane: ControlPlane, namespace: str
) -> None:
    create(controlplane, namespace, POD)
    claim = """
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata: {name: data, namespace: NAMESPACE}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
    """
    create(controlplane, namespace, claim)
    eventually_sync(
        lambda: status(controlplane, namespace, "pod", "big").get("phase") == "Running", within_s=30
    )

    controlplane.kubectl("delete", "namespace", namespace, "--timeout=30s")

    assert controlplane.kubectl("get", "namespace", namespace, "--ignore-not-found") == ""


def test_the_audit_log_names_who_did_what(controlplane: ControlPlane, namespace: str) -> None:
    create(controlplane, namespace, QUOTA)

    events = [json.loads(line) for line in controlplane.audit_log.read_text().splitlines()]
    created = [
        event
        for event in events
        if event["verb"] == "create"
        and event.get("objectRef", {}).get("namespace") == namespace
        and event["objectRef"]["resource"] == "resourcequotas"
    ]
    assert [event["user"]["username"] for event in created] == ["nsaas-local-admin"]
    assert {event["level"] for event in events} == {"Metadata"}


def test_nobody_gets_in_without_a_certificate_or_token(controlplane: ControlPlane) -> None:
    answer = httpx.get(f"{controlplane.server}/api", verify=False)  # noqa: S501 - we send nothing

    assert answer.status_code == httpx.codes.UNAUTHORIZED


def test_a_paused_api_server_answers_nothing_and_then_goes_on(controlplane: ControlPlane) -> None:
    cluster = controlplane.cluster

    cluster.pause(Component.APISERVER)
    try:
        with pytest.raises(LocalClusterError, match=r"[Tt]imeout|deadline"):
            controlplane.kubectl("get", "namespaces", "--request-timeout=1s")
    finally:
        cluster.resume(Component.APISERVER)

    assert "default" in controlplane.kubectl("get", "namespaces", "-o", "name")


def test_a_killed_api_server_can_be_started_again(controlplane: ControlPlane) -> None:
    cluster = controlplane.cluster
    before = cluster.pid(Component.APISERVER)

    controlplane.run(cluster.kill(Component.APISERVER))
    assert not controlplane.run(cluster.is_ready())
    controlplane.run(cluster.start_component(Component.APISERVER))
    controlplane.run(cluster.wait_until_ready())

    assert cluster.pid(Component.APISERVER) != before
    assert "default" in controlplane.kubectl("get", "namespaces", "-o", "name")
    # Other tests need them, and controllers may wait long before they look for the server again.
    controlplane.run(cluster.kill(Component.CONTROLLER_MANAGER))
    controlplane.run(cluster.start_component(Component.CONTROLLER_MANAGER))
