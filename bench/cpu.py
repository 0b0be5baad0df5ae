"""CPU seconds of processes, as the kernel counts them: what stays the same on a busy machine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nsaas_app.localcluster import Component
from tests.support.controlplane import ControlPlane

__all__ = ["CpuMeter", "cpu_meter"]

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_CONTROL_PLANE: Final = "control plane"
_BENCH: Final = "bench"


@dataclass(frozen=True, slots=True)
class CpuMeter:
    """Adds up what the processes of each part have used."""

    parts: Mapping[str, tuple[int, ...]]
    """Process ids of each part, by its name."""

    def read(self) -> dict[str, float]:
        """Seconds that each part has used until now."""
        return {part: sum(map(_used_s, pids)) for part, pids in self.parts.items()}

    def each_ms(self, since: Mapping[str, float], count: int) -> dict[str, float]:
        """Milliseconds for each of so many, by part, since an earlier reading."""
        now = self.read()
        return {part: round((now[part] - since[part]) * 1000 / count, 1) for part in now}


def cpu_meter(controlplane: ControlPlane, *, portal: int | None = None) -> CpuMeter:
    """A meter of the control plane, of whoever calls, and perhaps of a portal's process."""
    components = (Component.ETCD, Component.APISERVER, Component.CONTROLLER_MANAGER)
    parts = {
        _CONTROL_PLANE: tuple(controlplane.cluster.pid(one) for one in components),
        _BENCH: (os.getpid(),),
    }
    return CpuMeter(parts if portal is None else {"portal": (portal,), **parts})


def _used_s(pid: int) -> float:
    # The name of the program may hold anything, so fields are counted behind its bracket.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
