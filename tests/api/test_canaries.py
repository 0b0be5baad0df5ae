"""Secrets stay where they belong: not in the log, the audit log, the database or an answer."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.support.controlplane import ControlPlane
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, StubProvider, running_provider
from tests.support.served import ServedPortal, built_front_end, served_portal
from tests.support.visitor import Visitor

SETTINGS: Final = {
    "audit_key": "canary-audit-key-0123456789abcdef",  # pragma: allowlist secret
    "secret_key": "canary-secret-key-0123456789abcdef",  # pragma: allowlist secret
    "oidc_client_secret": CLIENT_SECRET,
    "webhook_secret": "canary-webhook-secret-0123456789",  # pragma: allowlist secret
    # Nobody listens there: errors of sending must not tell the password either.
    "smtp_url": "smtp://mailer:canary-mail-password@127.0.0.1:9",  # pragma: allowlist secret
    "webhook_url": "http://127.0.0.1:9/hook",
}


@dataclass
class Trail:
    """What a portal left behind, and what must be nowhere in it."""

    canaries: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)

    def leaks(self) -> list[str]:
        return [
            f"{name} is in {place}"
            for place, text in self.left.items()
            for name, secret in self.canaries.items()
            if secret in text
        ]

    def gather(self, portal: ServedPortal) -> None:
        """Take the log and the database, after the portal ended."""
        self.left["the log"] = portal.log.read_text(errors="replace")
        with closing(sqlite3.connect(portal.home / "nsaas.db")) as database:
            self.left["the database"] = "\n".join(database.iterdump())
        for file in portal.home.glob("nsaas.db*"):
            self.left[file.name] = file.read_bytes().decode("latin1")


@pytest.fixture(scope="module")
def provider() -> Iterator[StubProvider]:
    with running_provider() as stub:
        stub.person = {"sub": "ada", "name": "Ada", "groups": ["platform-admins"]}
        yield stub


async def driven(portal: ServedPortal, provider: StubProvider, trail: Trail) -> None:
    """Everything a person and a program do with secrets, rightly and wrongly."""
    told, left = trail.canaries, trail.left
    async with httpx.AsyncClient(base_url=portal.url, trust_env=False, timeout=30) as client:
        ada = Visitor(client)
        back = await ada.go_to_provider()
        told |= {f"sign-in's {name}": v[0] for name, v in parse_qs(urlsplit(back).query).items()}
        told["the attempt's cookie"] = ada.cookies["nsaas-attempt"]
        assert (await ada.get(back)).status_code == 303
        assert (await ada.get(back)).status_code == 401, "a code works once"
        told["the session's cookie"] = ada.session
        told |= {f"the provider's {name}": provider.issued[0][name]
                 for name in ("access_token", "id_token", "refresh_token")}  # fmt: skip

        origin = {"Origin": portal.url, "Cookie": f"nsaas={ada.session}"}
        wanted = {"name": "robot", "scopes": ["read", "write"], "expires_in_days": 1}
        made = await client.post("/api/v1/tokens", json=wanted, headers=origin)
        assert made.status_code == 201, made.text
        told["the API token"] = token = made.json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        told["a wrong token"] = wrong = "nsaas_canary-wrong-token-0123456789"
        told["a wrong cookie"] = stale = "canary-wrong-cookie-0123456789"

        assert (await client.get("/api/v1/me", headers=bearer)).status_code == 200
        for headers in ({"Authorization": f"Bearer {wrong}"}, {"Cookie": f"nsaas={stale}"}):
            assert (await client.get("/api/v1/me", headers=headers)).status_code == 401
        for path in ("/api/v1/requests", "/api/v1/previews", "/api/v1/namespaces/x/sleep"):
            reply = await client.post(path, content=b"{", headers=bearer)
            left[f"the answer of {path}"] = reply.text
        provider.is_down = True
        left["the answer of a callback"] = (
            await client.get("/auth/callback?code=canary-code-0123&state=canary-state-0123")
        ).text
        provider.is_down = False
        told |= {"a forged code": "canary-code-0123", "a forged state": "canary-state-0123"}
        for path in ("/api/v1/status", "/api/v1/tokens", "/api/v1/me", "/metrics",
                     "/api/v1/audit/export", "/api/v1/audit/export?format=csv"):  # fmt: skip
            reply = await client.get(path, headers=bearer)
            assert reply.status_code == 200, (path, reply.text)
            left[f"the answer of {path}"] = reply.text


async def test_no_secret_is_left_anywhere(
    provider: StubProvider, controlplane: ControlPlane, tmp_path: Path
) -> None:
    trail = Trail(canaries=dict(SETTINGS))
    del trail.canaries["webhook_url"]
    trail.canaries["smtp_url"] = "canary-mail-password"
    portal = ServedPortal(
        tmp_path, kubeconfig=controlplane.portal_kubeconfig, web=built_front_end()
    )
    try:
        portal.start(
            env="production", log_level="DEBUG", oidc_issuer=provider.url,
            oidc_client_id=CLIENT_ID, **SETTINGS,
        )  # fmt: skip
        portal.wait_ready()
        await driven(portal, provider, trail)
    finally:
        portal.stop()
    trail.gather(portal)

    assert len(trail.canaries) >= 15
    assert min(map(len, trail.canaries.values())) >= 10
    assert trail.leaks() == []
    # The search sees what is there: what is no secret is found in each.
    seen = Trail({"a name": "robot", "an action": "auth.sign-in", "a line": "cluster called"})
    seen.left = trail.left
    assert {"a name is in the database", "an action is in the database", "a line is in the log",
            "an action is in the answer of /api/v1/audit/export"} <= set(seen.leaks())  # fmt: skip


def test_a_one_time_address_of_a_local_run_is_left_nowhere(
    controlplane: ControlPlane, tmp_path: Path
) -> None:
    with served_portal(tmp_path, controlplane, log_level="DEBUG") as portal:
        address = portal.sign_in_url("admin")
        code = parse_qs(urlsplit(address).query)["code"][0]
        used = httpx.get(address, trust_env=False)
        again = httpx.get(address, trust_env=False)
        assert (used.status_code, again.status_code) == (303, 403)
        trail = Trail({"the code": code, "the session": used.cookies["nsaas"]})
        trail.left["the second answer"] = again.text
    trail.gather(portal)
    assert trail.leaks() == []
    lines = portal.log.read_text(errors="replace").splitlines()
    assert [json.loads(line) for line in lines if line.startswith("{")]
