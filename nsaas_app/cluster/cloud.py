"""The part of the mirror that shows what namespaces hold at cloud providers.

Which kinds there are depends on the operators that a cluster has: they are asked for now and then,
and each that exists gets a reflector. Nothing waits for these.
"""

import asyncio
from typing import Final

import msgspec
import structlog

from ..domain.cloud import is_cloud_kind, stays_at_provider
from .client import Cluster
from .discovery import ServedKind, served_kinds
from .faults import ClusterError
from .objects import Object
from .reflector import Reflector

__all__ = ["ANY_KIND", "CloudObject", "CloudResources"]

log = structlog.get_logger()

LOOK_EVERY_S: Final = 60.0
"""How soon a kind is noticed that was installed meanwhile."""
ANY_KIND: Final = "any kind"
"""Stands among the kinds not seen while it is not known which there are."""
MOST_KINDS: Final = 150
"""Of more, the rest is named as not seen."""


class _Spec(msgspec.Struct, rename="camel", frozen=True):
    deletion_policy: str = ""


class CloudObject(Object, rename="camel", frozen=True):
    """An object that stands for something at a cloud provider."""

    spec: _Spec = _Spec()

    @property
    def stays(self) -> bool:
        """Whether what it stands for outlives it."""
        return stays_at_provider(self.annotations, deletion_policy=self.spec.deletion_policy)


class CloudResources:
    """One reflector for each kind that stands for something at a cloud provider."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._reflectors: dict[str, Reflector[CloudObject]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._left_out: tuple[str, ...] = ()
        self._missed: frozenset[str] = frozenset()
        """Kinds that the latest look did not find: one more look, and they are gone."""
        self._trouble = "not looked yet"

    @property
    def reflectors(self) -> tuple[Reflector[CloudObject], ...]:
        """Those of the kinds that exist now."""
        return tuple(self._reflectors.values())

    def in_namespace(self, name: str) -> list[tuple[str, CloudObject]]:
        """What a namespace holds, with its kind, in order."""
        found = [
            (each.kind, item)
            for each in self._reflectors.values()
            for item in each.cache.in_namespace(name)
        ]
        return sorted(found, key=lambda one: (one[0], one[1].metadata.name))

    @property
    def unseen(self) -> tuple[str, ...]:
        """Kinds of which nothing certain is known: not to be read, not listed yet, or in doubt."""
        unlisted = [
            kind
            for kind, each in self._reflectors.items()
            if each.trouble or not each.synced.is_set()
        ]
        unknown = [ANY_KIND] if self._trouble else []
        return tuple(sorted({*unlisted, *self._missed, *self._left_out, *unknown}))

    @property
    def trouble(self) -> str:
        """Why it is not known which kinds there are; empty where it is."""
        return self._trouble

    async def run(self) -> None:
        """Keep the picture until cancelled."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            for kind in tuple(self._tasks):
                await self._end(kind)

    async def look(self) -> None:
        """Look now which kinds there are."""
        try:
            served = await served_kinds(self._cluster)
        except (ClusterError, msgspec.MsgspecError) as error:
            self._trouble = str(error) or type(error).__name__
            log.info("kinds of cloud resources not known", error=self._trouble)
            return
        self._trouble = ""
        wanted = {
            one.resource.kind: one
            for one in sorted(served, key=lambda one: one.resource.kind)
            if one.can_watch
            and one.resource.is_namespaced
            and is_cloud_kind(one.group, one.categories)
        }
        self._left_out = tuple(wanted)[MOST_KINDS:]
        for kind in self._left_out:
            del wanted[kind]
        missed = frozenset(self._reflectors.keys() - wanted.keys())
        # A look may fall into the middle of a change: what is absent once is not gone.
        for kind in missed & self._missed:
            await self._end(kind)
        self._missed = missed - self._missed
        for kind, one in wanted.items():
            if kind not in self._reflectors:
                self._begin(kind, one)

    def _begin(self, kind: str, one: ServedKind) -> None:
        reflector = Reflector(self._cluster, one.resource, CloudObject)
        self._reflectors[kind] = reflector
        self._tasks[kind] = asyncio.create_task(reflector.run(), name=f"reflect {kind}")

    async def _end(self, kind: str) -> None:
        """Forget a kind that is gone."""
        self._reflectors.pop(kind, None)
        task = self._tasks.pop(kind)
        task.cancel()
        await asyncio.wait([task])
