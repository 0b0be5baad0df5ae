"""The cache: what reflectors saw last, by key and namespace, with listeners for each change."""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Generic, TypeVar

import structlog

from .objects import Object

__all__ = ["Cache", "Change", "Listener"]

log = structlog.get_logger()

T = TypeVar("T", bound=Object)
Key = tuple[str, str]


class Change(Enum):
    """What happened to an object."""

    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"


Listener = Callable[[Change, T | None, T], None]
"""Called with the change, the object before (None when added) and the latest one."""


class Cache(Generic[T]):
    """All objects of one kind of one cluster. Reads are plain dictionary look-ups."""

    def __init__(self) -> None:
        self._objects: dict[Key, T] = {}
        self._by_namespace: dict[str, dict[str, T]] = {}
        self._listeners: list[Listener[T]] = []

    def __len__(self) -> int:
        return len(self._objects)

    def __iter__(self) -> Iterator[T]:
        return iter(self._objects.values())

    def get(self, name: str, namespace: str = "") -> T | None:
        """One object, None where there is none."""
        return self._objects.get((namespace, name))

    def in_namespace(self, namespace: str) -> tuple[T, ...]:
        """Every object of a namespace."""
        return tuple(self._by_namespace.get(namespace, {}).values())

    def keys(self) -> set[Key]:
        """Namespace and name of everything held."""
        return set(self._objects)

    def listen(self, listener: Listener[T]) -> None:
        """Call this for every change from now on; listeners must be quick."""
        self._listeners.append(listener)

    def put(self, item: T) -> None:
        """Take in an object that was listed, added or modified."""
        before = self._objects.get(item.key)
        if before is not None and before.metadata.uid != item.metadata.uid:
            # Recreated behind our back: tell both halves, nobody may mistake it for an edit.
            self.drop(before.key)
            before = None
        if before is not None and (
            before.metadata.resource_version == item.metadata.resource_version
        ):
            return
        self._objects[item.key] = item
        self._by_namespace.setdefault(item.metadata.namespace, {})[item.metadata.name] = item
        self._tell(Change.ADDED if before is None else Change.MODIFIED, before, item)

    def drop(self, key: Key) -> None:
        """Forget an object that was deleted."""
        gone = self._objects.pop(key, None)
        if gone is None:
            return
        peers = self._by_namespace[gone.metadata.namespace]
        del peers[gone.metadata.name]
        if not peers:
            del self._by_namespace[gone.metadata.namespace]
        self._tell(Change.DELETED, gone, gone)

    def _tell(self, change: Change, before: T | None, item: T) -> None:
        for listener in self._listeners:
            try:
                listener(change, before, item)
            except Exception:
                # The picture must go on: one listener that stumbles over one object would stop
                # the watch of its kind for everybody.
                log.exception("listener failed", change=change.value, key=item.key)
