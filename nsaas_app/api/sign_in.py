"""Sign-in and sign-out: plain server-rendered pages under /auth, before anything of Reflex."""

from html import escape
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ..identity.dev import dev_identity
from .access import CurrentRuntime

__all__ = ["router", "same_site_path"]

router = APIRouter(prefix="/auth", include_in_schema=False)

_ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#6366f1" '
    'stroke-width="1.8" stroke-linejoin="round"><path d="M12 2 21 7v10l-9 5-9-5V7z"/>'
    '<path d="M3 7l9 5 9-5M12 12v10"/></svg>'
)

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} · NSaaS</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/auth/icon.svg"><style>
:root {{ color-scheme: light dark; --page:#f8fafc; --card:#fff; --line:#e2e8f0; --text:#0f172a;
 --muted:#475569; --accent:#4338ca }}
@media (prefers-color-scheme: dark) {{ :root {{ --page:#020617; --card:#0b1120; --line:#1e293b;
 --text:#f1f5f9; --muted:#94a3b8; --accent:#a5b4fc }} }}
body {{ margin:0; min-height:100vh; display:grid; place-items:center; background:var(--page);
 color:var(--text); font:15px/1.6 system-ui,sans-serif }}
main {{ box-sizing:border-box; width:min(26rem, calc(100vw - 2rem)); padding:2rem;
 background:var(--card); border:1px solid var(--line); border-radius:16px }}
img {{ width:40px; height:40px }} h1 {{ font-size:1.4rem; line-height:1.3; margin:.75rem 0 .5rem }}
p {{ margin:.5rem 0; color:var(--muted) }} code {{ color:var(--text); overflow-wrap:anywhere }}
a {{ color:var(--accent) }} .band {{ border-left:3px solid #f59e0b; padding-left:.75rem }}
</style></head><body><main><img src="/auth/icon.svg" alt=""><h1>{title}</h1>{body}</main>
</body></html>
"""


def same_site_path(target: str) -> str:
    """Accept a path of our own as the way back, anything else becomes the front page."""
    parts = urlsplit(target.replace("\\", "/"))
    is_ours = target.startswith("/") and not parts.scheme and not parts.netloc
    return target if is_ours and not target.startswith(("//", "/\\", "/auth/")) else "/"


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title=escape(title), body=body), status)


@router.get("/icon.svg", summary="The product's mark")
async def icon() -> Response:
    return Response(_ICON, media_type="image/svg+xml")


@router.get("/login", summary="Where an anonymous page call ends up")
async def login(rt: CurrentRuntime, request: Request, next: str = "/") -> Response:  # noqa: A002 - the parameter's public name
    if await rt.sign_in.actor_of(request.headers.get("cookie", "")) is not None:
        return RedirectResponse(same_site_path(next), 303)
    if not rt.has_dev_sign_in:
        return _page("Sign-in is not set up", "<p>A platform admin must configure an identity "
                     "provider: <code>NSAAS_OIDC_ISSUER</code>.</p>", 503)  # fmt: skip
    return _page(
        "Sign in",
        '<p class="band">Local development. Sign-in is by a one-time address.</p>'
        "<p>Get one in the checkout's terminal:</p>"
        "<p><code>nsaas dev sign-in-url admin</code></p>"
        "<p>Other identities: <code>frontend-dev</code>, <code>frontend-lead</code>, "
        "<code>payments-dev</code>, <code>auditor</code>.</p>",
    )


@router.get("/dev", summary="Redeem a one-time address of a local run")
async def redeem(rt: CurrentRuntime, code: str, next: str = "/") -> Response:  # noqa: A002 - the parameter's public name
    if not rt.has_dev_sign_in:
        raise HTTPException(404, "There is no such path.")
    name = await rt.sign_in.redeem_code(code)
    identity = dev_identity(name) if name else None
    if identity is None:
        return _page(
            "This address was used or has expired",
            "<p>Get a new one: <code>nsaas dev sign-in-url admin</code></p>",
            403,
        )
    session_id = await rt.sign_in.begin(identity, source="auth/dev")
    response = RedirectResponse(same_site_path(next), 303)
    response.set_cookie(
        rt.sign_in.cookie_name,
        session_id,
        httponly=True,
        secure=rt.sign_in.is_secure,
        samesite="lax",
        path="/",
    )
    return response


@router.post("/logout", summary="End the login session")
async def logout(rt: CurrentRuntime, request: Request) -> Response:
    await rt.sign_in.end(request.headers.get("cookie", ""), source="auth")
    response = RedirectResponse("/auth/signed-out", 303)
    response.delete_cookie(rt.sign_in.cookie_name, path="/", secure=rt.sign_in.is_secure)
    return response


@router.get("/signed-out", summary="After signing out")
async def signed_out() -> Response:
    return _page("You are signed out", '<p><a href="/auth/login">Sign in again</a></p>')
