"""Signs of life from the real API server, and use by a metrics API that it really proxies to."""

from datetime import UTC, datetime, timedelta
from typing import Any

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.pulse import VALID_FOR, Pulse
from tests.support.clocks import Clock
from tests.support.controlplane import ControlPlane
from tests.support.metricsapi import measured, metrics_api
from tests.support.namespaces import apply_as_admin, create_namespace
from tests.support.waiting import eventually_async

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def pulse_at(cluster: Cluster, now: datetime = NOW) -> tuple[Pulse, Clock]:
    clock = Clock(now)
    return Pulse(cluster, clock=clock), clock


def lease(namespace: str, renewed: str) -> dict[str, Any]:
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": "leader", "namespace": namespace},
        "spec": {"holderIdentity": "a", "leaseDurationSeconds": 15, "renewTime": renewed},
    }


def event(namespace: str, kind: str, at: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{kind.lower()}.1", "namespace": namespace},
        "involvedObject": {"kind": "Pod", "name": "web", "namespace": namespace},
        "reason": "Pulled", "type": kind, "firstTimestamp": at, "lastTimestamp": at,
    }  # fmt: skip


async def test_events_and_leases_are_signs_of_life(
    cluster: Cluster, controlplane: ControlPlane, name: str
) -> None:
    others = f"{name}-b"
    for each in (name, others):
        await create_namespace(cluster, each)
    await apply_as_admin(controlplane, event(name, "Normal", "2026-11-27T10:00:00Z"))
    await apply_as_admin(controlplane, lease(others, "2026-11-27T11:00:00.000000Z"))
    pulse, _ = pulse_at(cluster)
    assert all(pulse.trouble.values()), "nobody looked yet"
    await pulse.look()
    assert not any(pulse.trouble.values())
    assert pulse.sign_at(name) == datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert pulse.sign_at(others) == datetime(2026, 11, 27, 11, tzinfo=UTC)
    assert pulse.sign_at(f"{name}-c") is None
    assert pulse.sign_at("kube-node-lease") is None, "nodes are nobody's use"


async def test_a_clock_that_is_ahead_makes_nothing_used_for_ever(
    cluster: Cluster, controlplane: ControlPlane, name: str
) -> None:
    await create_namespace(cluster, name)
    await apply_as_admin(controlplane, lease(name, "2031-11-27T11:00:00.000000Z"))
    pulse, _ = pulse_at(cluster)
    await pulse.look()
    assert pulse.sign_at(name) == NOW


async def test_without_a_source_nothing_is_said_of_use(cluster: Cluster, name: str) -> None:
    pulse, _ = pulse_at(cluster)

    async def is_told() -> bool:
        # The group that another test had registered takes a moment to go.
        await pulse.look()
        return "does not serve metrics.k8s.io" in pulse.usage_trouble

    await eventually_async(is_told, within_s=60, what="nobody serves metrics.k8s.io")
    assert pulse.use_of(name, requested=1) is None
    silent = Pulse(cluster, clock=lambda: NOW, has_usage=False)
    await silent.look()
    assert "usage_source is off" in silent.usage_trouble


async def test_use_is_read_where_the_cluster_measures_it(
    cluster: Cluster, controlplane: ControlPlane, name: str
) -> None:
    items = [measured(name, "a", "1500000n"), measured(name, "b", "2m"), measured("x", "c", "3")]
    pulse, clock = pulse_at(cluster)
    async with metrics_api(controlplane, items):

        async def is_read() -> bool:
            await pulse.look()
            return pulse.usage_trouble == ""

        await eventually_async(is_read, within_s=60, what="the metrics API answers")
    low, high = pulse.use_of(name, requested=0.5), pulse.use_of("x", requested=4)
    assert low is not None
    assert high is not None
    assert (low.is_low, low.words) == (True, "4m of 500m CPU (0.7%)")
    assert not high.is_low
    assert (low.memory, high.memory) == (2 * 2**20, 2**20)
    assert pulse.use_of("y", requested=1) is None
    clock.now += VALID_FOR + timedelta(seconds=1)
    assert pulse.use_of(name, requested=0.5) is None, "old figures say nothing of now"
