"""A key means one request for ever: over a restart of the portal, for new ones and for changes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx

from nsaas_app.identity.dev import DEV_IDENTITIES
from nsaas_app.identity.roles import ALL_SCOPES
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.api.conftest import Layers
from tests.api.problems import problem_in
from tests.support.actors import actor
from tests.support.waiting import eventually

ADMIN = actor("admin")


@asynccontextmanager
async def started(settings: Settings, layers: Layers) -> AsyncIterator[httpx.AsyncClient]:
    """A portal of its own on the same home, ended with the block, and frontend-dev before it."""
    async with serving(settings) as portal:
        token = await portal.tokens.issue(
            DEV_IDENTITIES["frontend-dev"],
            name="test",
            lifetime=timedelta(hours=1),
            scopes=ALL_SCOPES,
        )
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(layers.app, raise_app_exceptions=False),
            base_url="http://localhost:8000/api/v1",
            headers={"Authorization": f"Bearer {token}"},
        ) as client:
            yield client
            await _quiet(portal)


async def _quiet(portal: Runtime) -> None:
    await eventually(lambda: portal.requests.in_flight(actor=ADMIN) == (), within_s=30)


async def test_a_key_outlives_the_portal(
    settings: Settings, database_url: str, layers: Layers, name: str
) -> None:
    on_this = settings.model_copy(update={"database_url": database_url})
    spec = {"name": name, "team": "frontend", "environment": "development"}
    body: dict[str, Any] = {"kind": "provision", "spec": spec}
    patch, space = {"tier": "medium"}, f"/namespaces/{name}"
    new, change = {"Idempotency-Key": "new"}, {"Idempotency-Key": "change"}

    async with started(on_this, layers) as client:
        first = await client.post("/requests", json=body, headers=new)
    async with started(on_this, layers) as client:
        again = await client.post("/requests", json=body, headers=new)
        changed = await client.patch(space, json=patch, headers=change)
    async with started(on_this, layers) as client:
        # By now the namespace is as asked: without its key this would change nothing.
        changed_again = await client.patch(space, json=patch, headers=change)
        plain = await client.patch(space, json=patch)
        other = await client.post(
            "/requests", json=body | {"spec": spec | {"tier": "micro"}}, headers=new
        )
        other_change = await client.patch(space, json={"tier": "small"}, headers=change)

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json()["request_id"] == first.json()["request_id"]
    assert again.json()["status"] == "completed"
    assert (changed.status_code, changed_again.status_code) == (202, 202)
    assert changed_again.json()["request_id"] == changed.json()["request_id"]
    assert plain.status_code == 200
    problem_in(other, 422, "IDEMPOTENCY_MISMATCH")
    problem_in(other_change, 422, "IDEMPOTENCY_MISMATCH")
