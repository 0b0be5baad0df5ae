"""A new session id on the way: the browser gets it with the answer, the call goes on with it."""

from typing import Final

from fastapi.responses import Response
from starlette.datastructures import Headers
from starlette.types import Message, Scope, Send

from .. import runtime
from .sign_in_cookies import set_session_cookie

__all__ = ["with_renewed_session"]

_STARTS: Final = ("http.response.start", "websocket.accept", "websocket.http.response.start")


async def with_renewed_session(scope: Scope, send: Send, *, is_file: bool = False) -> Send:
    """Renew the session of a call by cookie if its person's rights changed.

    A file of a page renews none and tells of none, for whoever keeps files would keep the id: it
    goes by the new id where the browser has yet to hear of it.

    Returns:
        How to answer: as before, or with the new id beside. The scope then carries it too.
    """
    headers, rt = Headers(scope=scope), runtime.current()
    cookies = headers.get("cookie", "")
    if not cookies or "authorization" in headers:
        return send
    if is_file:
        new_id = await rt.sign_in.followed(cookies)
    else:
        new_id = await rt.sign_in.renew(cookies, source=scope["type"])
    if new_id is None:
        return send
    others = [pair for pair in cookies.split(";") if _name(pair) != rt.sign_in.cookie_name]
    pairs = "; ".join([*(pair.strip() for pair in others), f"{rt.sign_in.cookie_name}={new_id}"])
    kept = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    scope["headers"] = [*kept, (b"cookie", pairs.encode("latin-1"))]
    if is_file:
        return send
    line = _cookie_line(rt, new_id)

    async def send_with_it(message: Message) -> None:
        if message["type"] in _STARTS:
            message = {**message, "headers": [*message.get("headers", ()), (b"set-cookie", line)]}
        await send(message)

    return send_with_it


def _name(pair: str) -> str:
    return pair.partition("=")[0].strip()


def _cookie_line(rt: runtime.Runtime, session_id: str) -> bytes:
    response = Response()
    set_session_cookie(response, rt, session_id)
    return response.headers["set-cookie"].encode("latin-1")
