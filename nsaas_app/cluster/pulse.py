"""Signs of life that are not worth a watch: events, Leases, and what pods use.

Leases are renewed every few seconds and use is measured as often: a watch of them would be the
loudest of all, and nobody needs to know it to the second. They are listed now and then instead, in
one loop for all namespaces; whoever asks is answered from memory.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, Generic, TypeVar

import msgspec
import structlog

from ..domain.observation import Use
from ..domain.quantities import QuantityError, parse_quantity
from .calls import Query
from .client import Cluster
from .faults import ClusterError
from .objects import Object
from .workload_objects import WarningEvent

__all__ = ["EVENTS", "EVERY_S", "LEASES", "Pulse"]

log = structlog.get_logger()

EVENTS: Final = "events"
LEASES: Final = "Leases"
EVERY_S: Final = 120.0
"""Seconds between two looks."""
VALID_FOR: Final = timedelta(minutes=10)
"""Older figures of use say nothing of now."""
KEPT_FOR: Final = timedelta(days=2)
PAGE: Final = "500"
_METRICS: Final = "/apis/metrics.k8s.io"
Item = TypeVar("Item", bound=Object)
_OWN_LEASES: Final = "metadata.namespace!=kube-node-lease,metadata.namespace!=kube-system"


class _ListMeta(msgspec.Struct, rename={"next": "continue"}, frozen=True):
    next: str = ""


class _LeaseSpec(msgspec.Struct, rename="camel", frozen=True):
    renew_time: str | None = None


class _Lease(Object, rename="camel", frozen=True):
    spec: _LeaseSpec = _LeaseSpec()


class _Usage(msgspec.Struct, frozen=True):
    cpu: str = "0"
    memory: str = "0"


class _Container(msgspec.Struct, frozen=True):
    usage: _Usage = _Usage()


class _PodMetrics(Object, rename="camel", frozen=True):
    timestamp: str = ""
    containers: list[_Container] = []


class _Page(msgspec.Struct, Generic[Item]):
    items: list[Item]
    metadata: _ListMeta = _ListMeta()


_EVENTS: Final = msgspec.json.Decoder(_Page[WarningEvent])
_LEASES: Final = msgspec.json.Decoder(_Page[_Lease])
_MEASURED: Final = msgspec.json.Decoder(_Page[_PodMetrics])


class _Version(msgspec.Struct):
    version: str = ""


class _Group(msgspec.Struct):
    versions: list[_Version] = []


class Pulse:
    """Remembers the newest sign of life of each namespace, and how much its pods use."""

    def __init__(
        self, cluster: Cluster, *, clock: Callable[[], datetime], has_usage: bool = True
    ) -> None:
        self._cluster = cluster
        self._clock = clock
        self._has_usage = has_usage
        self._signs: dict[str, datetime] = {}
        self._used: dict[str, tuple[float, float]] = {}
        """Cores and bytes by namespace."""
        self._measured_at: datetime | None = None
        self.trouble = dict.fromkeys((EVENTS, LEASES), "not asked yet")
        """Why events and Leases are not known; empty where they are."""
        self.looked = asyncio.Event()
        """Set after the first look, however it went."""
        self.usage_trouble = "Nobody measures use: metrics.k8s.io was not asked yet."
        """Why nothing is known of use; empty where it is."""

    def sign_at(self, namespace: str) -> datetime | None:
        """When an event happened or a Lease was renewed last; None where none is known."""
        return self._signs.get(namespace)

    def use_of(self, namespace: str, *, requested: float) -> Use | None:
        """How much the pods use; None where that is not measured now.

        Args:
            namespace: whose pods.
            requested: what they request of CPU, in cores.
        """
        at = self._measured_at
        if at is None or namespace not in self._used or self._clock() - at > VALID_FOR:
            return None
        cores, memory = self._used[namespace]
        return Use(cores, requested, at, memory)

    async def run(self) -> None:
        """Look again and again until cancelled. What fails is tried at the next look."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        """Look once at everything."""
        try:
            await self._look()
        finally:
            self.looked.set()

    async def _look(self) -> None:
        now = self._clock()
        # Whoever asks keeps what it was told; namespaces come and go.
        self._signs = {name: at for name, at in self._signs.items() if now - at < KEPT_FOR}
        for name, look in ((EVENTS, self._events), (LEASES, self._leases)):
            try:
                await look()
            except (ClusterError, msgspec.MsgspecError, ValueError) as error:
                self.trouble[name] = str(error) or type(error).__name__
                log.info("signs of life not read", of=name, error=self.trouble[name])
            else:
                self.trouble[name] = ""
        try:
            await self._usage()
        except (ClusterError, msgspec.MsgspecError, QuantityError) as error:
            self.usage_trouble = f"metrics.k8s.io: {error}"

    async def _events(self) -> None:
        # Warnings are watched as it is.
        query = [("fieldSelector", "type!=Warning")]
        async for page in self._pages("/api/v1/events", query, _EVENTS):
            self._note((one.metadata.namespace, one.seen_at) for one in page)

    async def _leases(self) -> None:
        path = "/apis/coordination.k8s.io/v1/leases"
        async for page in self._pages(path, [("fieldSelector", _OWN_LEASES)], _LEASES):
            self._note((one.metadata.namespace, one.spec.renew_time or "") for one in page)

    async def _usage(self) -> None:
        if not self._has_usage:
            self.usage_trouble = "Nobody measures use: the setting usage_source is off."
            return
        group = await self._measuring()
        if group is None or not group.versions:
            self.usage_trouble = "Nobody measures use: the cluster does not serve metrics.k8s.io."
            return
        cores: dict[str, float] = defaultdict(float)
        memory: dict[str, float] = defaultdict(float)
        path = f"{_METRICS}/{group.versions[0].version}/pods"
        async for page in self._pages(path, [], _MEASURED):
            for pod in page:
                for one in pod.containers:
                    cores[pod.metadata.namespace] += float(parse_quantity(one.usage.cpu))
                    memory[pod.metadata.namespace] += float(parse_quantity(one.usage.memory))
        self._used = {name: (used, memory[name]) for name, used in cores.items()}
        self._measured_at, self.usage_trouble = self._clock(), ""

    async def _measuring(self) -> _Group | None:
        """The API group of use, if there is one."""
        try:
            body = await self._cluster.list_page(_METRICS, ())
        except ClusterError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        return msgspec.json.decode(body, type=_Group)

    async def _pages(
        self, path: str, query: Query, decoder: "msgspec.json.Decoder[_Page[Item]]"
    ) -> AsyncIterator[list[Item]]:
        token = ""
        while True:
            asked = [*query, ("limit", PAGE), *([("continue", token)] if token else [])]
            page = decoder.decode(await self._cluster.list_page(path, asked))
            yield page.items
            token = page.metadata.next
            if not token:
                return

    def _note(self, signs: Iterable[tuple[str, str]]) -> None:
        now = self._clock()
        for namespace, text in signs:
            if not text:
                continue
            # A clock that is ahead must not make a namespace look used until it is caught up with.
            at = min(datetime.fromisoformat(text), now)
            self._signs[namespace] = max(at, self._signs.get(namespace, at))
