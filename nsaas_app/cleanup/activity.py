"""Activity between two sweeps: a pod that came and went in a minute was there all the same."""

from collections.abc import Callable
from datetime import datetime

from ..cluster.cache import Change
from ..cluster.mirror import Mirror
from ..cluster.objects import Object

__all__ = ["Activity"]


class Activity:
    """Remembers when a pod of each namespace was last heard of. One look-up per event."""

    def __init__(self, mirror: Mirror, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._pods: dict[str, datetime] = {}
        mirror.workloads.pods.listen(self._pod_changed)

    def pod_at(self, namespace: str) -> datetime | None:
        """When a pod was last heard of since the last call; None when none was."""
        return self._pods.pop(namespace, None)

    def _pod_changed(self, _change: Change, before: Object | None, item: Object) -> None:
        # The first list tells of pods that ended long ago: only what moves is alive.
        if before is not None:
            self._pods[item.metadata.namespace] = self._clock()
