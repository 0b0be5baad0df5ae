"""One call of the API server: own deadline, own verdict, heard out whoever stops waiting."""

import asyncio
import re
import time
from collections.abc import Coroutine, Mapping, Sequence
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import aiohttp
import msgspec
import structlog
from asgi_correlation_id import correlation_id
from kubernetes.aio.client.api_client import ApiClient
from kubernetes.aio.config import ConfigException

from .. import metrics
from ..domain import keys
from .faults import ClusterError, error_from_status, unreachable
from .sockets import lent_socket

__all__ = ["CALL_TIMEOUT_S", "Calls", "ObservedApi", "Query", "abandon"]

log = structlog.get_logger()

CALL_TIMEOUT_S: Final = 10.0
FAREWELL_S: Final = 2.0
"""How long a closing client waits for the answers that are still under way."""
CONNECT_TIMEOUT_S: Final = 5.0
READ_BUFFER: Final = 2**21
"""Bytes that may wait to be read: an event of a watch may be larger than what is usual."""

Answer = TypeVar("Answer")
Query = Sequence[tuple[str, str]]


class ObservedApi(ApiClient):  # type: ignore[misc] # the client ships no types
    """One place for every call: correlation id out, count and latency in.

    Configuration and credentials are the client library's. The call itself goes straight to its
    session: the library's own way there costs as much again as the call.
    """

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Query,
        headers: Mapping[str, str],
        body: dict[str, Any] | None,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - handed on to the library
    ) -> aiohttp.ClientResponse:
        """Make one call and observe it; the body of the answer is still to be read.

        Raises:
            ConfigException: the credential cannot be read; nothing was sent.
            aiohttp.ClientError, OSError, TimeoutError: no answer.
        """
        asked = f"?{urlencode(query)}" if query else ""
        url = f"{self.configuration.host}{path}{asked}"
        sent = {
            **self.default_headers,
            **headers,
            "User-Agent": keys.FIELD_MANAGER,
            "X-Correlation-ID": correlation_id.get() or "",
            **await self._credential(),
        }
        started, code = time.perf_counter(), "error"
        try:
            reply = await self._session.request(
                method,
                url,
                headers=sent,
                data=None if body is None else msgspec.json.encode(body),
                timeout=timeout,
                **self._way,
            )
            code = str(reply.status)
        finally:
            took = time.perf_counter() - started
            metrics.KUBE_REQUESTS.labels(method, code).inc()
            metrics.KUBE_REQUEST_DURATION.labels(method).observe(took)
            log.debug("cluster called", verb=method, url=url, code=code, ms=round(took * 1e3, 1))
        return reply

    async def _credential(self) -> dict[str, str]:
        """The header that says who we are, as fresh as the configuration keeps it."""
        try:
            bearer = (await self.configuration.auth_settings()).get("BearerToken")
        except OSError as error:
            raise ConfigException(f"The credential cannot be read: {error}") from error
        return {bearer["key"]: bearer["value"]} if bearer and bearer["value"] else {}

    @property
    def _session(self) -> aiohttp.ClientSession:
        rest = self.rest_client
        if rest.pool_manager is None:
            # Made late: it needs a loop. Proxy variables are not read: for every call that doubles
            # the client's CPU, and a proxy belongs into the kubeconfig (`proxy-url`).
            rest.pool_manager = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=rest.maxsize, ssl=rest.ssl_context, socket_factory=lent_socket
                ),
                read_bufsize=READ_BUFFER,
            )
        session: aiohttp.ClientSession = rest.pool_manager
        return session

    @cached_property
    def _way(self) -> dict[str, Any]:
        """How the configuration wants the server to be reached."""
        configuration = self.configuration
        way = {
            "server_hostname": configuration.tls_server_name,
            "proxy": configuration.proxy,
            "proxy_headers": configuration.proxy_headers,
        }
        return {name: value for name, value in way.items() if value}


