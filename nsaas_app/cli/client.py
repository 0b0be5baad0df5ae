"""The REST client of the commands: they work from anywhere the portal can be reached."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

import httpx

from .console import ExitCode, fail
from .local_record import local_url

__all__ = ["Portal", "portal", "store_login", "stored_login"]

_TIMEOUT_S: Final = 30.0


def _config_file() -> Path:
    base = Path(os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config"))
    return base / "nsaas" / "login.json"


class Portal:
    """One portal with one token."""

    def __init__(self, url: str, token: str) -> None:
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=_TIMEOUT_S,
        )

    def get(self, path: str, **params: Any) -> Any:
        """Read; ends the command with one sentence and the right exit code on refusal."""
        return self._answer(self._send("GET", path, params=params))

    def get_tagged(self, path: str) -> tuple[Any, str]:
        """Read like `get`; give the version of what was read too, for `If-Match`."""
        reply = self._send("GET", path)
        return self._answer(reply), reply.headers.get("ETag", "")

    def post(self, path: str, body: dict[str, Any], **headers: str) -> Any:
        """Write; ends the command like `get`."""
        return self._answer(self._send("POST", path, json=body, headers=headers))

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """Replace or create; ends the command like `get`."""
        return self._answer(self._send("PUT", path, json=body))

    def patch(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Change; give the status too: 200 says that nothing changes."""
        reply = self._send("PATCH", path, json=body)
        return reply.status_code, self._answer(reply)

    def delete(self, path: str, body: dict[str, Any]) -> Any:
        """Give up; ends the command like `get`."""
        return self._answer(self._send("DELETE", path, json=body))

    def try_write(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Write without ending the command on refusal: status and body, problems included."""
        reply = self._send(method, path, json=body)
        return reply.status_code, reply.json()

    def stream(self, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Follow server-sent events: name and data of each."""
        with self._client.stream("GET", path, timeout=httpx.Timeout(10, read=None)) as reply:
            event = ""
            for line in reply.iter_lines():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield event, json.loads(line.removeprefix("data: "))

    def download(self, path: str, **params: Any) -> Iterator[str]:
        """Read a text that may be long, part by part; ends the command like `get`."""
        try:
            with self._client.stream("GET", path, params=params) as reply:
                if not reply.is_success:
                    reply.read()
                    self._answer(reply)
                yield from reply.iter_text()
        except httpx.TransportError as error:
            self._silent(error)

    def fetch(self, path: str) -> bytes:
        """Read a file; ends the command like `get`."""
        reply = self._send("GET", path)
        if not reply.is_success:
            self._answer(reply)
        return reply.content

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **options)
        except httpx.TransportError as error:
            self._silent(error)

    def _silent(self, error: httpx.TransportError) -> NoReturn:
        fail(
            f"The portal at {self._client.base_url} does not answer: {error}.",
            ExitCode.UNREACHABLE,
            fix="start it with `make up`, or set NSAAS_URL",
        )

    @staticmethod
    def _answer(reply: httpx.Response) -> Any:
        if reply.is_success:
            return reply.json() if reply.content else None
        try:
            problem = reply.json()
        except ValueError:
            fail(f"The portal answered {reply.status_code}.", ExitCode.UNREACHABLE)
        if reply.status_code == httpx.codes.UNAUTHORIZED:
            fail(problem["detail"], ExitCode.SIGNED_OUT, fix="run `nsaas login` or set NSAAS_TOKEN")
        details = [f"{e['field']}: {e['message']}" for e in problem.get("errors") or ()]
        message = "; ".join(details) or problem["detail"]
        code = ExitCode.UNREACHABLE if reply.is_server_error else ExitCode.REFUSED
        return fail(f"{message} ({problem['code']})", code, fix=problem.get("hint") or "")


def stored_login() -> dict[str, str]:
    """What `nsaas login` remembered."""
    try:
        found: dict[str, str] = json.loads(_config_file().read_text())
    except (OSError, ValueError):
        return {}
    return found


def store_login(url: str, token: str) -> None:
    """Remember where the portal is and the token, readable by the user alone."""
    path = _config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps({"url": url, "token": token}))


@contextmanager
def portal() -> Iterator[Portal]:
    """The portal that the environment or an earlier login names, else that of the local run."""
    stored = stored_login()
    url = os.environ.get("NSAAS_URL") or stored.get("url") or local_url()
    client = Portal(url, os.environ.get("NSAAS_TOKEN") or stored.get("token", ""))
    try:
        yield client
    finally:
        client.close()
