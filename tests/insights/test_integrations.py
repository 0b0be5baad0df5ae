"""Integrations and enforcement: what is there, in which version, and whether it works."""

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.discovery import ServedKind, served_kinds
from nsaas_app.cluster.objects import Metadata, Namespace
from nsaas_app.cluster.paths import Resource
from nsaas_app.cluster.workload_objects import DaemonSet
from nsaas_app.domain import keys
from nsaas_app.insights.enforcement import Enforcement, enforcement_of, plugin_among
from nsaas_app.insights.integrations import (
    KNOWN,
    Readiness,
    integrations_among,
    review_integrations,
)
from tests.directory.samples import Desk, deployment, namespace
from tests.ui.examples import NOW

CERTIFICATES = ServedKind(
    "cert-manager.io",
    Resource("Certificate.cert-manager.io", "/apis/cert-manager.io/v1", "certificates"),
    frozenset(),
    can_watch=True,
)


@pytest.mark.parametrize(
    ("controllers", "readiness", "reason"),
    [
        ({"cert-manager": 1}, Readiness.READY, "is available"),
        ({"cert-manager": 0}, Readiness.NOT_READY, "no available replica"),
        ({"other": 1}, Readiness.UNKNOWN, "no Deployment cert-manager is seen"),
    ],
)
def test_an_api_is_ready_when_its_controller_is(
    controllers: dict[str, int], readiness: Readiness, reason: str
) -> None:
    found = {one.known.key: one for one in integrations_among([CERTIFICATES], controllers, now=NOW)}
    assert len(found) == len(KNOWN)
    assert (found["cert-manager"].version, found["cert-manager"].readiness) == ("v1", readiness)
    assert reason in found["cert-manager"].reason
    assert found["istio"].readiness is Readiness.ABSENT
    assert found["istio"].version == ""


async def test_the_control_plane_alone_has_none_of_them(cluster: Cluster) -> None:
    found = integrations_among(await served_kinds(cluster), {}, now=NOW)
    assert {one.readiness for one in found} == {Readiness.ABSENT}


@pytest.mark.parametrize(
    ("daemon_sets", "found"),
    [
        ({"cilium", "kube-flannel-ds"}, Enforcement("Cilium", is_enforced=True)),
        ({"kindnet", "kube-proxy"}, Enforcement("kindnet", is_enforced=False)),
        ({"kube-proxy"}, Enforcement("", is_enforced=False)),
    ],
)
def test_the_network_plugin_is_known_by_what_it_runs_as(
    daemon_sets: set[str], found: Enforcement
) -> None:
    assert plugin_among(frozenset(daemon_sets)) == found


SYSTEM = Namespace(metadata=Metadata(name="platform-system"))
TEAMS = namespace("frontend-shop", labels={keys.MANAGED: keys.MANAGED_VALUE})


def daemon_set(name: str, inside: str) -> DaemonSet:
    return DaemonSet(metadata=Metadata(name=name, namespace=inside))


@pytest.mark.parametrize(
    ("place", "readiness"),
    [
        (SYSTEM.metadata.name, Readiness.READY),
        (TEAMS.metadata.name, Readiness.UNKNOWN),
        ("not-listed-yet", Readiness.UNKNOWN),
    ],
)
async def test_what_a_team_runs_makes_no_integration_ready(
    place: str, readiness: Readiness
) -> None:
    mirror = Desk().mirror
    mirror.namespaces.put(SYSTEM)
    mirror.namespaces.put(TEAMS)
    mirror.workloads.deployments.put(deployment("cert-manager", inside=place))

    found = await review_integrations(mirror, [CERTIFICATES], now=NOW)

    assert {one.known.key: one.readiness for one in found}["cert-manager"] is readiness


async def test_what_a_team_runs_does_not_hide_that_the_real_one_is_down() -> None:
    mirror = Desk().mirror
    mirror.namespaces.put(SYSTEM)
    mirror.namespaces.put(TEAMS)
    for place, available in ((SYSTEM.metadata.name, 0), (TEAMS.metadata.name, 1)):
        mirror.workloads.deployments.put(
            deployment("cert-manager", inside=place, available=available)
        )

    found = await review_integrations(mirror, [CERTIFICATES], now=NOW)

    readiness = {one.known.key: one.readiness for one in found}["cert-manager"]
    assert readiness is Readiness.NOT_READY


def test_no_team_can_make_policies_look_enforced() -> None:
    desk = Desk()
    assert enforcement_of(desk.mirror) == Enforcement(), "nothing is listed yet"
    desk.sync()
    assert enforcement_of(desk.mirror) == Enforcement(), "no namespace is listed yet"
    desk.mirror.namespaces.put(SYSTEM)
    desk.mirror.namespaces.put(TEAMS)
    desk.mirror.workloads.daemon_sets.put(daemon_set("calico-node", TEAMS.metadata.name))
    assert enforcement_of(desk.mirror).is_enforced is False
    desk.mirror.workloads.daemon_sets.put(daemon_set("calico-node", SYSTEM.metadata.name))
    assert enforcement_of(desk.mirror) == Enforcement("Calico", is_enforced=True)
