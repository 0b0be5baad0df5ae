"""A real identity provider, with a realm of the test's own."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

__all__ = ["PASSWORD", "Realm", "running_realm"]

SCRIPT: Final = Path(__file__).parents[2] / "scripts" / "identity_provider.py"
WITHIN_S: Final = 150.0
"""Below the limit at which a test that hangs ends the whole run."""
PASSWORD: Final = "made-up-for-tests"
CLIENT: Final = "nsaas"


@dataclass
class Realm:
    """People, groups and one client; changed through the provider's own administration."""

    url: str
    name: str
    secret: str
    admin: httpx.Client

    @property
    def issuer(self) -> str:
        return f"{self.url}/realms/{self.name}"

    def settings(self, *, url: str = "") -> dict[str, str]:
        """What a portal is told of it; it may be reached by another address than its own."""
        return {
            "oidc_issuer": self.issuer.replace(self.url, url or self.url),
            "oidc_client_id": CLIENT,
            "oidc_client_secret": self.secret,
            "oidc_name": "Keycloak",
        }

    def add_client(self, portal: str) -> None:
        mapper = {
            "name": "groups", "protocol": "openid-connect",
            "protocolMapper": "oidc-group-membership-mapper",
            "config": {
                "claim.name": "groups", "full.path": "false", "id.token.claim": "true",
                "userinfo.token.claim": "true",
            },
        }  # fmt: skip
        self._post("clients", {
            "clientId": CLIENT, "secret": self.secret, "publicClient": False,
            "standardFlowEnabled": True, "directAccessGrantsEnabled": False,
            "redirectUris": [f"{portal}/auth/callback"], "protocolMappers": [mapper],
            "attributes": {
                "pkce.code.challenge.method": "S256",
                "post.logout.redirect.uris": f"{portal}/auth/signed-out",
            },
        })  # fmt: skip

    def add_person(self, name: str, *groups: str) -> None:
        for group in groups:
            self._post("groups", {"name": group})
        self._post("users", {
            "username": name, "enabled": True, "firstName": name.title(), "lastName": "Test",
            "email": f"{name}@example.com", "emailVerified": True,
            "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
            "groups": list(groups),
        })  # fmt: skip

    def add_to_group(self, name: str, group: str) -> None:
        (person,) = self._get("users", username=name, exact="true")
        (found,) = self._get("groups", search=group, exact="true")
        path = f"/admin/realms/{self.name}/users/{person['id']}/groups/{found['id']}"
        self.admin.put(path).raise_for_status()

    def leave_groups(self, name: str) -> None:
        (person,) = self._get("users", username=name, exact="true")
        for group in self._get(f"users/{person['id']}/groups"):
            path = f"/admin/realms/{self.name}/users/{person['id']}/groups/{group['id']}"
            self.admin.delete(path).raise_for_status()

    def rotate_keys(self) -> str:
        """Sign with a new key from now on; gives its id. Tokens of the old one still hold."""
        before = self._signing_key()
        realm = self.admin.get(f"/admin/realms/{self.name}").raise_for_status().json()
        self._post("components", {
            "name": f"key-{uuid4().hex[:8]}", "providerId": "rsa-generated",
            "providerType": "org.keycloak.keys.KeyProvider", "parentId": realm["id"],
            "config": {"priority": ["500"], "keySize": ["2048"], "algorithm": ["RS256"]},
        })  # fmt: skip
        now = self._signing_key()
        assert now != before, "Keycloak signs with another key"
        return now

    def _signing_key(self) -> str:
        """The id of the key that tokens are signed with now."""
        keys: dict[str, Any] = self._get("keys")
        return str(keys["active"]["RS256"])

    def _get(self, path: str, **query: str) -> Any:
        reply = self.admin.get(f"/admin/realms/{self.name}/{path}", params=query)
        return reply.raise_for_status().json()

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self.admin.post(f"/admin/realms/{self.name}/{path}", json=body).raise_for_status()


@contextlib.contextmanager
def running_realm(directory: Path) -> Iterator[Realm]:
    """A realm of the provider that runs for all tests, or of one that runs for this block."""
    with contextlib.ExitStack() as stack:
        told = os.environ.get("NSAAS_TEST_PROVIDER")
        file = Path(told) if told else stack.enter_context(_own_provider(directory))
        url = _wait_until_it_answers(file)
        admin = stack.enter_context(_administration(url))
        realm = Realm(url, f"test-{uuid4().hex[:8]}", uuid4().hex, admin)
        admin.post("/admin/realms", json={"realm": realm.name, "enabled": True}).raise_for_status()
        try:
            yield realm
        finally:
            admin.delete(f"/admin/realms/{realm.name}").raise_for_status()


@contextlib.contextmanager
def _own_provider(directory: Path) -> Iterator[Path]:
    file = directory / "provider.json"
    child = subprocess.Popen([sys.executable, SCRIPT, "run", file])
    try:
        yield file
    finally:
        child.terminate()
        child.wait(60)


def _wait_until_it_answers(file: Path) -> str:
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        found = json.loads(file.read_text()) if file.exists() else {}
        if "error" in found:
            if os.environ.get("CI"):
                pytest.fail(found["error"])
            pytest.skip(found["error"])
        with contextlib.suppress(httpx.TransportError):
            url = str(found.get("url", ""))
            if url and httpx.get(f"{url}/realms/master", trust_env=False).is_success:
                return url
        time.sleep(0.2)
    log = file.with_suffix(".log")
    words = log.read_text()[-2000:] if log.exists() else "it was not even started"
    raise AssertionError(f"Keycloak does not answer after {WITHIN_S} s:\n{words}")


@contextlib.contextmanager
def _administration(url: str) -> Iterator[httpx.Client]:
    form = {
        "grant_type": "password", "client_id": "admin-cli", "username": "admin",
        "password": "admin",  # pragma: allowlist secret
    }  # fmt: skip
    path = f"{url}/realms/master/protocol/openid-connect/token"

    def signed_in(request: httpx.Request) -> httpx.Request:
        # Anew each time: its tokens last for a minute, tests may take longer.
        reply = httpx.post(path, data=form, trust_env=False, timeout=60).raise_for_status()
        request.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"
        return request

    with httpx.Client(base_url=url, auth=signed_in, trust_env=False, timeout=60) as client:
        yield client
