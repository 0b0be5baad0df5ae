"""Sign-in at the identity provider: the way there, and the way back."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from ..domain.errors import PortalError
from ..identity.oidc import OidcSignIn
from ..runtime import Runtime
from .access import CurrentRuntime
from .sign_in_cookies import attempt_in, drop_attempt, set_attempt, set_session_cookie
from .sign_in_pages import failed_page, same_site_path

__all__ = ["router"]

router = APIRouter(prefix="/auth", include_in_schema=False)


def _oidc(rt: Runtime) -> OidcSignIn:
    if rt.oidc is None:
        raise HTTPException(404, "There is no such path.")
    return rt.oidc


@router.get("/start", summary="Go to the identity provider")
async def start(rt: CurrentRuntime, next: str = "/") -> Response:  # noqa: A002 - the parameter's public name
    oidc, wanted = _oidc(rt), same_site_path(next)
    try:
        started = await oidc.begin(wanted)
    except PortalError as error:
        return failed_page(error, wanted)
    response = RedirectResponse(started.url, 303)
    set_attempt(response, rt, started.attempt)
    return response


@router.get("/callback", summary="Come back from the identity provider")
async def callback(rt: CurrentRuntime, request: Request) -> Response:
    oidc, response = _oidc(rt), Response()
    try:
        finished = await oidc.finish(
            attempt_in(request.cookies, rt),
            dict(request.query_params),
            replaces=request.headers.get("cookie", ""),
        )
    except PortalError as error:
        response = failed_page(error, "/")
    else:
        response = RedirectResponse(same_site_path(finished.next_path), 303)
        set_session_cookie(response, rt, finished.session_id)
    drop_attempt(response, rt)
    return response
