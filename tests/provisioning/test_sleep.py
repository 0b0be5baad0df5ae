"""Sleep and wake: exactly as it was, changes meanwhile kept, and what cannot sleep named."""

import json
from datetime import timedelta
from typing import Any

import pytest

from nsaas_app.cluster.objects import Deployment, Object
from nsaas_app.domain.errors import ForbiddenError, InvalidFieldsError
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.requests import Phase, ProvisioningRequest, StepName
from nsaas_app.domain.sleep import SleepingWorkload
from nsaas_app.provisioning.changes import WrongStateError
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.namespaces import apply_as_admin, deployment_manifest
from tests.support.policies import denying
from tests.support.requests import ended, submission, submit
from tests.support.waiting import eventually
from tests.support.workloads import autoscaler, cron_job, scale, stateful_set

PATIENCE_S = 60.0


def marked(manifest: dict[str, Any], **labels: str) -> dict[str, Any]:
    return manifest | {"metadata": manifest["metadata"] | {"labels": labels}}


def pods(controlplane: ControlPlane, namespace: str) -> int:
    found = controlplane.kubectl("get", "pods", "-n", namespace, "-o", "name")
    return len(found.split())


async def lively(portal: Runtime, controlplane: ControlPlane, name: str) -> None:
    """A namespace in which things run."""
    await ended(portal, await submit(portal, name))
    await apply_as_admin(
        controlplane,
        deployment_manifest("web", name, replicas=2),
        deployment_manifest("idle", name, replicas=0),
        stateful_set("db", name),
        cron_job("report", name),
        cron_job("paused", name, suspend=True),
    )
    await eventually(lambda: pods(controlplane, name) == 3, within_s=PATIENCE_S, what="three pods")


async def slept(portal: Runtime, name: str) -> ProvisioningRequest:
    request = await portal.changes.sleep(name, submission())
    assert request is not None
    return await ended(portal, request, within_s=PATIENCE_S)


async def woken(portal: Runtime, name: str) -> ProvisioningRequest:
    request = await portal.changes.wake(name, submission())
    assert request is not None
    return await ended(portal, request, within_s=PATIENCE_S)


async def sleepers(portal: Runtime, name: str) -> tuple[SleepingWorkload, ...]:
    async with portal.database.reading() as connection:
        return await portal.stores.sleepers.list(
            connection, cluster=portal.cluster_name, namespace=name
        )


async def test_everything_comes_back_exactly_as_it_was(
    portal_on_both: Runtime, controlplane: ControlPlane, name: str
) -> None:
    portal = portal_on_both
    await lively(portal, controlplane, name)
    before = scale(controlplane, name)

    request = await slept(portal, name)

    assert request.phase is Phase.DONE, request.failure
    step = next(step for step in request.steps if step.name is StepName.WORKLOADS)
    assert step.objects == ("CronJob/report", "Deployment/web", "StatefulSet/db")
    assert pods(controlplane, name) == 0
    assert scale(controlplane, name) == {
        "Deployment/web": 0, "Deployment/idle": 0, "StatefulSet/db": 0,
        "CronJob/report": True, "CronJob/paused": True,
    }  # fmt: skip
    row = portal.directory.row(name, actor=actor("frontend-dev"))
    assert row.state is NamespaceState.SLEEPING
    assert await portal.changes.sleep(name, submission()) is None

    request = await woken(portal, name)

    assert request.phase is Phase.DONE, request.failure
    assert scale(controlplane, name) == before
    assert portal.directory.row(name, actor=actor("admin")).state is NamespaceState.ACTIVE
    assert await sleepers(portal, name) == ()
    assert await portal.changes.wake(name, submission()) is None
    step = next(step for step in request.steps if step.name is StepName.WORKLOADS)
    assert step.objects == ("StatefulSet/db", "Deployment/web", "CronJob/report")


async def test_what_others_build_on_is_ready_before_they_are_woken(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await lively(portal, controlplane, name)
    await slept(portal, name)
    assert portal.mirror is not None
    workloads = portal.mirror.workloads
    ready_then: list[int | None] = []

    def seen(_change: object, before: object, item: Object) -> None:
        is_web = (item.metadata.namespace, item.metadata.name) == (name, "web")
        if is_web and isinstance(item, Deployment) and item.spec.replicas == 2:
            db = workloads.stateful_sets.get("db", name)
            ready_then.append(db.status.ready_replicas if db is not None else None)

    workloads.deployments.listen(seen)
    assert (await woken(portal, name)).phase is Phase.DONE
    await eventually(lambda: bool(ready_then), within_s=PATIENCE_S, what="the Deployment is seen")
    assert ready_then[0] == 1
    await eventually(lambda: pods(controlplane, name) == 3, within_s=PATIENCE_S, what="three pods")


async def test_what_was_changed_while_asleep_stays_changed(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await lively(portal, controlplane, name)
    await slept(portal, name)
    image = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "newer"}]}}}}
    patch = ("patch", "deployment", "web", "-n", name, "--type=strategic", "-p", json.dumps(image))
    controlplane.kubectl(*patch)
    controlplane.kubectl("scale", "statefulset", "db", "-n", name, "--replicas=3")
    controlplane.kubectl("delete", "cronjob", "report", "-n", name)
    await apply_as_admin(controlplane, cron_job("report", name, suspend=True))

    assert (await woken(portal, name)).phase is Phase.DONE

    now = scale(controlplane, name)
    assert (now["Deployment/web"], now["StatefulSet/db"]) == (2, 3)
    assert now["CronJob/report"] is True, "it is another one than the one that slept"
    web = json.loads(controlplane.kubectl("get", "deployment", "web", "-n", name, "-o", "json"))
    assert web["spec"]["template"]["spec"]["containers"][0]["image"] == "newer"


