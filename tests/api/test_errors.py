"""Paths, methods and bodies that nothing takes: each a problem, never a page."""

import shutil
from collections.abc import AsyncIterator

import httpx
import pytest

from nsaas_app.api.access import needs
from nsaas_app.identity.permissions import Permission
from nsaas_app.runtime import Runtime
from tests.api.conftest import Caller, Layers
from tests.api.problems import problem_in


async def test_what_is_not_there_is_not_found(calling: Caller) -> None:
    for who in ["frontend-viewer", "admin"]:
        caller = await calling(who)
        for path in [
            "/nothing", "/requests/x/y/z", "/../v2/me", "/namespaces/no-such-namespace",
            "/teams/nobody",
        ]:  # fmt: skip
            problem_in(await caller.get(path), 404, "NOT_FOUND")


@pytest.mark.produces("METHOD_NOT_ALLOWED")
async def test_a_wrong_method_is_told(calling: Caller) -> None:
    admin = await calling("admin")
    for method, path in [
        ("DELETE", "/me"),
        ("PUT", "/requests"),
        ("POST", "/catalog"),
        ("PATCH", "/metrics/summary"),
    ]:
        reply = await admin.request(method, path)

        problem_in(reply, 405, "METHOD_NOT_ALLOWED")
        assert "GET" in reply.headers["allow"]


@pytest.mark.produces("TOO_LARGE")
async def test_a_body_that_is_too_large_is_not_read(calling: Caller) -> None:
    developer = await calling("frontend-dev")
    spec = {"description": "x" * 300_000}

    problem_in(await developer.post("/requests", json={"spec": spec}), 413, "TOO_LARGE")


async def test_a_body_that_grows_too_large_without_saying_so_is_not_read(calling: Caller) -> None:
    developer = await calling("frontend-dev")
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 64 * 1024 * 1024:
            sent += 65_536
            yield b" " * 65_536

    reply = await developer.post(
        "/requests", content=endless(), headers={"Content-Type": "application/json"}
    )

    problem_in(reply, 413, "TOO_LARGE")
    assert sent < 1024 * 1024


async def test_a_store_that_is_away_is_told_with_its_code(portal: Runtime, calling: Caller) -> None:
    developer = await calling("frontend-dev")
    await portal.database.close()
    shutil.rmtree(portal.settings.home)
    spec = {"name": "x", "team": "frontend", "environment": "development"}

    gone = problem_in(await developer.post("/requests", json={"spec": spec}), 503, "STORE_DOWN")

    assert "sqlite" not in str(gone).lower()
    ready = await developer.get("http://localhost:8000/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] == {
        "ok": False,
        "reason": "The database does not answer.",
    }


async def test_what_breaks_is_explained_without_its_insides(
    signed_in: httpx.AsyncClient, layers: Layers
) -> None:
    @needs(Permission.SELF)
    async def broken() -> None:
        raise RuntimeError("the insides of the portal")

    layers.api.add_api_route("/api/v1/broken", broken)
    routes = layers.api.router.routes
    # Before the route that answers for all unknown paths.
    routes.insert(0, routes.pop())
    try:
        problem = problem_in(await signed_in.get("/api/v1/broken"), 500, "INTERNAL")
    finally:
        del routes[0]

    assert "insides" not in str(problem)
