"""The mirror: every kind of one cluster, how old the picture is, and waiting for it."""

import asyncio
import time

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.mirror import Mirror
from tests.support.controlplane import ControlPlane
from tests.support.faultproxy import FaultProxy, answer
from tests.support.namespaces import create_namespace
from tests.support.waiting import eventually


async def test_every_kind_a_namespace_is_made_of_is_seen(
    mirror: Mirror, cluster: Cluster, name: str
) -> None:
    await create_namespace(cluster, name)
    await eventually(lambda: mirror.accounts.get("default", name) is not None)
    await eventually(lambda: len(mirror.policies.in_namespace(name)) == 6)
    await eventually(lambda: len(mirror.bindings.in_namespace(name)) == 3)
    # Each kind has a watch of its own: none of them tells what the others have seen.
    await eventually(lambda: mirror.namespaces.get(name) is not None)
    await eventually(lambda: mirror.quotas.get("nsaas-quota", name) is not None)
    await eventually(lambda: len(mirror.limit_ranges.in_namespace(name)) == 1)
    assert len(mirror.quotas.in_namespace(name)) == 1
    assert mirror.has_synced
    assert mirror.contact().trouble == ""
    assert time.time() - mirror.contact().at < 30


async def test_waiting_ends_with_the_event_that_makes_it_true(
    mirror: Mirror, cluster: Cluster, name: str
) -> None:
    def is_counted() -> bool:
        quota = mirror.quotas.get("nsaas-quota", name)
        return quota is not None and bool(quota.status.used)

    waiting = asyncio.create_task(mirror.until(name, is_counted, timeout_s=60))
    await create_namespace(cluster, name)
    assert await waiting is True
    assert await mirror.until(name, is_counted, timeout_s=0) is True


async def test_waiting_in_vain_or_being_called_off_leaves_nobody_behind(
    mirror: Mirror, name: str
) -> None:
    assert await mirror.until(name, lambda: False, timeout_s=0.05) is False
    waiting = asyncio.create_task(mirror.until(name, lambda: False, timeout_s=60))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert mirror._waiters == {}


async def test_a_cluster_that_is_away_is_noticed_told_and_found_again_at_once(
    controlplane: ControlPlane, behind: Cluster, proxy: FaultProxy
) -> None:
    mirror = Mirror(behind)
    running = asyncio.create_task(mirror.run())
    await asyncio.wait_for(mirror.wait_synced(), 60)
    await eventually(lambda: all(each.is_watching for each in mirror.reflectors))

    await proxy.stop_listening()
    await eventually(lambda: mirror.contact().trouble != "")
    gone_at = mirror.contact().at
    # Long enough for the pauses to grow far beyond the time between two probes.
    await asyncio.sleep(7)
    assert mirror.contact().at == gone_at
    assert not any(each.is_watching for each in mirror.reflectors)

    await proxy.listen()
    begun = time.monotonic()
    await eventually(lambda: all(each.is_watching for each in mirror.reflectors))
    assert time.monotonic() - begun < 4.5
    await eventually(lambda: mirror.contact().trouble == "")
    assert mirror.contact().at > gone_at
    running.cancel()
    await asyncio.wait([running])


async def test_a_kind_that_may_not_be_listed_is_named_and_keeps_the_picture_from_being_whole(
    behind: Cluster, proxy: FaultProxy
) -> None:
    proxy.faults.append(answer(403, path="/networkpolicies", times=None, message="not for you"))
    mirror = Mirror(behind)
    running = asyncio.create_task(mirror.run())
    await eventually(lambda: "NetworkPolicy: not for you" in mirror.contact().trouble)
    assert not mirror.has_synced
    assert mirror.contact().at == 0
    proxy.faults.clear()
    await asyncio.wait_for(mirror.wait_synced(), 60)
    assert mirror.has_synced
    running.cancel()
    await asyncio.wait([running])


async def test_a_quiet_cluster_is_not_a_stale_one(mirror: Mirror) -> None:
    before = mirror.contact().at
    await eventually(lambda: mirror.contact().at > before)


async def test_a_good_probe_renews_every_open_watch_however_quiet(mirror: Mirror) -> None:
    await eventually(lambda: all(each.is_watching for each in mirror.reflectors))
    began = time.time()
    for reflector in mirror.reflectors:
        # As after an hour in which nothing happened.
        reflector.last_contact = began - 3600

    # A watch that is lost now was right until the last good probe, and not an hour ago.
    await eventually(lambda: mirror.contact().at >= began)
    assert all(reflector.last_contact >= began for reflector in mirror.reflectors)
