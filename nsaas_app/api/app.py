"""The API application and the ASGI layers around everything, innermost first."""

import re
from typing import Any, Final

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from ..domain.errors import PortalError
from ..provisioning.identifiers import new_key
from . import (
    audit,
    catalog,
    cleanup,
    cleanup_plans,
    docs,
    events,
    identity,
    insights,
    lifetime,
    namespace_list,
    namespace_views,
    namespaces,
    personal,
    platform,
    preferences,
    previews,
    requests,
    sets,
    sign_in,
    sign_in_oidc,
    status,
    summary,
    system,
    team_reports,
    teams,
    tokens,
)
from .access import authorise
from .body_limit import BodyLimit
from .errors import install_handlers, problem
from .gate import Gate
from .headers import SecurityHeaders

__all__ = ["api_app", "asgi_transformers", "correlated"]

_MODULES: Final = (
    identity, catalog, previews, requests, sets, namespaces, namespace_list, namespace_views,
    lifetime, teams, team_reports, summary, audit, events, status, tokens, cleanup, cleanup_plans,
    insights, personal, preferences, platform,
)  # fmt: skip
_METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_CORRELATION_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


def _is_correlation_id(text: str) -> bool:
    return _CORRELATION_ID.fullmatch(text) is not None


def _v1() -> APIRouter:
    v1 = APIRouter(prefix="/api/v1", dependencies=[Depends(authorise)])
    for module in _MODULES:
        v1.include_router(module.router)
    return v1


def _unknown_paths(app: FastAPI) -> APIRouter:
    """Answer what no route takes with a problem: else the page application would answer it."""
    unknown = APIRouter(include_in_schema=False)
    # Taken now: neither this router nor the pages, mounted later, count as known.
    known = tuple(app.router.routes)

    def takes(scope: Scope, method: str) -> bool:
        asked = {**scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in known)

    @unknown.api_route("/api/{rest:path}", methods=_METHODS)
    async def nothing_here(rest: str, request: Request) -> None:
        allowed = [method for method in _METHODS if takes(request.scope, method)]
        if allowed:
            message = f"/api/{rest} does not take {request.method}."
            raise HTTPException(405, message, headers={"Allow": ", ".join(allowed)})
        raise HTTPException(404, f"There is no path /api/{rest}.")

    return unknown


async def _nothing_at_sign_in(scope: Scope, receive: Receive, send: Send) -> None:
    """End here what is asked below /auth by any method: the gate lets everybody that far."""
    answer = problem(PortalError("There is no such path.", code="NOT_FOUND"), status=404)
    await answer(scope, receive, send)


def api_app() -> FastAPI:
    """Build the API. Its own lifespan is never run: the runtime's is Reflex's lifespan task."""
    app = FastAPI(
        title="Namespace-as-a-Service",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    install_handlers(app)
    app.include_router(system.open_router)
    app.include_router(system.metrics_router)
    app.include_router(system.script_router, dependencies=[Depends(authorise)])
    app.include_router(docs.router, dependencies=[Depends(authorise)])
    app.include_router(sign_in.router)
    app.include_router(sign_in_oidc.router)
    app.include_router(_v1())
    app.include_router(_unknown_paths(app))
    app.mount("/auth", _nothing_at_sign_in)
    return app


def correlated(app: ASGIApp) -> ASGIApp:
    """Give every call a correlation id, its own or a new one."""
    return CorrelationIdMiddleware(
        app,
        header_name="X-Correlation-ID",
        validator=_is_correlation_id,
        generator=new_key,
        transformer=lambda text: text,
    )


def asgi_transformers() -> list[Any]:
    """What Reflex wraps around itself: the API innermost, the correlation id outermost."""
    return [api_app(), BodyLimit, Gate, SecurityHeaders, correlated]
