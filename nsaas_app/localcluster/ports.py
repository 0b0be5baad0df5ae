"""Free ports on loopback: those of the last start when nobody else has them, else new ones."""

import contextlib
import json
import random
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

__all__ = ["Ports", "is_free"]

_FIRST: Final = 20000
_LAST: Final = 32000
"""Below the range from which outgoing connections get theirs: a component that is started again
would otherwise sometimes find its port taken by a client."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one control plane."""

    etcd: int
    etcd_peer: int
    apiserver: int

    @classmethod
    def choose(cls, record: Path, *, afresh: bool = False) -> Self:
        """Take the recorded ports if all are free and `afresh` is not asked; record the choice."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            ports = cls(**json.loads(record.read_text()))
            if not afresh and all(is_free(port) for port in asdict(ports).values()):
                return ports
        ports = cls(*_three_free_ports())
        record.write_text(json.dumps(asdict(ports)))
        return ports


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether a server could listen there now."""
    with socket.socket() as probe:
        # Servers set this too: connections that are still fading away do not block the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _three_free_ports() -> tuple[int, int, int]:
    candidates = random.sample(range(_FIRST, _LAST), 300)
    first, second, third, *_ = (port for port in candidates if is_free(port))
    return first, second, third