class Calls:
    """Makes calls. Every one raises `ClusterError` and nothing else; none is repeated."""

    def __init__(self, api: ObservedApi, *, timeout_s: float) -> None:
        self.api = api
        self._timeout_s = timeout_s
        self._under_way: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        """Hear out what is under way, then close at once, without the farewell of TLS."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=FAREWELL_S)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        session = self.api.rest_client.pool_manager
        if session is not None and session.connector is not None:
            await session.connector.close(abort_ssl=True)
        await self.api.close()
        # An aborted connection is gone with the next turn of the loop.
        await asyncio.sleep(0)

    async def make(self, method: str, path: str, **options: Any) -> bytes:
        """Make one call and give the body of its good answer.

        Args:
            method: of HTTP.
            path: of the object or list.
            **options: query, body, content_type, accept, timeout_s (seconds); is_write, false for
                what changes nothing although its method says so; warnings, a list for the
                server's.
        """
        return await asyncio.shield(self._begin(self._exchange(method, path, **options)))

    async def _exchange(
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        body: dict[str, Any] | None = None,
        content_type: str = "application/json",
        timeout_s: float | None = None,
        is_write: bool | None = None,
        warnings: list[str] | None = None,
        accept: str = "application/json",
    ) -> bytes:
        writes = method != "GET" if is_write is None else is_write
        timeout = aiohttp.ClientTimeout(total=timeout_s or self._timeout_s)
        try:
            reply = await self._send(
                method, path, query, body, content_type, timeout, accept=accept
            )
            content = await reply.read()
        except aiohttp.ClientConnectorError as error:
            # The connection never stood: whatever it was, it did not happen.
            raise unreachable(error, is_write=False) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise unreachable(error, is_write=writes) from error
        if not _is_good(reply):
            raise _refusal(reply, content)
        if warnings is not None:
            warnings.extend(_warning(line) for line in reply.headers.getall("Warning", ()))
        return content

    async def _send(
        self,
        method: str,
        path: str,
        query: Query,
        body: dict[str, Any] | None,
        content_type: str,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - handed on to the library
        *,
        accept: str = "application/json",
    ) -> aiohttp.ClientResponse:
        headers = {"Accept": accept}
        if body is not None:
            headers["Content-Type"] = content_type
        try:
            return await self.api.send(
                method, path, query=query, headers=headers, body=body, timeout=timeout
            )
        except ConfigException as error:
            # The credential cannot be read: nothing was sent.
            raise unreachable(error, is_write=False) from error

    async def open_watch(
        self, path: str, query: Query, *, read_limit_s: float
    ) -> aiohttp.ClientResponse:
        """Open an endless answer; the caller reads it and abandons it.

        Args:
            path: of the list.
            query: with `watch=true`.
            read_limit_s: how long the stream may be silent; then reading it raises TimeoutError.
        """
        opening = self._begin(self._open(path, query, read_limit_s=read_limit_s))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_abandon_opened)
            raise

    async def _open(
        self, path: str, query: Query, *, read_limit_s: float
    ) -> aiohttp.ClientResponse:
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=CONNECT_TIMEOUT_S, sock_read=read_limit_s
        )
        try:
            reply = await self._send("GET", path, query, None, "", timeout)
            refusal = None if _is_good(reply) else _refusal(reply, await reply.read())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise unreachable(error, is_write=False) from error
        if refusal is not None:
            raise refusal
        return reply

    def _begin(self, exchange: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
        """Let an exchange run to its end, whoever stops waiting for it.

        Cut off in the middle it would leave a connection that says farewell long after everybody
        has gone, and a write of which nobody knows the outcome.
        """
        task = asyncio.create_task(exchange)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task


def abandon(response: aiohttp.ClientResponse) -> None:
    """Drop the connection of an endless answer: a polite TLS farewell would outlive the loop."""
    if response.connection is not None and response.connection.transport is not None:
        response.connection.transport.abort()
    response.close()


def _abandon_opened(opening: "asyncio.Task[aiohttp.ClientResponse]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        abandon(opening.result())


def _retry_after(reply: aiohttp.ClientResponse) -> float | None:
    value = reply.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None


def _warning(header: str) -> str:
    """Text of one Warning header: `299 - "text"`, quotes and backslashes escaped."""
    quoted = header.partition('"')[2].rpartition('"')[0]
    return re.sub(r"\\(.)", r"\1", quoted)


def _is_good(reply: aiohttp.ClientResponse) -> bool:
    return HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES


def _refusal(reply: aiohttp.ClientResponse, content: bytes) -> ClusterError:
    try:
        document = msgspec.json.decode(content)
    except msgspec.MsgspecError:
        document = {}
    body = document if isinstance(document, dict) else {}
    text = content[:500].decode(errors="replace")
    return error_from_status(reply.status, body, text=text, retry_after_s=_retry_after(reply))
