"""Which namespaces were ever the portal's: seen from outside, by an administrator who watches."""

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nsaas_app.domain import keys
from tests.support.auditlog import writes_outside
from tests.support.waiting import eventually_sync

__all__ = ["ManagedNamespaces", "watching_managed"]

CAUGHT_UP_WITHIN_S: Final = 30.0
AGAIN_AFTER_S: Final = 0.2


class ManagedNamespaces:
    """Names of the namespaces that carried the portal's label at any time since the beginning."""

    def __init__(self, kubectl: list[str]) -> None:
        self._command = [
            *kubectl, "get", "namespaces", "--selector", keys.MANAGED_SELECTOR, "--watch",
            "--output", "name",
        ]  # fmt: skip
        self._names: set[str] = set()
        self._over = threading.Event()
        self.caught_up_within_s = CAUGHT_UP_WITHIN_S
        self._child: subprocess.Popen[str] | None = None

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._names)

    def watch(self) -> None:
        """Watch until `stop`; a watch that the server ends begins anew."""
        while not self._over.is_set():
            with subprocess.Popen(
                self._command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            ) as child:
                self._child = child
                if self._over.is_set():  # `stop` came before there was anything to end
                    child.terminate()
                for line in child.stdout or ():
                    self._names.add(line.strip().removeprefix("namespace/"))
            self._over.wait(AGAIN_AFTER_S)

    def stop(self) -> None:
        self._over.set()
        if self._child is not None:
            self._child.terminate()

    def ensure_nothing_was_written_outside(self, log: Path) -> None:
        """Fail with every lasting write of the portal's account outside these namespaces."""
        # The watch is told of a namespace a moment after the audit log is.
        with contextlib.suppress(AssertionError):
            eventually_sync(
                lambda: not writes_outside(log, self.names), within_s=self.caught_up_within_s
            )
        outside = writes_outside(log, self.names)
        assert not outside, "the portal wrote elsewhere:\n" + "\n".join(outside)


@contextlib.contextmanager
def watching_managed(kubectl: list[str]) -> Iterator[ManagedNamespaces]:
    """Watch for a block."""
    managed = ManagedNamespaces(kubectl)
    thread = threading.Thread(target=managed.watch, name="managed-namespaces")
    thread.start()
    try:
        yield managed
    finally:
        managed.stop()
        thread.join()
