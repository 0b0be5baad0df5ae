"""The gate in front of everything: pages, WebSocket, REST, metrics. Nothing anonymous gets past."""

import asyncio
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from .. import metrics, runtime
from ..directory.hub import tab_topic
from ..domain.actors import Actor
from ..domain.errors import Fault, ForbiddenError, PortalError
from .access import ACTOR, SignedOutError
from .client_address import address_of
from .cutting import CutWhenOver
from .errors import problem
from .pacing import Paced
from .renewal import with_renewed_session
from .sign_in_pages import too_many_page

__all__ = ["Gate"]

log = structlog.get_logger()

_OPEN: Final = ("/healthz", "/readyz")
_OPEN_BELOW: Final = "/auth/"
_CLOSED: Final = ("/_upload",)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORBIDDEN_CLOSE: Final = 1008
_STREAM: Final = "/api/v1/events"
_PLACE_AGAIN_S: Final = 5.0
_HANDSHAKE_COSTS: Final = 5


class _TooManyError(PortalError):
    code = "RATE_LIMIT"
    fault = Fault.TOO_MANY

    def __init__(self, wait_s: float, message: str = "") -> None:
        self.seconds = str(max(1, round(wait_s)))
        super().__init__(message or f"Too many calls; try again in {self.seconds} s.")


