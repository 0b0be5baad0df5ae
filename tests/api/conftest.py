"""The API behind all its layers, in this process, and callers who are signed in or not."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from nsaas_app.api.app import asgi_transformers
from nsaas_app.identity.dev import DEV_IDENTITIES
from nsaas_app.identity.roles import ALL_SCOPES
from nsaas_app.runtime import Runtime
from tests.support.controlplane import ControlPlane
from tests.support.served import ServedPortal, served_portal

PAGE = "a page"

Caller = Callable[..., Awaitable[httpx.AsyncClient]]


@dataclass(frozen=True)
class Layers:
    """The API application, and everything around it."""

    api: FastAPI
    app: ASGIApp


@pytest.fixture(scope="session")
def layers() -> Layers:
    """The layers of all tests: as in a served portal they keep nothing of the calls they pass."""
    return put_together()


def put_together() -> Layers:
    """Put the layers together as Reflex does, around a page application that always answers."""
    api, *around = asgi_transformers()
    api.mount("", PlainTextResponse(PAGE))
    app: ASGIApp = api
    for layer in around:
        app = layer(app)
    return Layers(api, app)


@pytest.fixture
async def anonymous(portal: Runtime, layers: Layers) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without any credential."""
    transport = httpx.ASGITransport(layers.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


@pytest.fixture
async def calling(portal: Runtime, layers: Layers) -> AsyncIterator[Caller]:
    """Make a caller with an API token: `await calling("frontend-dev")`."""
    async with AsyncExitStack() as stack:

        async def caller(
            identity: str, *, scopes: frozenset[str] = ALL_SCOPES
        ) -> httpx.AsyncClient:
            token = await portal.tokens.issue(
                DEV_IDENTITIES[identity], name="test", lifetime=timedelta(hours=1), scopes=scopes
            )
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(layers.app, raise_app_exceptions=False),
                base_url="http://localhost:8000/api/v1",
                headers={"Authorization": f"Bearer {token}"},
            )
            return await stack.enter_async_context(client)

        yield caller


@pytest.fixture
async def signed_in(portal: Runtime, anonymous: httpx.AsyncClient) -> httpx.AsyncClient:
    """A browser of frontend-dev: it has the session cookie and nothing else."""
    session = await portal.sign_in.begin(DEV_IDENTITIES["frontend-dev"], source="test")
    anonymous.headers["Cookie"] = f"{portal.sign_in.cookie_name}={session}"
    return anonymous


@pytest.fixture(scope="session")
def served(
    tmp_path_factory: pytest.TempPathFactory, controlplane: ControlPlane
) -> Iterator[ServedPortal]:
    """A portal on a socket, shared by the tests that need one."""
    home = tmp_path_factory.mktemp("served")
    with served_portal(home, controlplane, log_level="DEBUG") as portal:
        yield portal
    portal.ensure_log_is_clean()


@pytest.fixture(scope="session")
def patient(
    tmp_path_factory: pytest.TempPathFactory, controlplane: ControlPlane
) -> Iterator[ServedPortal]:
    """A portal that does not mind how often it is asked, nor how fast; nobody gets going there."""
    home = tmp_path_factory.mktemp("patient")
    fast = dict.fromkeys(("rate_burst", "live_burst", "live_per_second"), "1000000")
    with served_portal(home, controlplane, **fast) as portal:
        yield portal
