"""The processes of the control plane: started, stopped in order, and hurt on purpose by tests."""

import asyncio
import signal
from typing import Final

from .binaries import Binaries
from .child import Child, Exit
from .components import Component, Profile, Start

__all__ = ["Supervisor"]

_STOP_ORDER: Final = tuple(reversed(Component))
"""Clients before servers, so that nobody logs the disappearance of what it depends on."""
_GRACE_SECONDS: Final = 10.0


class Supervisor:
    """Owns one process per component."""

    def __init__(self, start: Start, binaries: Binaries) -> None:
        self._start = start
        self._binaries = binaries
        self._children: dict[Component, Child] = {}
        self._watchers: set[asyncio.Task[None]] = set()
        self._exits: asyncio.Queue[Exit] = asyncio.Queue()

    async def start(self, component: Component) -> None:
        """Start one component; it is not ready yet when this returns."""
        layout = self._start.layout
        child = await Child.start(
            component,
            [str(self._binaries.path(component)), *self._start.arguments(component)],
            log=layout.log(component),
            record=layout.record(component),
        )
        self._children[component] = child
        watcher = asyncio.create_task(self._watch(component, child))
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watchers.discard)

    async def stop(self) -> None:
        """Stop everything that runs, in order, each within its deadline."""
        grace = _GRACE_SECONDS if self._start.profile is Profile.DURABLE else 0.0
        for component in _STOP_ORDER:
            if (child := self._children.pop(component, None)) is not None:
                await child.stop(grace=grace)

    def pid(self, component: Component) -> int:
        """Return the process id of a running component."""
        return self._children[component].pid

    async def kill(self, component: Component) -> None:
        """End a component without warning and wait until it is gone."""
        await self._children.pop(component).stop(grace=0)

    def pause(self, component: Component) -> None:
        """Freeze a component: connections stay open and nothing answers."""
        self._children[component].signal(signal.SIGSTOP)

    def resume(self, component: Component) -> None:
        """Let a frozen component go on."""
        self._children[component].signal(signal.SIGCONT)

    async def next_exit(self) -> Exit:
        """Wait until a component ends that nobody ended through `kill` or `stop`."""
        return await self._exits.get()

    def failed(self) -> Exit | None:
        """Return such an end if there was one."""
        return None if self._exits.empty() else self._exits.get_nowait()

    async def _watch(self, component: Component, child: Child) -> None:
        ended = await child.wait()
        if self._children.get(component) is child:
            self._exits.put_nowait(ended)
