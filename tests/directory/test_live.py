"""The directory fed by the real mirror of a real control plane."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.mirror import Mirror
from nsaas_app.directory.hub import NAMESPACES, namespace_topic
from nsaas_app.directory.query import Liveness
from nsaas_app.directory.rows import NamespaceRow, QuotaUse
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.insights.access import AccessReports
from nsaas_app.insights.network import Networks
from nsaas_app.insights.workloads import WorkloadReports
from nsaas_app.manifests.network_policies import NetworkSettings
from tests.directory.samples import ADMIN, Desk
from tests.support.controlplane import ControlPlane
from tests.support.namespaces import (
    apply_as_admin,
    create_namespace,
    delete_namespace,
    deployment_manifest,
)
from tests.support.waiting import eventually


@pytest.fixture
async def desk(mirror: Mirror) -> Desk:
    return Desk(mirror, now=datetime.now(UTC))


def row(desk: Desk, name: str) -> NamespaceRow:
    return desk.directory.row(name, actor=ADMIN)


async def test_workloads_show_in_quota_availability_and_reasons(
    desk: Desk, cluster: Cluster, controlplane: ControlPlane, name: str
) -> None:
    desk.directory.put_record(await create_namespace(cluster, name))
    await eventually(lambda: "pods" in row(desk, name).quota)
    # The namespace itself comes by another watch.
    await eventually(lambda: row(desk, name).state is NamespaceState.ACTIVE)
    assert row(desk, name).labels["platform.io/team"] == "frontend"
    assert row(desk, name).quota["pods"].used == "0"

    too_big = {"limits": {"cpu": "2"}, "requests": {"cpu": "1500m"}}
    await apply_as_admin(
        controlplane,
        deployment_manifest("web", name, replicas=2),
        deployment_manifest("huge", name, resources=too_big),
    )
    await eventually(lambda: row(desk, name).active_deployments == 1, what="web is available")
    assert row(desk, name).deployments == 2
    await eventually(lambda: row(desk, name).quota["pods"].used == "2")
    assert row(desk, name).quota["requests.cpu"].used == "100m"
    assert [reason.code for reason in row(desk, name).health.reasons] == ["unavailable"]
    assert desk.directory.summary(actor=ADMIN).active_deployments == 1

    reports = WorkloadReports(directory=desk.directory, mirror=desk.mirror)

    def huge() -> str:
        workloads = reports.report(name, actor=ADMIN).workloads
        return next(each.standing.reason for each in workloads if each.name == "huge")

    await eventually(lambda: "The quota is used up" in huge(), what="the reason is told")

    await apply_as_admin(controlplane, deployment_manifest("web", name, replicas=0))
    await eventually(lambda: row(desk, name).active_deployments == 0)
    await eventually(lambda: row(desk, name).quota["pods"].used == "0", what="the quota is freed")


async def test_somebody_elses_policy_is_shown_beside_ours_and_wakes_the_page(
    desk: Desk, cluster: Cluster, controlplane: ControlPlane, name: str
) -> None:
    desk.directory.put_record(await create_namespace(cluster, name))

    networks = Networks(directory=desk.directory, mirror=desk.mirror, settings=NetworkSettings())
    access = AccessReports(
        directory=desk.directory, mirror=desk.mirror, clock=lambda: datetime.now(UTC)
    )

    def policies(*, ours: bool) -> set[str]:
        found = networks.report(name, actor=ADMIN).policies
        return {each.name for each in found if each.is_ours is ours}

    await eventually(lambda: len(policies(ours=True)) == 6)
    await eventually(lambda: len(access.bindings(name, actor=ADMIN)) == 3)
    # The authority that every namespace is given counts too, a moment after the quota is there.
    await eventually(lambda: row(desk, name).quota.get("configmaps") == QuotaUse("1", "30"))
    await eventually(lambda: row(desk, name).state is NamespaceState.ACTIVE)
    topics = [NAMESPACES, namespace_topic(name)]
    before = desk.hub.versions(topics)
    foreign = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "open-door", "namespace": name},
        "spec": {"podSelector": {}, "ingress": [{}]},
    }
    await apply_as_admin(controlplane, foreign)
    await eventually(lambda: policies(ours=False) == {"open-door"})
    after = desk.hub.versions(topics)
    assert after[namespace_topic(name)] > before[namespace_topic(name)]
    assert after[NAMESPACES] == before[NAMESPACES]


async def test_a_deleted_namespace_is_missing_and_stays_so_when_its_name_is_taken_again(
    desk: Desk, cluster: Cluster, name: str
) -> None:
    record = await create_namespace(cluster, name)
    desk.directory.put_record(record)
    await eventually(lambda: row(desk, name).state is NamespaceState.ACTIVE)
    await delete_namespace(cluster, record)
    await eventually(lambda: row(desk, name).state is NamespaceState.TERMINATING)
    await eventually(lambda: row(desk, name).state is NamespaceState.MISSING, within_s=30)
    assert desk.directory.summary(actor=ADMIN).namespaces == 0

    other = await create_namespace(cluster, name)
    assert other.uid != record.uid
    await eventually(lambda: desk.mirror.namespaces.get(name) is not None)
    await eventually(lambda: desk.mirror.quotas.in_namespace(name) != ())
    assert row(desk, name).state is NamespaceState.MISSING
    assert row(desk, name).uid == record.uid
    assert row(desk, name).quota == {}
    desk.directory.put_record(replace(record, uid=other.uid))
    assert row(desk, name).state is NamespaceState.ACTIVE


async def test_the_picture_is_live_while_the_cluster_answers(desk: Desk) -> None:
    def is_live() -> bool:
        desk.now = datetime.now(UTC)
        return desk.directory.freshness().liveness is Liveness.LIVE

    await eventually(is_live, what="everything is listed and the cluster was heard of just now")
    assert desk.directory.has_synced
