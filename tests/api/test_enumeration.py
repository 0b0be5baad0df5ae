"""Nothing runs undeclared: every route and every event handler says what it needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import reflex as rx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from reflex_base.registry import RegistrationContext
from starlette.routing import BaseRoute, Mount, Route

import nsaas_app.nsaas_app
from nsaas_app.api import catalog
from nsaas_app.api.access import needs, permission_of
from nsaas_app.api.app import api_app
from nsaas_app.identity.permissions import Permission
from nsaas_app.ui.guard import required
from tests.api.conftest import Caller, Layers
from tests.api.problems import problem_in

OPEN = {
    "GET /healthz",
    "GET /readyz",
    "GET /auth/icon.svg",
    "GET /auth/login",
    "GET /auth/dev",
    "GET /auth/start",
    "GET /auth/callback",
    "POST /auth/logout",
    "GET /auth/signed-out",
    # Behind the gate, and about nobody's things.
    "GET /api/openapi.json",
    "HEAD /api/openapi.json",
    # Answers for what no route takes.
    *(f"{method} /api/{{rest:path}}" for method in ("GET", "POST", "PUT", "PATCH", "DELETE")),
}
"""Everything that may run without a declared permission. A new entry is a decision."""

HIDDEN = {"GET /metrics", "GET /assets/reflex-env-{rest}"}
"""Declared, and no part of the public API."""

KNOWN = {
    "GET /api/v1/me", "GET /api/v1/catalog", "GET /api/v1/requests", "POST /api/v1/requests",
    "GET /api/v1/requests/{request_id}", "GET /api/v1/namespaces", "GET /api/v1/namespaces/{name}",
    "GET /api/v1/teams", "GET /api/v1/teams/{name}", "GET /api/v1/metrics/summary",
    "GET /api/v1/events", "POST /api/v1/previews", "PATCH /api/v1/namespaces/{name}",
    "DELETE /api/v1/namespaces/{name}", "POST /api/v1/requests/{request_id}/approve",
    "POST /api/v1/namespace-sets",
}  # fmt: skip
"""Some of what there is: a walk that finds less has missed something."""

FRAMEWORK = {
    "hydrate", "hydrate_and_load", "set_is_hydrated", "on_load_internal", "update_vars_internal",
    "handle_frontend_exception",
}  # fmt: skip
"""The framework's handlers that pages cannot do without."""


@dataclass(frozen=True)
class Found:
    """One method of one route, with the permission it declares."""

    name: str
    permission: Permission | None
    is_public: bool


def found_in(app: FastAPI) -> list[Found]:
    """Every method of every route, however deeply its router is included."""
    return list(_walk(app.routes, ""))


def _walk(routes: list[BaseRoute], prefix: str) -> Iterator[Found]:
    route: Any
    for route in routes:
        if isinstance(route, Route | APIRoute):
            for method in sorted(route.methods or ()):
                yield Found(
                    f"{method} {prefix}{route.path}",
                    permission_of(route.endpoint),
                    is_public=route.include_in_schema,
                )
        elif isinstance(route, Mount):
            yield from _walk(route.routes, prefix + route.path)
        elif hasattr(route, "original_router"):
            # FastAPI keeps an included router as it is, beside the prefix it got.
            inside = f"{prefix}{route.include_context.prefix}"
            yield from _walk(route.original_router.routes, inside)
        else:
            raise AssertionError(f"the walk does not know {type(route).__name__}")


def undeclared_routes(app: FastAPI) -> set[str]:
    return {found.name for found in found_in(app) if found.permission is None} - OPEN


def undeclared_handlers() -> set[str]:
    """Full names of event handlers that anybody could call."""
    undeclared = set()
    for name, entry in RegistrationContext.get().event_handlers.items():
        is_frameworks = entry.handler.fn.__module__.startswith(("reflex.", "reflex_"))
        if is_frameworks:
            # Refused unless it is one of the few: `required` gives them the empty text.
            is_right = (required(name) == "") == (name.rsplit(".", 1)[-1] in FRAMEWORK)
        else:
            is_right = isinstance(required(name), Permission)
        if not is_right:
            undeclared.add(name)
    return undeclared


def test_every_route_declares_a_permission_or_is_known_to_be_open() -> None:
    found = found_in(api_app())
    names = {one.name for one in found}

    assert undeclared_routes(api_app()) == set()
    assert names >= KNOWN | OPEN | HIDDEN
    public = {one.name for one in found if one.is_public and one.permission is not None}
    operations = {
        f"{method.upper()} {path}"
        for path, methods in api_app().openapi()["paths"].items()
        for method in methods
    }
    assert public == operations


def test_every_event_handler_declares_a_permission() -> None:
    assert nsaas_app.nsaas_app.app is not None
    handlers = RegistrationContext.get().event_handlers

    assert undeclared_handlers() == set()
    ours = [e for e in handlers.values() if e.handler.fn.__module__.startswith("nsaas_app.")]
    assert len(ours) > 30


async def test_a_declared_route_looks_at_the_declaration(calling: Caller, layers: Layers) -> None:
    nothing = await calling("admin", scopes=frozenset())
    declared = [one for one in found_in(layers.api) if one.permission is not None]
    assert len(declared) > 20

    for one in declared:
        method, path = one.name.split(" ", 1)
        for parameter in ("request_id", "name", "team", "rest"):
            path = path.replace(f"{{{parameter}}}", "x")
        reply = await nothing.request(method, f"http://localhost:8000{path}")
        assert (one.name, reply.status_code) == (one.name, 403)


@pytest.fixture
def planted() -> Iterator[list[str]]:
    """An undeclared route on a router of ours, as somebody forgetful would add it."""
    calls: list[str] = []

    @catalog.router.get("/planted")
    async def forgetful() -> str:
        calls.append("ran")
        return "secret"

    yield calls
    catalog.router.routes.pop()


async def test_an_undeclared_route_is_found_and_does_not_run(
    planted: list[str], calling: Caller
) -> None:
    assert undeclared_routes(api_app()) == {"GET /api/v1/planted"}
    admin = await calling("admin")

    problem_in(await admin.get("/planted"), 403, "NOT_ALLOWED")
    assert planted == []


def test_a_declared_one_is_not_complained_of(planted: list[str]) -> None:
    needs(Permission.CATALOG_READ)(catalog.router.routes[-1].endpoint)  # type: ignore[attr-defined]

    assert undeclared_routes(api_app()) == set()


def test_an_undeclared_handler_is_found() -> None:
    before = RegistrationContext.get()
    with before.fork():

        class PlantedState(rx.State):
            """A state as somebody forgetful would write it."""

            def planted(self) -> None:
                """Do what nobody was asked about."""

        name = f"{PlantedState.get_full_name()}.planted"
        assert undeclared_handlers() == {name}
        # What the gate lets nobody do; `tests/ui/test_guard.py` sees it refuse over the wire.
        assert required(name) is None
