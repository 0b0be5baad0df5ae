"""Integrations and enforcement: what is there, in which version, and whether it works."""

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.discovery import ServedKind, served_kinds
from nsaas_app.cluster.paths import Resource
from nsaas_app.insights.enforcement import Enforcement, plugin_among
from nsaas_app.insights.integrations import KNOWN, Readiness, integrations_among
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
