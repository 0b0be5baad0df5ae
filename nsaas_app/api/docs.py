"""The API's documentation page, with its scripts from our own origin."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, Response

from ..domain.errors import NotFoundError
from ..identity.permissions import Permission
from .access import needs
from .content_policy import content_policy, hashes_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_FILES: Final = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}


@router.get("/api/docs", summary="Try the API")
@needs(Permission.SELF)
async def docs() -> HTMLResponse:
    page = get_swagger_ui_html(
        openapi_url="/api/openapi.json",
        title="NSaaS API",
        swagger_js_url="/api/docs/swagger-ui-bundle.js",
        swagger_css_url="/api/docs/swagger-ui.css",
        swagger_favicon_url="/auth/icon.svg",
    )
    scripts = hashes_of(bytes(page.body).decode())
    page.headers["Content-Security-Policy"] = content_policy(scripts)
    return page


@router.get("/api/docs/{name}", summary="A file of the page")
@needs(Permission.SELF)
async def docs_file(name: str) -> Response:
    if name not in _FILES:
        raise NotFoundError("file", name)
    content = files("fastapi_offline").joinpath("static", name).read_bytes()
    return Response(
        content,
        media_type=_FILES[name],
        headers={"Cache-Control": "private, max-age=86400"},
    )
