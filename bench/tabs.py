"""Many open pages in a process of their own: what each one was sent, and when it first saw what.

Run as `python -m bench.tabs ORDERS`, a JSON file with the portal's address and the pages to open.
It writes `open` when all of them show their first data, and at the end of its standard input what
they have seen. A page that was cut off connects anew, as often as a browser's does.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiohttp
from socketio.exceptions import SocketIOError

from nsaas_app.ui.namespace.state import NamespacePage
from nsaas_app.ui.namespaces.state import NamespacesState
from nsaas_app.ui.overview.state import OverviewState
from tests.ui.tabs import Pages, Tab

__all__: list[str] = []

OPEN_WITHIN_S: Final = 120.0
RETRY_S: Final = 0.2
MOST_WAITS: Final = 10
"""The framework's page waits this much longer after each attempt that failed, up to 2 s."""
_STATES: Final = (NamespacesState, NamespacePage, OverviewState)


@dataclass
class WatchedTab(Tab):
    """A tab that remembers when it first saw each number of pods."""

    seen: dict[str, dict[str, float]] = field(default_factory=dict)
    """Namespace → pods → wall-clock seconds."""
    messages: list[tuple[float, int]] = field(default_factory=list)
    """When an update came, and how many bytes it had."""

    async def _take(self, data: Any) -> None:
        now = time.time()
        if data.get("delta"):
            self.messages.append((now, len(json.dumps(data, separators=(",", ":")))))
        await super()._take(data)
        for name, pods in self._shown(data):
            self.seen.setdefault(name, {}).setdefault(pods, now)

    def _shown(self, data: dict[str, Any]) -> list[tuple[str, str]]:
        delta = data.get("delta") or {}
        listed = delta.get(NamespacesState.get_full_name(), {})
        rows = [row for row in listed.values() if isinstance(row, dict) and "pods_raw" in row]
        quotas = delta.get(NamespacePage.get_full_name(), {}).get("quotas_rx_state_", [])
        name = self.path.rpartition("/")[2]
        return [(row["name"], row["pods_raw"]) for row in rows] + [
            (name, quota["used_raw"]) for quota in quotas if quota["resource"] == "pods"
        ]

    async def stay(self, origin: str) -> None:
        """Connect anew whenever the connection is gone, until cancelled."""
        failed = 0
        while True:
            if not self.is_cut:
                failed = 0
                await asyncio.sleep(0.02)
                continue
            await self.close()
            try:
                await self.open(self.path, origin=origin)
            except (OSError, aiohttp.ClientError, SocketIOError, TimeoutError):
                failed = min(failed + 1, MOST_WAITS)
                await asyncio.sleep(RETRY_S * failed)

    @property
    def is_loaded(self) -> bool:
        """Whether the page shows its first data."""
        return any(self.of(state).get("is_loaded") for state in _STATES)


async def _watch(orders: dict[str, Any]) -> list[dict[str, Any]]:
    loop, tabs = asyncio.get_running_loop(), []
    for number, path in enumerate(orders["paths"]):
        cookie = orders["cookies"][number % len(orders["cookies"])]
        tab = WatchedTab(Pages(orders["url"], loop), cookie)
        await tab.open(path, origin=orders["origin"])
        tabs.append(tab)
    end = time.monotonic() + OPEN_WITHIN_S
    while not all(tab.is_loaded for tab in tabs):
        assert time.monotonic() < end, [tab.vars for tab in tabs if not tab.is_loaded][:1]
        await asyncio.sleep(0.1)
    staying = [loop.create_task(tab.stay(orders["origin"])) for tab in tabs]
    print("open", flush=True)  # the word for the process that waits
    await asyncio.to_thread(sys.stdin.read)
    for task in staying:
        task.cancel()
    await asyncio.gather(*staying, return_exceptions=True)
    await asyncio.gather(*(tab.close() for tab in tabs))
    return [{"path": tab.path, "seen": tab.seen, "messages": tab.messages} for tab in tabs]


def main() -> None:
    """Open the pages, wait for the end, tell what they saw."""
    orders = json.loads(Path(sys.argv[1]).read_text())
    seen = asyncio.run(_watch(orders))
    Path(orders["result"]).write_text(json.dumps(seen))


if __name__ == "__main__":
    main()
