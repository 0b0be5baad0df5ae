"""Security headers on every answer, and long caching for the bundle's hashed files."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import runtime
from .content_policy import content_policy, page_policy

__all__ = ["SecurityHeaders"]

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_POLICY: Final = "content-security-policy"
_PLAIN_POLICY: Final = content_policy()
_OK: Final = 200
_NOT_MODIFIED: Final = 304
_HASHED: Final = "/assets/"


class SecurityHeaders:
    """Adds what a browser should be told."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and add headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if _POLICY not in headers:
                    headers[_POLICY] = _policy_of(headers, message["status"])
                if scope["path"].startswith(_HASHED) and "cache-control" not in headers:
                    headers["Cache-Control"] = _kept(message["status"])
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _kept(status: int) -> str:
    """How long the browser keeps a hashed file; never that it must sign in, or that it is gone."""
    if status not in (_OK, _NOT_MODIFIED):
        return "no-store"
    # `private`: the bundle is only for people who are signed in.
    return "private, max-age=31536000, immutable"


def _policy_of(headers: MutableHeaders, status: int) -> str:
    """Only a page may run the inline scripts of pages.

    An answer that nothing changed may be about a page, and its headers replace the kept ones.
    """
    is_page = headers.get("content-type", "").startswith("text/html")
    if not is_page and status != _NOT_MODIFIED:
        return _PLAIN_POLICY
    return page_policy(runtime.current().web_directory)