class Gate:
    """Resolves who calls, refuses everybody else, and keeps other sites out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a connection through or answer it here."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, path = Headers(scope=scope), scope["path"]
        # Probes come by a pod's address, which is no name of ours.
        refusal = None if path in _OPEN else self._wrong_host(headers)
        if refusal is None and path.startswith(_OPEN_BELOW):
            refusal = _refuse_flood(scope, headers)
        elif refusal is None and path not in _OPEN:
            try:
                send = await with_renewed_session(scope, send, is_file=_is_file(path))
                headers = Headers(scope=scope)
                actor = await _actor_of(scope, headers)
            except _TooManyError as error:
                refusal = _too_many(error)
            except PortalError as error:
                refusal = problem(error)
            else:
                refusal = self._refuse(scope, headers, actor)
                scope[ACTOR] = actor
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if path == _STREAM and isinstance(actor := scope.get(ACTOR), Actor):
            # A stream takes one of the places that pages have.
            if (refusal := _no_place_for(actor)) is None:
                with runtime.current().connections.counted(actor):
                    await self._app(scope, receive, send)
            else:
                await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refuse(self, scope: Scope, headers: Headers, actor: Actor | None) -> Response | None:
        path, method = scope["path"], scope["method"]
        if path.startswith(_CLOSED):
            return problem(PortalError("There is no such path.", code="NOT_FOUND"), status=404)
        if path == "/metrics" and runtime.current().settings.metrics_open:
            return None
        if actor is None:
            return _sign_in_first(scope)
        return None if method in _SAFE else self._refuse_write(headers, actor)

    @staticmethod
    def _refuse_write(headers: Headers, actor: Actor) -> Response | None:
        if "authorization" not in headers and not _is_same_site(headers):
            return problem(ForbiddenError("This call came from another site."))
        wait_s = runtime.current().limits.take(actor.subject)
        return _too_many(_TooManyError(wait_s)) if wait_s > 0 else None

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        is_ours = headers.get("origin") in _allowed_origins()
        if is_ours:
            send = await with_renewed_session(scope, send)
            headers = Headers(scope=scope)
        actor = await _session_of(headers) if is_ours else None
        if actor is None:
            metrics.AUTH.labels("websocket-refused").inc()
            await receive()
            await send({"type": "websocket.close", "code": _FORBIDDEN_CLOSE})
            return
        if (refusal := _no_place_for(actor)) is not None:
            await refusal(scope, receive, send)
            return
        with runtime.current().connections.opened(actor) as over:
            await self._connected(scope, receive, send, actor, over)

    async def _connected(
        self, scope: Scope, receive: Receive, send: Send, actor: Actor, over: asyncio.Event
    ) -> None:
        pace = runtime.current().live_limits
        paced = Paced(receive, lambda: pace.take(actor.subject))
        connection = CutWhenOver(paced.receive, send, over)
        try:
            await self._app(scope, connection.receive, connection.send)
        finally:
            await connection.close()
            _tell_loops_of(scope)

    @staticmethod
    def _wrong_host(headers: Headers) -> Response | None:
        """Refuse names that are not ours: a rebound DNS name must not reach a local portal."""
        host = headers.get("host", "").rsplit(":", 1)[0]
        if host in _allowed_hosts():
            return None
        return JSONResponse({"detail": "Unknown host."}, 400)


def _tell_loops_of(scope: Scope) -> None:
    """Let what still runs for a tab learn now that nobody is there any more."""
    query, hub = parse_qs(scope["query_string"].decode("latin1")), runtime.current().directory.hub
    topic = tab_topic(query.get("token", [""])[0])
    if hub.is_known(topic):
        hub.publish(topic)


def _no_place_for(actor: Actor) -> Response | None:
    """Refuse a page or stream beyond what one person may have, or opened too fast.

    Opening one costs as much as many messages do.
    """
    rt = runtime.current()
    wait_s = rt.live_limits.take(actor.subject, cost=_HANDSHAKE_COSTS)
    if rt.connections.is_full_for(actor):
        open_ones = f"You have {rt.settings.live_connections} pages and streams open"
        refusal = _TooManyError(_PLACE_AGAIN_S, f"{open_ones}; close some before you open more.")
    elif wait_s > 0:
        refusal = _TooManyError(wait_s)
    else:
        return None
    metrics.AUTH.labels("too-many").inc()
    log.warning("connection refused", subject=actor.subject, reason=refusal.message)
    return _too_many(refusal)


def _refuse_flood(scope: Scope, headers: Headers) -> Response | None:
    """Slow down whoever tries sign-in again and again: there is no person to count by yet."""
    wait_s = runtime.current().auth_limits.take(address_of(scope, headers))
    if wait_s <= 0:
        return None
    metrics.AUTH.labels("too-many").inc()
    seconds = str(max(1, round(wait_s)))
    return too_many_page(seconds)


def _allowed_origins() -> frozenset[str]:
    settings = runtime.current().settings
    local = {f"http://localhost:{settings.port}", f"http://127.0.0.1:{settings.port}"}
    return frozenset({settings.url.rstrip("/")} | (local if settings.is_dev else set()))


def _allowed_hosts() -> frozenset[str]:
    settings = runtime.current().settings
    local = {"localhost", "127.0.0.1", "[::1]"}
    return frozenset({urlsplit(settings.url).hostname or ""} | local)


def _too_many(error: _TooManyError) -> Response:
    return problem(error, headers={"Retry-After": error.seconds})


def _slow_down_reviews(scope: Scope, headers: Headers, token: str) -> None:
    """Count by address what makes the portal ask the cluster: anybody can make tokens up.

    Raises:
        _TooManyError: the address sent too many texts that nobody ever vouched for.
    """
    rt = runtime.current()
    if rt.service_accounts is None or not rt.service_accounts.is_unheard(token):
        return
    # Apart from sign-in: who shares an address with such a caller still gets in.
    wait_s = rt.auth_limits.take(f"token {address_of(scope, headers)}")
    if wait_s > 0:
        metrics.AUTH.labels("too-many").inc()
        raise _TooManyError(wait_s)


async def _actor_of(scope: Scope, headers: Headers) -> Actor | None:
    """Bearer calls ignore cookies entirely."""
    authorization = headers.get("authorization")
    if authorization is None:
        return await _session_of(headers)
    scheme, _, token = authorization.partition(" ")
    actor = None
    if scheme.lower() == "bearer":
        _slow_down_reviews(scope, headers, token)
        actor = await runtime.current().bearer_of(token)
    if actor is None:
        metrics.AUTH.labels("token-refused").inc()
    return actor


async def _session_of(headers: Headers) -> Actor | None:
    cookie = headers.get("cookie", "")
    return await runtime.current().sign_in.actor_of(cookie) if cookie else None


def _is_file(path: str) -> bool:
    """Whether a path is a file of a page."""
    return "." in path.rpartition("/")[2] and not path.startswith("/api")


def _is_same_site(headers: Headers) -> bool:
    """A write by cookie needs our origin and a body or header that a form cannot send."""
    origin, fetch_site = headers.get("origin"), headers.get("sec-fetch-site")
    is_ours = origin in _allowed_origins() if origin else fetch_site == "same-origin"
    is_json = headers.get("content-type", "").startswith("application/json")
    return is_ours and (is_json or "x-requested-with" in headers)


def _sign_in_first(scope: Scope) -> Response:
    path = scope["path"]
    if path.startswith(("/api", "/metrics", "/_")) or scope["method"] not in _SAFE:
        return problem(SignedOutError(), headers={"WWW-Authenticate": "Bearer"})
    query = scope["query_string"].decode("latin1")
    here = f"{path}?{query}" if query else path
    return RedirectResponse(f"/auth/login?next={quote(here, safe='')}", 303)
