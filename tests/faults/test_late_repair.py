"""A repair that began before a release lets people in again: the release sees and ends that."""

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.objects import RoleBinding
from nsaas_app.domain.requests import Phase
from nsaas_app.manifests.network_policies import NetworkSettings
from nsaas_app.provisioning.drift import desired_bundle
from nsaas_app.runtime import Runtime
from tests.support.faultproxy import FaultProxy, answer
from tests.support.requests import ended, submission, submit
from tests.support.waiting import eventually

REVIEWS = "subjectaccessreviews"


async def test_who_was_let_in_again_behind_a_release_is_out_at_its_end(
    behind: Runtime, proxy: FaultProxy, cluster: Cluster, name: str
) -> None:
    await ended(behind, await submit(behind, name))
    record = behind.directory.record(name)
    assert record is not None
    proof = answer(503, method="POST", path=REVIEWS, times=None)
    before = proxy.count(method="POST", path=REVIEWS)
    proxy.faults.append(proof)
    request = await behind.changes.release(name, submission())
    await eventually(
        lambda: proxy.count(method="POST", path=REVIEWS) > before, within_s=60, what="it is proven"
    )

    wanted = desired_bundle(record, network=NetworkSettings(), now=behind.clock())
    for manifest in wanted.access:
        await cluster.apply(manifest, force=True)
    proxy.faults.remove(proof)

    assert (await ended(behind, request, within_s=60)).phase is Phase.DONE
    for manifest in wanted.access:
        binding = manifest["metadata"]["name"]
        assert await cluster.get("RoleBinding", binding, name, model=RoleBinding) is None
