"""The mirror of one cluster: a reflector per kind, one probe, and how old the picture is."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog

from .cache import Cache, Change
from .client import Cluster
from .cloud import CloudResources
from .faults import ClusterError
from .objects import (
    LimitRange,
    Namespace,
    NetworkPolicy,
    Object,
    ResourceQuota,
    RoleBinding,
    ServiceAccount,
)
from .paths import RESOURCES
from .reflector import Reflector
from .workloads import Workloads

__all__ = ["Contact", "Mirror"]

log = structlog.get_logger()

PROBE_EVERY_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Contact:
    """When the picture was last known to be right, and what is wrong since."""

    at: float
    """Wall-clock seconds of the oldest contact over all kinds; 0 before the first sync."""
    trouble: str
    """Why it is older than it should be; empty while all is well."""


class Mirror:
    """What the cluster shows, in memory. One per cluster and process."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._namespaces = Reflector(cluster, RESOURCES["Namespace"], Namespace)
        self._quotas = Reflector(cluster, RESOURCES["ResourceQuota"], ResourceQuota)
        self._limits = Reflector(cluster, RESOURCES["LimitRange"], LimitRange)
        self._policies = Reflector(cluster, RESOURCES["NetworkPolicy"], NetworkPolicy)
        self._bindings = Reflector(cluster, RESOURCES["RoleBinding"], RoleBinding)
        self._accounts = Reflector(cluster, RESOURCES["ServiceAccount"], ServiceAccount)
        self.workloads = Workloads(cluster)
        """What runs in the namespaces."""
        self.cloud = CloudResources(cluster)
        """What they hold at cloud providers."""
        self._probe_trouble = ""
        self.probe_ms: float | None = None
        """How long the API server took for the last good probe; None before the first."""
        self._waiters: dict[str, set[asyncio.Event]] = {}
        for reflector in self.reflectors:
            if reflector is not self._namespaces:
                reflector.cache.listen(self._wake_namespace)
        self._namespaces.cache.listen(self._wake_name)

    @property
    def namespaces(self) -> Cache[Namespace]:
        """All namespaces, managed or not: a taken name is taken whoever holds it."""
        return self._namespaces.cache

    @property
    def quotas(self) -> Cache[ResourceQuota]:
        """All quotas."""
        return self._quotas.cache

    @property
    def limit_ranges(self) -> Cache[LimitRange]:
        """All LimitRanges."""
        return self._limits.cache

    @property
    def policies(self) -> Cache[NetworkPolicy]:
        """All NetworkPolicies, foreign ones too: one of them can widen isolation."""
        return self._policies.cache

    @property
    def bindings(self) -> Cache[RoleBinding]:
        """All RoleBindings."""
        return self._bindings.cache

    @property
    def accounts(self) -> Cache[ServiceAccount]:
        """All ServiceAccounts."""
        return self._accounts.cache

    @property
    def _makings(self) -> tuple[Reflector[Any], ...]:
        """What a namespace is made of: without these nothing can be made, verified or shown."""
        return (
            self._namespaces, self._quotas, self._limits, self._policies,
            self._bindings, self._accounts,
        )  # fmt: skip

    @property
    def reflectors(self) -> tuple[Reflector[Any], ...]:
        """Every reflector, for status and readiness."""
        return (*self._makings, *self.workloads.reflectors)

    @property
    def has_synced(self) -> bool:
        """Whether everything a namespace is made of was listed at least once."""
        return not self.unlisted

    async def wait_synced(self) -> None:
        """Wait until everything a namespace is made of was listed once."""
        for reflector in self._makings:
            await reflector.synced.wait()

    async def until(self, namespace: str, holds: Callable[[], bool], *, timeout_s: float) -> bool:
        """Wait until a condition on one namespace's objects holds; False when time is over."""
        waiter = asyncio.Event()
        self._waiters.setdefault(namespace, set()).add(waiter)
        try:
            async with asyncio.timeout(timeout_s):
                while not holds():
                    waiter.clear()
                    await waiter.wait()
        except TimeoutError:
            return False
        finally:
            waiters = self._waiters[namespace]
            waiters.discard(waiter)
            if not waiters:
                del self._waiters[namespace]
        return True

    def _wake_namespace(self, _change: Change, _before: Object | None, item: Object) -> None:
        for waiter in self._waiters.get(item.metadata.namespace, ()):
            waiter.set()

    def _wake_name(self, _change: Change, _before: Object | None, item: Object) -> None:
        for waiter in self._waiters.get(item.metadata.name, ()):
            waiter.set()

    def contact(self) -> Contact:
        """How fresh the picture is."""
        oldest = min(each.last_contact for each in self.reflectors if not self._is_hidden(each))
        troubles = [f"{each.kind}: {each.trouble}" for each in self.reflectors if each.trouble]
        return Contact(oldest, self._probe_trouble or "; ".join(troubles))

    def ages(self) -> tuple[tuple[str, float], ...]:
        """Each kind we are let see, with the wall-clock seconds of its last contact."""
        return tuple(
            (each.kind, each.last_contact) for each in self.reflectors if not self._is_hidden(each)
        )

    @property
    def probe_trouble(self) -> str:
        """Why the API server did not answer the last probe; empty when it did."""
        return self._probe_trouble

    @property
    def required(self) -> frozenset[str]:
        """The kinds without which nothing can be made, verified or shown."""
        return frozenset(each.kind for each in self._makings)

    def _is_hidden(self, reflector: Reflector[Any]) -> bool:
        """Whether we are not let see a kind at all: a gap in the picture, and no old one."""
        is_dispensable = reflector not in self._makings
        return is_dispensable and bool(reflector.trouble) and not reflector.last_contact

    @property
    def unlisted(self) -> tuple[str, ...]:
        """The kinds without which nothing can be made and that were not listed yet."""
        return tuple(each.kind for each in self._makings if not each.synced.is_set())

    async def run(self) -> None:
        """Keep the picture until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for reflector in self.reflectors:
                tasks.create_task(reflector.run(), name=f"reflect {reflector.kind}")
            tasks.create_task(self.cloud.run(), name="reflect cloud resources")
            tasks.create_task(self._probe_for_ever(), name="probe the API server")

    async def _probe_for_ever(self) -> None:
        while True:
            asked = time.monotonic()
            try:
                await self.cluster.probe()
            except ClusterError as error:
                self._probe_trouble = error.message
            else:
                if self._probe_trouble:
                    # It is back: nobody sits out the rest of a long pause.
                    for reflector in self.reflectors:
                        reflector.retry_now()
                self._probe_trouble = ""
                self.probe_ms = (time.monotonic() - asked) * 1000
                self._trust_open_watches()
            await asyncio.sleep(PROBE_EVERY_S)

    def _trust_open_watches(self) -> None:
        """Count a good probe as contact: a quiet watch is not a stale one while it is open."""
        for reflector in self.reflectors:
            if reflector.is_watching:
                reflector.touch()
