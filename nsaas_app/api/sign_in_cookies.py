"""The two cookies of sign-in: the login session's, and that of an attempt at a provider."""

from fastapi.responses import Response

from ..identity.oidc import ATTEMPT_LIFETIME
from ..runtime import Runtime

__all__ = ["attempt_in", "drop_attempt", "set_attempt", "set_session_cookie"]


def set_session_cookie(response: Response, rt: Runtime, session_id: str) -> None:
    """Give the browser its session; it ends with the browser, or earlier on the server."""
    response.set_cookie(
        rt.sign_in.cookie_name,
        session_id,
        httponly=True,
        secure=rt.sign_in.is_secure,
        samesite="lax",
        path="/",
    )


def _attempt_name(rt: Runtime) -> str:
    return f"{rt.sign_in.cookie_name}-attempt"


def set_attempt(response: Response, rt: Runtime, attempt: str) -> None:
    """Bind an attempt to this browser."""
    response.set_cookie(
        _attempt_name(rt),
        attempt,
        max_age=int(ATTEMPT_LIFETIME.total_seconds()),
        httponly=True,
        secure=rt.sign_in.is_secure,
        # Lax: the provider sends the browser back by a link, which brings the cookie along.
        samesite="lax",
        path="/",
    )


def attempt_in(cookies: dict[str, str], rt: Runtime) -> str:
    """What this browser kept of its attempt; empty when it kept nothing."""
    return cookies.get(_attempt_name(rt), "")


def drop_attempt(response: Response, rt: Runtime) -> None:
    """An attempt is finished once, well or not."""
    response.delete_cookie(
        _attempt_name(rt), path="/", secure=rt.sign_in.is_secure, httponly=True, samesite="lax"
    )
