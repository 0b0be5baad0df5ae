"""Calls without a good answer: what happened is never assumed, what was not sent is repeated."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.cluster.faults import ClusterError
from nsaas_app.cluster.objects import Namespace, ResourceQuota
from nsaas_app.domain import keys
from nsaas_app.manifests.namespace import namespace_claim
from nsaas_app.manifests.resource_quota import resource_quota
from tests.cluster.signals import PERMANENT, RETRY, UNKNOWN, Seen, refused
from tests.support.controlplane import ControlPlane
from tests.support.faultproxy import FaultProxy, answer, delay, drop_call, drop_reply, hang
from tests.support.namespaces import create_namespace
from tests.support.specs import spec_of
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]


def claim(name: str) -> dict[str, Any]:
    return namespace_claim(spec_of(name), request_id="r1")


async def get(cluster: Cluster, name: str) -> Namespace | None:
    return await cluster.get("Namespace", name, model=Namespace)


async def test_a_lost_reply_to_a_write_leaves_the_outcome_unknown_and_it_can_be_read_back(
    proxy: FaultProxy, behind: Cluster, name: str
) -> None:
    proxy.faults.append(drop_reply(method="POST"))
    assert await refused(behind.create(claim(name))) == (0, "OUTCOME_UNKNOWN", UNKNOWN)
    found = await get(behind, name)
    assert found is not None
    assert found.annotations[keys.REQUEST_ID] == "r1"
    assert await refused(behind.create(claim(name))) == (409, "NS_EXISTS", PERMANENT)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_server_that_resets_what_is_begun_costs_no_other_connection(
    loop: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.support.resets", loop, str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


async def test_a_write_that_never_arrived_looks_the_same_and_did_not_happen(
    proxy: FaultProxy, behind: Cluster, name: str
) -> None:
    proxy.faults.append(drop_call(method="POST"))
    assert await refused(behind.create(claim(name))) == (0, "OUTCOME_UNKNOWN", UNKNOWN)
    assert await get(behind, name) is None


async def test_a_lost_apply_is_safe_to_repeat(
    proxy: FaultProxy, behind: Cluster, name: str
) -> None:
    record = await create_namespace(behind, name)
    quota = resource_quota(record.spec)
    proxy.faults.append(drop_reply(method="PATCH"))
    assert await refused(behind.apply(quota, force=False)) == (0, "OUTCOME_UNKNOWN", UNKNOWN)
    await behind.apply(quota, force=False)


async def test_a_dry_run_that_got_lost_did_nothing(
    proxy: FaultProxy, behind: Cluster, name: str
) -> None:
    proxy.faults += [drop_reply(method="POST"), drop_reply(method="PATCH")]
    created = behind.create(claim(name), is_dry_run=True)
    assert await refused(created) == (0, "API_UNREACHABLE", RETRY)
    applied = behind.apply(claim(name), force=False, is_dry_run=True)
    assert await refused(applied) == (0, "API_UNREACHABLE", RETRY)


async def test_a_lost_read_can_be_repeated(proxy: FaultProxy, behind: Cluster) -> None:
    proxy.faults.append(drop_reply(method="GET", times=None))
    assert await refused(behind.version()) == (0, "API_UNREACHABLE", RETRY)


async def test_nothing_happens_where_nobody_listens(
    proxy: FaultProxy, behind: Cluster, name: str
) -> None:
    await proxy.stop_listening()
    assert await refused(behind.create(claim(name))) == (0, "API_UNREACHABLE", RETRY)
    assert await refused(behind.probe()) == (0, "API_UNREACHABLE", RETRY)
    await proxy.listen()
    await behind.probe()
    assert await get(behind, name) is None


@pytest.mark.parametrize(
    ("fault", "seen", "retry_after"),
    [
        (answer(429, retry_after=7), (429, "API_THROTTLED", RETRY), 7.0),
        (answer(429), (429, "API_THROTTLED", RETRY), None),
        (answer(503, body=b"service unavailable"), (503, "API_UNREACHABLE", RETRY), None),
        (answer(503, retry_after=1), (503, "API_UNREACHABLE", RETRY), 1.0),
        (answer(500, reason="InternalError"), (500, "API_UNREACHABLE", RETRY), None),
        (answer(502, body=b"<html>bad gateway</html>"), (502, "API_UNREACHABLE", RETRY), None),
        (answer(504, reason="Timeout"), (504, "OUTCOME_UNKNOWN", UNKNOWN), None),
        (answer(410, reason="Expired"), (410, "WATCH_GONE", RETRY), None),
        (
            answer(400, message="this namespace is managed by ARM"),
            (400, "MANAGED_BY_ARM", PERMANENT),
            None,
        ),
    ],
    ids=lambda value: getattr(value, "reply", b"")[9:12].decode() or None,
)
@pytest.mark.produces("WATCH_GONE")
async def test_an_answer_that_only_a_cluster_in_trouble_gives(
    proxy: FaultProxy, behind: Cluster, name: str, fault: Any, seen: Seen, retry_after: float | None
) -> None:
    fault.times = 1
    proxy.faults.append(fault)
    with pytest.raises(ClusterError) as caught:
        await behind.create(claim(name))
    error = caught.value
    assert (error.status, error.code, error.verdict) == seen
    assert error.retry_after_s == retry_after
    # The client repeats nothing by itself: the caller knows what it may repeat.
    assert proxy.count(method="POST") == 1


async def test_an_answer_of_something_in_between_is_no_answer(
    proxy: FaultProxy, behind: Cluster, name: str
) -> None:
    page = b"<html>Please sign in to the network.</html>"
    proxy.faults.append(answer(200, body=page, times=None))
    assert await refused(get(behind, name)) == (0, "API_UNREACHABLE", RETRY)
    assert await refused(behind.version()) == (0, "API_UNREACHABLE", RETRY)
    assert await refused(behind.create(claim(name))) == (0, "OUTCOME_UNKNOWN", UNKNOWN)


async def test_every_call_has_its_own_end(proxy: FaultProxy, behind: Cluster, name: str) -> None:
    impatient = Cluster(behind._calls.api, name="impatient", call_timeout_s=0.2)
    proxy.faults.append(hang(times=None))
    begun = asyncio.get_running_loop().time()
    assert await refused(impatient.create(claim(name))) == (0, "OUTCOME_UNKNOWN", UNKNOWN)
    assert await refused(get(impatient, name)) == (0, "API_UNREACHABLE", RETRY)
    assert await refused(behind.probe(timeout_s=0.2)) == (0, "API_UNREACHABLE", RETRY)
    assert asyncio.get_running_loop().time() - begun < 9


async def test_a_slow_server_is_waited_for(proxy: FaultProxy, behind: Cluster) -> None:
    proxy.faults.append(delay(0.3))
    begun = asyncio.get_running_loop().time()
    assert (await behind.version()).startswith("v1.")
    assert asyncio.get_running_loop().time() - begun >= 0.3


async def test_a_hidden_repeat_of_a_delete_finds_the_object_gone(
    proxy: FaultProxy, behind: Cluster, name: str
) -> None:
    await create_namespace(behind, name)
    quota = await behind.get("ResourceQuota", "nsaas-quota", name, model=ResourceQuota)
    assert quota is not None
    proxy.faults.append(drop_reply(method="DELETE"))
    assert not await behind.delete("ResourceQuota", "nsaas-quota", name, uid=quota.metadata.uid)
    assert proxy.count(method="DELETE") == 2


async def test_a_hidden_repeat_of_a_delete_never_hits_what_took_its_place(
    proxy: FaultProxy, behind: Cluster, cluster: Cluster, name: str
) -> None:
    record = await create_namespace(cluster, name)
    old = await cluster.get("ResourceQuota", "nsaas-quota", name, model=ResourceQuota)
    assert old is not None
    proxy.faults += [drop_reply(method="DELETE"), delay(1, method="DELETE")]
    deleting = asyncio.create_task(
        behind.delete("ResourceQuota", "nsaas-quota", name, uid=old.metadata.uid)
    )
    await eventually(lambda: proxy.count(method="DELETE") == 2)
    await cluster.create(resource_quota(record.spec))
    assert await refused(deleting) == (409, "UID_CHANGED", PERMANENT)
    new = await cluster.get("ResourceQuota", "nsaas-quota", name, model=ResourceQuota)
    assert new is not None
    assert new.metadata.uid != old.metadata.uid


async def test_a_credential_that_cannot_be_read_is_nothing_sent(
    behind: Cluster, proxy: FaultProxy, name: str
) -> None:
    def gone(_: object) -> None:
        Path("/nowhere/token").read_text()

    behind._calls.api.configuration.refresh_api_key_hook = gone
    assert await refused(behind.create(claim(name))) == (0, "API_UNREACHABLE", RETRY)
    assert proxy.calls == []


async def test_a_call_that_nobody_waits_for_any_more_is_heard_out(
    proxy: FaultProxy, controlplane: ControlPlane, cluster: Cluster, name: str, tmp_path: Path
) -> None:
    leaving = await connect(ClusterAddress(kubeconfig=proxy.kubeconfig(controlplane, tmp_path)))
    proxy.faults.append(delay(0.5, method="POST"))
    creating = asyncio.create_task(leaving.create(claim(name)))
    await eventually(lambda: proxy.count(method="POST") == 1)
    creating.cancel()
    await asyncio.wait([creating])
    assert creating.cancelled()
    assert await get(cluster, name) is None

    await leaving.close()
    assert await get(cluster, name) is not None
