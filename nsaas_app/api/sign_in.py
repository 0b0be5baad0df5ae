"""Sign-in and sign-out: plain server-rendered pages under /auth, before anything of Reflex."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from ..identity.dev import dev_identity
from .access import CurrentRuntime
from .sign_in_cookies import set_session_cookie
from .sign_in_pages import ICON, dev_page, page, provider_page, same_site_path, sign_out_page

__all__ = ["router"]

router = APIRouter(prefix="/auth", include_in_schema=False)


@router.get("/icon.svg", summary="The product's mark")
async def icon() -> Response:
    return Response(ICON, media_type="image/svg+xml")


@router.get("/login", summary="Where an anonymous page call ends up")
async def login(rt: CurrentRuntime, request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's public name
    if await rt.sign_in.actor_of(request.headers.get("cookie", "")) is not None:
        return RedirectResponse(same_site_path(next), 303)
    if rt.oidc is not None:
        return provider_page(
            rt.oidc.provider_name, same_site_path(next), cluster=_cluster_words(rt)
        )
    if not rt.has_dev_sign_in:
        return page("Sign-in is not set up", "<p>A platform admin must configure an identity "
                     "provider: <code>NSAAS_OIDC_ISSUER</code>.</p>", 503)  # fmt: skip
    return dev_page(same_site_path(next), cluster=_cluster_words(rt))


@router.get("/dev", summary="Redeem a one-time address of a local run")
async def redeem(rt: CurrentRuntime, request: Request, code: str, next: str = "/") -> Response:  # noqa: A002 - the parameter's public name
    if not rt.has_dev_sign_in:
        raise HTTPException(404, "There is no such path.")
    name = await rt.sign_in.redeem_code(code)
    identity = dev_identity(name) if name else None
    if identity is None:
        return page(
            "This address was used or has expired",
            "<p>Get a new one: <code>nsaas dev sign-in-url admin</code></p>",
            403,
        )
    session_id = await rt.sign_in.begin(
        identity, source="auth/dev", replaces=request.headers.get("cookie", "")
    )
    response = RedirectResponse(same_site_path(next), 303)
    set_session_cookie(response, rt, session_id)
    return response


@router.post("/logout", summary="End the login session, or all of this person's")
async def logout(rt: CurrentRuntime, request: Request, *, everywhere: bool = False) -> Response:
    cookies = request.headers.get("cookie", "")
    ended = await rt.sign_in.end(cookies, source="auth")
    # By what ended: a session that the provider cannot confirm now still tells whose it is.
    if everywhere and ended is not None:
        await rt.sign_in.end_all(ended.subject, source="auth")
    there = None
    if rt.oidc is not None and ended is not None and ended.confirmed_at is not None:
        there = await rt.oidc.sign_out_url(ended.sealed_id_token)
    response = sign_out_page(there) if there else RedirectResponse("/auth/signed-out", 303)
    response.delete_cookie(rt.sign_in.cookie_name, path="/", secure=rt.sign_in.is_secure)
    return response


@router.get("/signed-out", summary="After signing out")
async def signed_out() -> Response:
    again = '<p><a href="/auth/login" data-testid="sign-in-again">Sign in again</a></p>'
    return page("You are signed out", again)


def _cluster_words(rt: CurrentRuntime) -> str:
    """Say how the cluster is, in one word: a sign-in does not need it, the work after it does."""
    return f"Cluster {rt.cluster_name}: {rt.directory.freshness().liveness.value}"
