"""Paths that no router can take: answered before them, in the shape of every other answer."""

from starlette.types import ASGIApp, Receive, Scope, Send

from ..domain.errors import PortalError
from .app import correlated
from .errors import problem
from .headers import SecurityHeaders

__all__ = ["OddPaths"]

_DELETE = "\x7f"


class OddPaths:
    """Refuses control characters in a path.

    The framework's own router stands in front of all our layers, and its pattern matches no line
    break: it would answer such a path by itself, without a header of ours.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._refusal = correlated(SecurityHeaders(_nothing_here))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or say that there is nothing."""
        is_odd = scope["type"] == "http" and any(_is_control(char) for char in scope["path"])
        await (self._refusal if is_odd else self._app)(scope, receive, send)


def _is_control(char: str) -> bool:
    return char < " " or char == _DELETE


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    answer = problem(PortalError("There is no such path.", code="NOT_FOUND"), status=404)
    await answer(scope, receive, send)