async def test_what_cannot_sleep_is_left_alone_and_named(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    flux = {"kustomize.toolkit.fluxcd.io/name": "apps"}
    daemon = deployment_manifest("agent", name) | {"kind": "DaemonSet"}
    daemon["spec"].pop("replicas")
    await apply_as_admin(
        controlplane,
        marked(deployment_manifest("git", name, replicas=1), **flux),
        deployment_manifest("elastic", name, replicas=2),
        autoscaler("elastic", name, "elastic"),
        daemon,
    )

    assert (await slept(portal, name)).phase is Phase.DONE

    now = scale(controlplane, name)
    assert (now["Deployment/git"], now["Deployment/elastic"]) == (1, 0)
    reasons = {one.identity: one.skipped for one in await sleepers(portal, name)}
    assert "Flux" in reasons["Deployment/git"]
    assert "once per node" in reasons["DaemonSet/agent"]
    assert reasons["Deployment/elastic"] == ""

    assert (await woken(portal, name)).phase is Phase.DONE
    assert scale(controlplane, name)["Deployment/elastic"] == 2


def scaling(controlplane: ControlPlane, namespace: str, name: str) -> tuple[int, str]:
    """Least replicas of an autoscaler, and why its controller does or does not act."""
    words = ("get", "hpa", name, "-n", namespace, "-o", "json")
    found = json.loads(controlplane.kubectl(*words))
    conditions = found["status"].get("conditions") or ()
    active = [one["reason"] for one in conditions if one["type"] == "ScalingActive"]
    return found["spec"]["minReplicas"], (active or [""])[0]


async def test_an_autoscaler_stands_still_with_its_target_and_goes_on_with_it(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    await apply_as_admin(
        controlplane,
        deployment_manifest("elastic", name, replicas=3),
        autoscaler("elastic", name, "elastic"),
        deployment_manifest("driven", name, replicas=2),
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "s", "namespace": name}},
    )
    words = ("get", "configmap", "s", "-n", name, "-o", "jsonpath={.metadata.uid}")
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "s", "controller": True,
             "uid": controlplane.kubectl(*words)}  # fmt: skip
    driven = autoscaler("driven", name, "driven")
    driven["metadata"]["ownerReferences"] = [owner]
    await apply_as_admin(controlplane, driven)

    assert (await slept(portal, name)).phase is Phase.DONE

    # The controller of autoscalers looks, and leaves it alone.
    await eventually(
        lambda: scaling(controlplane, name, "elastic") == (2, "ScalingDisabled"),
        within_s=90,
        what="its controller has looked",
    )
    now = scale(controlplane, name)
    assert (now["Deployment/elastic"], now["Deployment/driven"]) == (0, 2)
    reasons = {one.identity: one.skipped for one in await sleepers(portal, name)}
    assert "belongs to ConfigMap s, which would wake it" in reasons["Deployment/driven"]
    assert reasons["Deployment/elastic"] == ""

    assert (await woken(portal, name)).phase is Phase.DONE
    assert scale(controlplane, name)["Deployment/elastic"] == 3
    await eventually(
        lambda: scaling(controlplane, name, "elastic")[1] not in ("", "ScalingDisabled"),
        within_s=90,
        what="it scales again",
    )


async def test_a_policy_that_holds_one_workload_lets_the_others_sleep(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    await apply_as_admin(controlplane, deployment_manifest("web", name), stateful_set("db", name))
    with denying(controlplane, namespace=name, resource="statefulsets/scale", operation="UPDATE"):
        assert (await slept(portal, name)).phase is Phase.DONE

    now = scale(controlplane, name)
    assert (now["Deployment/web"], now["StatefulSet/db"]) == (0, 1)
    reasons = {one.identity: one.skipped for one in await sleepers(portal, name)}
    assert "no policies today" in reasons["StatefulSet/db"]


async def test_who_may_stop_what_runs_and_where(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, name))
    with pytest.raises(ForbiddenError):
        await portal.changes.sleep(name, submission("frontend-viewer"))
    with pytest.raises(InvalidFieldsError, match="future"):
        await portal.changes.sleep(name, submission(), until=portal.clock() - timedelta(minutes=1))
    schedule = {"timezone": "Europe/Berlin", "asleep": ["daily 20:00-07:00"]}
    with pytest.raises(InvalidFieldsError, match="never sleeps"):
        await submit(
            portal, f"{name}-p", environment="production", cost_center="cc",
            sleep_timezone="UTC", sleep_windows=("daily 20:00-07:00",),
        )  # fmt: skip
    changed = await portal.changes.change(name, {"sleep": schedule}, submission())
    assert changed is not None
    assert (await ended(portal, changed)).phase is Phase.DONE
    assert (await portal.changes.spec_of(name, actor=actor("admin"))).sleep is not None
    with pytest.raises(WrongStateError):
        await portal.changes.restore(name, submission("frontend-lead"))


async def test_a_wake_that_fails_half_way_goes_back_to_sleep_and_loses_no_number(
    portal: Runtime, controlplane: ControlPlane, name: str
) -> None:
    await lively(portal, controlplane, name)
    before = scale(controlplane, name)
    await slept(portal, name)
    with denying(controlplane, namespace=name, resource="deployments/scale", operation="UPDATE"):
        failed = await woken(portal, name)

    assert failed.phase is Phase.ROLLED_BACK
    assert failed.failure is not None
    assert failed.failure.code == "WEBHOOK_DENIED"
    assert scale(controlplane, name)["StatefulSet/db"] == 0
    row = portal.directory.row(name, actor=actor("admin"))
    assert row.state is NamespaceState.SLEEPING

    assert (await woken(portal, name)).phase is Phase.DONE
    assert scale(controlplane, name) == before
