"""What is not known of cloud resources is said, whatever the API server answers meanwhile."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from kubernetes.aio.client.configuration import Configuration
from structlog.testing import capture_logs

from nsaas_app.cluster.calls import ObservedApi
from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.cloud import ANY_KIND, CloudResources
from tests.support.faultproxy import FaultProxy, answer
from tests.support.waiting import eventually

KIND = "Queue.queue.azure.com"
DISCOVERY, LIST, WATCH = r"^/apis(\?|$)", r"/queues\?limit", r"/queues\?.*watch"


def discovered(*resources: str) -> bytes:
    """What the API server says it serves."""
    served = [
        {"resource": each, "responseKind": {"kind": "Queue"}, "scope": "Namespaced",
         "verbs": ["list", "watch"]}
        for each in resources
    ]  # fmt: skip
    group = {
        "metadata": {"name": "queue.azure.com"},
        "versions": [{"version": "v1", "resources": served}],
    }
    return json.dumps({"kind": "APIGroupDiscoveryList", "items": [group]}).encode()


@dataclass
class Provider:
    """An API server that answers as it is told, and what is seen of it."""

    server: FaultProxy
    cloud: CloudResources

    async def look(self, *resources: str) -> None:
        """Look while it serves these."""
        self.server.faults.insert(0, answer(200, path=DISCOVERY, body=discovered(*resources)))
        await self.cloud.look()

    async def look_in_vain(self) -> None:
        """Look while it does not say what it serves."""
        self.server.faults.insert(0, answer(503, path=DISCOVERY, message="not now"))
        await self.cloud.look()

    def answers(self, status: int = 200) -> None:
        """Answer every list and watch of the kind like this from now on."""
        listed = json.dumps({
            "metadata": {"resourceVersion": "5"},
            "items": [{"metadata": {"name": "orders", "namespace": "shop", "uid": "u",
                                    "resourceVersion": "4"}}],
        }).encode()  # fmt: skip
        bodies = ((LIST, listed), (WATCH, b"")) if status == 200 else ((LIST, None), (WATCH, None))
        self.server.faults[:] = [
            answer(status, path=path, times=None, body=body, message="no", reason="Forbidden")
            for path, body in bodies
        ]

    def names(self) -> list[str]:
        """What is seen in the namespace."""
        return [one.metadata.name for _, one in self.cloud.in_namespace("shop")]

    async def until_unseen(self, *kinds: str) -> None:
        """Wait until these are the kinds not seen."""
        what = f"not seen: {kinds}"
        await eventually(lambda: self.cloud.unseen == kinds, within_s=60, what=what)


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    server = FaultProxy("127.0.0.1", 1)
    async with server.running():
        api = ObservedApi(Configuration(host=f"http://127.0.0.1:{server.port}"))
        cluster = Cluster(api, name="local")
        made = Provider(server, CloudResources(cluster))
        try:
            yield made
        finally:
            for _ in range(2):
                await made.look()
            await cluster.close()


async def test_kinds_that_are_not_known_are_not_none(provider: Provider) -> None:
    assert provider.cloud.unseen == (ANY_KIND,), "nobody looked yet"
    await provider.look_in_vain()
    assert provider.cloud.unseen == (ANY_KIND,)
    assert "not now" in provider.cloud.trouble
    provider.answers()
    await provider.look("queues")
    await provider.until_unseen()
    assert provider.names() == ["orders"]
    await provider.look_in_vain()
    assert provider.cloud.unseen == (ANY_KIND,), "others may have come since"
    assert provider.names() == ["orders"]


async def test_a_kind_is_gone_only_when_two_looks_miss_it(provider: Provider) -> None:
    provider.answers()
    await provider.look("queues")
    await provider.until_unseen()
    await provider.look()
    assert (provider.cloud.unseen, provider.names()) == ((KIND,), ["orders"])
    await provider.look("queues")
    await provider.until_unseen()
    await provider.look()
    await provider.look_in_vain()
    assert provider.names() == ["orders"], "who does not answer says nothing of what is gone"
    await provider.look()
    assert (provider.cloud.unseen, provider.names()) == ((), [])


async def test_a_kind_that_may_no_longer_be_read_is_unseen_and_told_once(
    provider: Provider,
) -> None:
    provider.answers()
    await provider.look("queues")
    await provider.until_unseen()
    with capture_logs() as logged:
        provider.answers(403)
        await provider.until_unseen(KIND)
        tries = provider.server.count(path="/queues")
        await eventually(lambda: provider.server.count(path="/queues") > tries + 1, within_s=60)
    assert len([one for one in logged if one["event"] == "watch lost"]) == 1
    provider.answers()
    await provider.until_unseen()
