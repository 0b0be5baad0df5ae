"""Probes, metrics, and the one script of the bundle that knows the portal's address."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ..domain.errors import PortalError
from ..frontend_env import env_script
from ..identity.permissions import Permission
from .access import CurrentRuntime, authorise, needs

__all__ = ["metrics_router", "open_router", "script_router"]


async def _may_scrape(request: Request, rt: CurrentRuntime) -> None:
    """Ask who comes, unless the settings open the metrics to everybody."""
    if not rt.settings.metrics_open:
        await authorise(request)


open_router = APIRouter(include_in_schema=False)
metrics_router = APIRouter(include_in_schema=False, dependencies=[Depends(_may_scrape)])
script_router = APIRouter(include_in_schema=False)


@open_router.get("/healthz", summary="The process is alive")
async def healthz(rt: CurrentRuntime) -> dict[str, Any]:
    return {"status": "ok", "environment": rt.environment, "dev_sign_in": rt.has_dev_sign_in}


@open_router.get("/readyz", summary="Database, cluster and caches are ready")
async def readyz(rt: CurrentRuntime) -> JSONResponse:
    checks = await rt.readiness()
    is_ready = all(check.is_ok for check in checks)
    body = {
        "status": "ready" if is_ready else "not ready",
        "checks": {check.name: {"ok": check.is_ok, "reason": check.reason} for check in checks},
    }
    return JSONResponse(body, 200 if is_ready else 503)


@metrics_router.get("/metrics", summary="Prometheus metrics")
@needs(Permission.METRICS_READ)
async def metrics() -> Response:
    return PlainTextResponse(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@lru_cache(maxsize=4)
def _template(path: Path) -> str:
    return path.read_text()


@script_router.get("/assets/reflex-env-{rest}", summary="Where pages find their server")
@needs(Permission.SELF)
async def env(rest: str, rt: CurrentRuntime, host: Annotated[str, Header()]) -> Response:
    path = rt.web_directory / "assets" / f"reflex-env-{rest}"
    if "/" in rest or not path.is_file():
        raise HTTPException(404, "There is no such file.")
    scheme = "https" if rt.public_url.startswith("https:") else "http"
    try:
        script = env_script(f"{scheme}://{host}", _template(path))
    except ValueError as error:
        raise PortalError("The Host header names no usable address.") from error
    return Response(
        script, media_type="text/javascript", headers={"Cache-Control": "private, no-cache"}
    )
