"""An identity provider of our own on loopback: real HTTP, and lies on demand."""

import base64
import functools
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, cast
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import RSAKey

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "DEVELOPER_CLAIMS", "StubProvider", "running_provider"]

CLIENT_ID: Final = "nsaas"
CLIENT_SECRET: Final = "made-up+for/tests="
DEVELOPER_CLAIMS: Final[dict[str, Any]] = {
    "sub": "ada",
    "name": "Ada Lovelace",
    "groups": ["frontend-devs"],
}

Claims = dict[str, Any]
Forger = Callable[[Claims, RSAKey], str]


@functools.cache
def first_key() -> RSAKey:
    """The key every provider begins with; making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": "first"})


def signed(claims: Claims, key: RSAKey) -> str:
    """An honest token."""
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


@dataclass
class StubProvider:
    """What it says and whom it takes everybody for. Tests set these fields."""

    url: str = ""
    person: Claims = field(default_factory=lambda: dict(DEVELOPER_CLAIMS))
    key: RSAKey = field(default_factory=first_key)
    forge: Forger = signed
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    is_down: bool = False
    """Connections are dropped without a word."""
    drops: str = ""
    """A path whose connections are dropped without a word."""
    denies: str = ""
    """An error it answers the authorisation with."""
    refuses_refresh: bool = False
    gives_id_token_at_refresh: bool = True
    gives_refresh_token: bool = True
    extra_discovery: Claims = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Paths in the order they were asked for."""
    issued: list[Claims] = field(default_factory=list)
    """What the token endpoint gave out."""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _refreshable: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rotate(self) -> None:
        """Sign with another key from now on; the old one is no longer published."""
        self.key = RSAKey.generate_key(2048, {"kid": f"key-{uuid4()}"})

    def description(self) -> Claims:
        endpoints = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/logout",
        }
        return endpoints | self.extra_discovery

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        state = {"state": query["state"]}
        if self.denies:
            return f"{query['redirect_uri']}?{urlencode({'error': self.denies, **state})}"
        code = str(uuid4())
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, **state})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """The token endpoint: who asks, code and PKCE are checked as a good provider does."""
        scheme, _, given = authorization.partition(" ")
        name, _, secret = base64.b64decode(given).decode().partition(":")
        if (scheme, unquote_plus(name), unquote_plus(secret)) != (
            "Basic",
            CLIENT_ID,
            CLIENT_SECRET,
        ):
            return 401, {"error": "invalid_client"}
        with self._lock:
            if form["grant_type"] == "refresh_token":
                return self._refresh(form["refresh_token"])
            asked = self._codes.pop(form["code"], None)
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, self._tokens(nonce=asked["nonce"])

    def _refresh(self, refresh_token: str) -> tuple[int, Claims]:
        # Each works once, as strict providers have it.
        if self.refuses_refresh or refresh_token not in self._refreshable:
            return 400, {"error": "invalid_grant"}
        self._refreshable.remove(refresh_token)
        found = self._tokens()
        if not self.gives_id_token_at_refresh:
            del found["id_token"]
        return 200, found

    def _tokens(self, **more: str) -> Claims:
        at = int(self.now().timestamp())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": at, "exp": at + 300}
        found: Claims = {
            "access_token": str(uuid4()),
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.forge({**claims, **more, **self.person}, self.key),
        }
        if self.gives_refresh_token:
            found["refresh_token"] = str(uuid4())
            self._refreshable.add(found["refresh_token"])
        self.issued.append(found)
        return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"  # one call a connection: nothing stays open after a test

    @property
    def provider(self) -> StubProvider:
        return cast("_Server", self.server).provider

    def do_GET(self) -> None:
        self._handle({})

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length", 0))
        self._handle({k: v[0] for k, v in parse_qs(self.rfile.read(size).decode()).items()})

    def _handle(self, form: dict[str, str]) -> None:
        parts, provider = urlsplit(self.path), self.provider
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        provider.asked.append(parts.path)
        if provider.is_down or parts.path == provider.drops:
            return
        match parts.path:
            case "/.well-known/openid-configuration":
                self._reply(200, provider.description())
            case "/keys":
                self._reply(200, {"keys": [provider.key.as_dict(private=False)]})
            case "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.end_headers()
            case "/token":
                self._reply(*provider.token(form, self.headers.get("authorization", "")))
            case "/userinfo":
                self._reply(200, provider.person)
            case _:
                self._reply(200, {})

    def _reply(self, status: int, body: Claims) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: StubProvider


@contextmanager
def running_provider() -> Iterator[StubProvider]:
    """Serve a provider for a block."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.provider = StubProvider(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.provider
        finally:
            server.shutdown()
            thread.join()
