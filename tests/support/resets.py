"""A process of its own that calls an API server which resets what is begun: `-m … LOOP DIRECTORY`.

What goes wrong here closes descriptors of others, and would close pytest's. It ends with an
assertion's words, or with nothing at all when every connection that is not the server's lives.
"""

import asyncio
import gc
import json
import logging
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Final

import structlog
import uvloop

from nsaas_app.cluster.connection import ClusterAddress, connect
from nsaas_app.cluster.faults import ClusterError
from tests.support.waiting import eventually

CALLERS: Final = 17
CALLS_OF_EACH: Final = 60
OTHERS: Final = 20


def _resetting() -> int:
    """Reset every connection as soon as it is there; give the port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)

    def reset_each() -> None:
        while True:
            taken, _ = listener.accept()
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            taken.close()

    Thread(target=reset_each, daemon=True).start()
    port: int = listener.getsockname()[1]
    return port


def _kubeconfig(directory: Path, port: int) -> Path:
    cluster = {"server": f"https://127.0.0.1:{port}"}
    document = {
        "clusters": [{"name": "it", "cluster": cluster}],
        "users": [{"name": "us", "user": {"token": "t"}}],
        "contexts": [{"name": "here", "context": {"cluster": "it", "user": "us"}}],
        "current-context": "here",
    }
    path = directory / "config"
    path.write_text(json.dumps(document))
    return path


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while word := await reader.readline():
        writer.write(word)
    writer.close()


def _open_descriptors() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


async def _main(directory: Path) -> None:
    cluster = await connect(ClusterAddress(kubeconfig=_kubeconfig(directory, _resetting())))
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    others = [await asyncio.open_connection("127.0.0.1", port) for _ in range(OTHERS)]
    before = _open_descriptors()

    async def call_often() -> None:
        for _ in range(CALLS_OF_EACH):
            with suppress(ClusterError):
                await cluster.probe()
                raise AssertionError("the server resets every connection")

    await asyncio.gather(*(call_often() for _ in range(CALLERS)))

    await eventually(lambda: _open_descriptors() <= before, what="no descriptor is left open")
    server.close()
    async with asyncio.timeout(5):
        for reader, writer in others:
            writer.write(b"still there\n")
            assert await reader.readline() == b"still there\n"
            writer.close()
        await server.wait_closed()
    await cluster.close()


if __name__ == "__main__":
    loop, directory = sys.argv[1:]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    {"uvloop": uvloop.run, "asyncio": asyncio.run}[loop](_main(Path(directory)))
