"""The golden manifests against a real API server, as the portal: nothing is refused or altered."""

import copy
from collections.abc import Iterator

from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.objects import Namespace
from nsaas_app.domain import keys
from nsaas_app.manifests.comparison import differences
from nsaas_app.manifests.manifest import Manifest
from nsaas_app.manifests.namespace import namespace_claim
from tests.manifests.examples import golden_files
from tests.support.specs import spec_of

SCRATCH = "nsaas-dryrun-development"


def moved(manifest: Manifest, namespace: str) -> Manifest:
    """The same object for another namespace."""
    there = copy.deepcopy(manifest)
    there["metadata"]["namespace"] = namespace
    for subject in there.get("subjects", []):
        if "namespace" in subject:
            subject["namespace"] = namespace
    return there


def golden_objects(kind: str = "") -> Iterator[Manifest]:
    for manifests in golden_files().values():
        for manifest in manifests:
            if manifest["kind"] != "Pod" and kind in ("", manifest["kind"]):
                yield manifest


async def test_nothing_golden_is_refused_as_a_dry_run(cluster: Cluster) -> None:
    for manifest in golden_objects():
        is_namespace = manifest["kind"] == "Namespace"
        tried = manifest if is_namespace else moved(manifest, SCRATCH)
        answer = await cluster.apply(tried, force=False, is_dry_run=True)
        assert answer.metadata.name == tried["metadata"]["name"]
    for manifest in golden_files()["everything"]:
        if manifest["kind"] == "Pod":
            await cluster.create(moved(manifest, SCRATCH), is_dry_run=True)
    for manifest in golden_objects("Namespace"):
        name = manifest["metadata"]["name"]
        assert await cluster.get("Namespace", name, model=Namespace) is None


async def test_what_is_written_reads_back_without_a_difference(cluster: Cluster, name: str) -> None:
    await cluster.create(namespace_claim(spec_of(name), request_id="req-0001"))
    for manifest in golden_objects():
        if manifest["kind"] == "Namespace":
            written = copy.deepcopy(manifest)
            written["metadata"]["name"] = name
            # What the claim said can never change; only development's golden file says the same.
            if written["metadata"]["labels"][keys.ENVIRONMENT] != "development":
                continue
        else:
            written = moved(manifest, name)
        await cluster.apply(written, force=False)
        assert differences(written, await cluster.read(written)) == []
