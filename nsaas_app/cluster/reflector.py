"""List, then watch, for ever: one loop per kind keeps one cache equal to the cluster."""

import asyncio
import random
import time
from typing import Any, Final, Generic, TypeVar

import aiohttp
import msgspec
import structlog

from .. import metrics
from .cache import Cache
from .calls import Query, abandon
from .client import Cluster
from .faults import ClusterError
from .objects import Object
from .paths import Resource
from .sharing import Sharing

__all__ = ["Reflector"]

log = structlog.get_logger()

T = TypeVar("T", bound=Object)

PAGE: Final = "500"
"""Larger pages block the event loop for tens of milliseconds while they decode."""
MAX_PAUSE_S: Final = 30.0
HEALTHY_S: Final = 10.0
"""A watch that lived this long was no failed attempt."""
SILENCE_S: Final = 100.0
"""A stream silent for so long is dead: the API server sends a bookmark about every minute."""


class _ListMeta(msgspec.Struct, rename={"resource_version": "resourceVersion", "next": "continue"}):
    resource_version: str = ""
    next: str = ""


class _WatchEvent(msgspec.Struct):
    type: str
    object: msgspec.Raw


class _GoneError(Exception):
    """The resourceVersion is too old: list again."""


class Reflector(Generic[T]):
    """Keeps `cache` up to date. Never gives up; cancelling `run` ends it cleanly."""

    def __init__(
        self,
        cluster: Cluster,
        resource: Resource,
        model: type[T],
        *,
        selector: Query = (),
        silence_s: float = SILENCE_S,
    ) -> None:
        self._cluster = cluster
        self._selector = list(selector)
        self._silence_s = silence_s
        self._path = resource.collection()
        self.kind = resource.kind
        self.cache: Cache[T] = Cache()
        self.synced = asyncio.Event()
        self.is_watching = False
        self.last_contact = 0.0
        """Wall-clock time of the last list, event, bookmark or good probe; 0 before the first."""
        self.trouble = ""
        """Why the watch is down, in the cluster's words; empty while it is up."""
        self._version = ""
        self._retry_now = asyncio.Event()
        page = msgspec.defstruct(
            "Page",
            [("metadata", _ListMeta), ("items", list[model])],  # type: ignore[valid-type]
        )
        self._page: msgspec.json.Decoder[Any] = msgspec.json.Decoder(page)
        self._one = msgspec.json.Decoder(model)
        self._event = msgspec.json.Decoder(_WatchEvent)
        self._share = Sharing(model).share

    def retry_now(self) -> None:
        """End the pause before the next attempt: somebody saw the API server answer."""
        self._retry_now.set()

    async def run(self) -> None:
        """List and watch until cancelled."""
        pause = 0.0
        while True:
            started = time.monotonic()
            # Before the attempt and not after it: who saw the server answer while we still waited
            # for it must not be forgotten.
            self._retry_now.clear()
            try:
                if not self._version:
                    await self._list()
                await self._watch()
            except _GoneError:
                self._version = ""
            except aiohttp.SocketTimeoutError:
                # Also without changes a busy API server may miss a bookmark: whether it is there
                # at all, the next attempt tells.
                log.info("watch silent, opened anew", kind=self.kind)
            except (ClusterError, aiohttp.ClientError, OSError, msgspec.MsgspecError) as error:
                self._note_trouble(error)
            # Every quick end waits, whatever its cause: an API server in trouble must not be
            # hammered by clients that see their streams end at once.
            lived = time.monotonic() - started
            pause = 0.0 if lived > HEALTHY_S else min(MAX_PAUSE_S, pause * 2 or 0.5)
            await self._rest(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter, no secret

    def _note_trouble(self, error: Exception) -> None:
        before, self.trouble = self.trouble, str(error) or type(error).__name__
        if isinstance(error, ClusterError) and error.code == "WATCH_GONE":
            self._version = ""
        # What may not be read is tried twice a minute for ever; it is told once.
        if self.trouble != before:
            log.warning("watch lost", kind=self.kind, error=self.trouble)

    async def _rest(self, pause_s: float) -> None:
        try:
            async with asyncio.timeout(pause_s):
                await self._retry_now.wait()
        except TimeoutError:
            pass

    def touch(self) -> None:
        """Note that what the cache holds was right just now."""
        self.last_contact = time.time()
        metrics.REFLECTOR_LAST_CONTACT.labels(self.kind).set(self.last_contact)

    async def _list(self) -> None:
        found: dict[tuple[str, str], T] = {}
        token = ""
        while True:
            query = [*self._selector, ("limit", PAGE)]
            query += [("continue", token)] if token else []
            page = self._page.decode(await self._cluster.list_page(self._path, query))
            for item in page.items:
                self._share(item)
                found[item.key] = item
            token = page.metadata.next
            if not token:
                break
        for key in self.cache.keys() - found.keys():
            self.cache.drop(key)
        for item in found.values():
            self.cache.put(item)
        self._version = page.metadata.resource_version
        self.touch()
        metrics.REFLECTOR_RELISTS.labels(self.kind).inc()
        metrics.CACHE_OBJECTS.labels(self.kind).set(len(self.cache))
        self.synced.set()

    async def _watch(self) -> None:
        query = [
            *self._selector,
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("resourceVersion", self._version),
            ("timeoutSeconds", str(random.randint(240, 360))),  # noqa: S311 - jitter, no secret
        ]
        response = await self._cluster.open_watch(self._path, query, read_limit_s=self._silence_s)
        self.is_watching, self.trouble = True, ""
        self.touch()
        try:
            rest = b""
            while chunk := await response.content.readany():
                self.touch()
                *lines, rest = (rest + chunk).split(b"\n")
                for line in filter(None, lines):
                    self._take(self._event.decode(line))
                metrics.CACHE_OBJECTS.labels(self.kind).set(len(self.cache))
        finally:
            self.is_watching = False
            abandon(response)

    def _take(self, event: _WatchEvent) -> None:
        if event.type == "ERROR":
            status = msgspec.json.decode(event.object)
            if status.get("code") == 410:  # noqa: PLR2004 - HTTP's own number
                raise _GoneError
            raise OSError(str(status.get("message")))
        item = self._one.decode(event.object)
        self._version = item.metadata.resource_version
        if event.type == "DELETED":
            self.cache.drop(item.key)
        elif event.type != "BOOKMARK":
            self._share(item)
            self.cache.put(item)
