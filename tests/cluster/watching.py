"""A reflector at work, and what it told of the objects of one namespace."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from nsaas_app.cluster.cache import Change
from nsaas_app.cluster.client import Cluster
from nsaas_app.cluster.objects import ResourceQuota
from nsaas_app.cluster.paths import RESOURCES
from nsaas_app.cluster.reflector import Reflector
from tests.cluster.signals import quota
from tests.support.faultproxy import FaultProxy

__all__ = ["LIST", "WATCH", "Watched", "add", "calls", "started", "watching"]

LIST, WATCH = r"/resourcequotas\?limit", r"/resourcequotas\?watch"


@dataclass
class Watched:
    """A reflector of quotas, and its changes in one namespace in the order they were told."""

    reflector: Reflector[ResourceQuota]
    namespace: str
    told: list[tuple[str, str, str]] = field(default_factory=list)
    """What came and went: change, name and uid."""
    modified: set[str] = field(default_factory=set)
    """What changed; the quota controller does so as it likes."""

    def __post_init__(self) -> None:
        self.reflector.cache.listen(self._note)

    def _note(self, change: Change, before: object, item: ResourceQuota) -> None:
        if item.metadata.namespace != self.namespace:
            return
        if change is Change.MODIFIED:
            self.modified.add(item.metadata.name)
        else:
            self.told.append((change.value, item.metadata.name, item.metadata.uid))

    @property
    def changes(self) -> list[tuple[str, str]]:
        return [(change, name) for change, name, _ in self.told]

    @property
    def names(self) -> set[str]:
        cached = self.reflector.cache.in_namespace(self.namespace)
        return {item.metadata.name for item in cached}


def started(
    cluster: Cluster, namespace: str, **options: Any
) -> tuple[Watched, "asyncio.Task[None]"]:
    reflector = Reflector(cluster, RESOURCES["ResourceQuota"], ResourceQuota, **options)
    return Watched(reflector, namespace), asyncio.create_task(reflector.run())


@asynccontextmanager
async def watching(cluster: Cluster, namespace: str, **options: Any) -> AsyncIterator[Watched]:
    """Run a reflector that has listed and watches."""
    watched, task = started(cluster, namespace, **options)
    await asyncio.wait_for(watched.reflector.synced.wait(), 60)
    try:
        yield watched
    finally:
        task.cancel()
        await asyncio.wait([task])


def calls(proxy: FaultProxy) -> tuple[int, int]:
    """Lists and watches that were asked for."""
    return proxy.count(path=LIST), proxy.count(path=WATCH)


async def add(cluster: Cluster, namespace: str, *names: str) -> dict[str, str]:
    """Create quotas; give their uids."""
    made = await asyncio.gather(*(cluster.create(quota(n, namespace, pods="1")) for n in names))
    return {item.metadata.name: item.metadata.uid for item in made}
