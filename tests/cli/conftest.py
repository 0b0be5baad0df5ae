"""Commands in a process of their own, over REST, as somebody with a token."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp

from nsaas_app.api.app import asgi_transformers
from nsaas_app.identity.dev import DEV_IDENTITIES
from nsaas_app.identity.roles import ALL_SCOPES
from nsaas_app.runtime import Runtime
from tests.support.waiting import eventually

__all__ = ["DONE", "FAILED", "REFUSED", "Command", "Said"]

DONE, FAILED, REFUSED = 0, 1, 2


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Awaitable[Said]]


@pytest.fixture
async def address(portal: Runtime) -> AsyncIterator[str]:
    """The portal's REST on a socket."""
    api, *around = asgi_transformers()
    app: ASGIApp = api
    for layer in around:
        app = layer(app)
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started, what="the socket opens")
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


@pytest.fixture
async def nsaas(portal: Runtime, address: str, tmp_path: Path) -> Command:
    """Run a command as frontend-dev, or as somebody else."""

    async def run(*words: str, who: str = "frontend-dev") -> Said:
        token = await portal.tokens.issue(
            DEV_IDENTITIES[who], name="test", lifetime=timedelta(hours=1), scopes=ALL_SCOPES
        )
        told = {"NSAAS_URL": address, "NSAAS_TOKEN": token, "XDG_CONFIG_HOME": str(tmp_path)}
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "nsaas_app", *words,
            env=os.environ | told | {"COLUMNS": "200"},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await child.communicate()
        return Said(child.returncode or 0, out.decode(), err.decode())

    return run
