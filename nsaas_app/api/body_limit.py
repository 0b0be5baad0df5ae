"""Bodies have a limit: nobody makes the portal hold megabytes."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyLimit"]

MAX_BODY: Final = 256 * 1024
"""The largest valid body is a bulk file of some hundred documents."""


class BodyLimit:
    """Refuses with 413 instead of reading on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY:
                # The one kind of error that reaches the API's own handlers from in here.
                raise HTTPException(413, f"The body is larger than {MAX_BODY} bytes.")
            return message

        await self._app(scope, counted, send)
