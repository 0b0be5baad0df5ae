"""Signing in and out: codes that work once, ways back that stay here, pages without Reflex."""

import re

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from nsaas_app.identity.dev import DEV_IDENTITIES
from nsaas_app.identity.secrets_hash import hash_of
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.api.conftest import Layers
from tests.api.problems import problem_in

SESSION = re.compile(r"nsaas=[A-Za-z0-9_-]{43}; HttpOnly; Path=/; SameSite=lax")


async def test_a_code_signs_in_once(portal: Runtime, anonymous: httpx.AsyncClient) -> None:
    code = await portal.sign_in.new_code("frontend-dev")

    first = await anonymous.get("/auth/dev", params={"code": code})

    assert (first.status_code, first.headers["location"]) == (303, "/")
    assert SESSION.fullmatch(first.headers["set-cookie"])
    cookie = first.headers["set-cookie"].partition(";")[0]
    me = await anonymous.get("/api/v1/me", headers={"Cookie": cookie})
    assert me.json()["subject"] == "frontend-dev"

    anonymous.cookies.clear()
    again = await anonymous.get("/auth/dev", params={"code": code})
    assert again.status_code == 403
    assert "used or has expired" in again.text
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize("code", ["", "made-up", "'; DROP TABLE sign_in_code; --"])
async def test_a_made_up_code_signs_nobody_in(anonymous: httpx.AsyncClient, code: str) -> None:
    reply = await anonymous.get("/auth/dev", params={"code": code})

    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers


WAYS_BACK = [
    ("/new", "/new"),
    ("/namespaces?q=a b&team=x", "/namespaces?q=a b&team=x"),
    ("/requests/req-1#steps", "/requests/req-1#steps"),
    ("", "/"),
    ("new", "/"),
    ("//evil.example", "/"),
    ("///evil.example", "/"),
    ("/\\evil.example", "/"),
    ("\\\\evil.example", "/"),
    ("\\/evil.example", "/"),
    ("https:evil.example", "/"),
    ("https://evil.example/", "/"),
    ("http:///evil.example", "/"),
    ("javascript:alert(1)", "/"),
    ("/\t/evil.example", "/"),
    ("\t//evil.example", "/"),
    ("/\n/evil.example", "/"),
    (" //evil.example", "/"),
    ("//[", "/"),
    ("//[evil]:x/", "/"),
    ("/%09/evil.example", "/%09/evil.example"),
    ("/auth/login?next=/new", "/"),
    ("/auth/dev?code=x", "/"),
    ("/new\r\nSet-Cookie: a=b", "/new%0D%0ASet-Cookie: a=b"),
]
"""What is wanted, and what is reached."""


async def test_the_way_back_stays_here(portal: Runtime, anonymous: httpx.AsyncClient) -> None:
    for wanted, reached in WAYS_BACK:
        code = await portal.sign_in.new_code("frontend-dev")

        reply = await anonymous.get("/auth/dev", params={"code": code, "next": wanted})

        assert reply.status_code == 303, wanted
        there = httpx.URL("http://localhost:8000/").join(reply.headers["location"])
        assert (there.scheme, there.host, there.port) == ("http", "localhost", 8000), wanted
        assert there == httpx.URL("http://localhost:8000/").join(reached), wanted
        assert "\n" not in reply.headers["location"], wanted
        anonymous.cookies.clear()


async def test_outside_a_local_run_there_are_no_codes(settings: Settings, layers: Layers) -> None:
    told = {"env": "production", "audit_key": SecretStr("k"), "product_name": "<Acme> spaces"}
    production = settings.model_copy(update=told)
    async with (
        serving(production),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(layers.app), base_url="http://localhost:8000"
        ) as anybody,
    ):
        problem_in(await anybody.get("/auth/dev", params={"code": "x"}), 404, "NOT_FOUND")
        page = await anybody.get("/auth/login")
        assert page.status_code == 503
        assert "<title>Sign-in is not set up · &lt;Acme&gt; spaces</title>" in page.text
        assert "<Acme>" not in page.text


async def test_who_is_signed_in_is_sent_on(signed_in: httpx.AsyncClient) -> None:
    there = await signed_in.get("/auth/login", params={"next": "/new"})
    away = await signed_in.get("/auth/login", params={"next": "//evil.example"})

    assert (there.status_code, there.headers["location"]) == (303, "/new")
    assert (away.status_code, away.headers["location"]) == (303, "/")


async def test_the_sign_in_page_tells_how_and_loads_nothing_from_elsewhere(
    anonymous: httpx.AsyncClient,
) -> None:
    page = await anonymous.get("/auth/login", params={"next": "/<script>alert(1)</script>"})

    assert page.status_code == 200
    assert "nsaas dev sign-in-url admin" in page.text
    assert "<script" not in page.text
    assert set(re.findall(r"(?:href|src)=\"([^\"]*)\"", page.text)) == {
        "/auth/icon.svg",
        "/&lt;script&gt;alert(1)&lt;/script&gt;",  # the way back, on this site
    }
    assert (await anonymous.get("/auth/icon.svg")).headers["content-type"] == "image/svg+xml"


async def test_signing_out_ends_the_session_everywhere(
    portal: Runtime, signed_in: httpx.AsyncClient
) -> None:
    reply = await signed_in.post("/auth/logout")

    assert (reply.status_code, reply.headers["location"]) == (303, "/auth/signed-out")
    assert 'nsaas=""' in reply.headers["set-cookie"]
    # The same cookie, kept by somebody, is worth nothing any more.
    assert (await signed_in.get("/api/v1/me")).status_code == 401
    assert (await signed_in.get("/")).headers["location"] == "/auth/login?next=%2F"
    assert "signed out" in (await signed_in.get("/auth/signed-out")).text


async def test_signing_out_everywhere_needs_no_session_that_can_be_used(
    portal: Runtime, signed_in: httpx.AsyncClient
) -> None:
    other = await portal.sign_in.begin(DEV_IDENTITIES["frontend-dev"], source="test")
    # The session in this browser lies still: nobody vouched for it lately.
    session = hash_of(signed_in.headers["Cookie"].partition("=")[2])
    async with portal.database.transaction() as connection:
        await connection.execute(
            text("UPDATE login_session SET confirmed_at = :long_ago WHERE id_hash = :session"),
            {"long_ago": "2020-01-01 00:00:00.000000", "session": session},
        )
    assert (await signed_in.get("/api/v1/me")).status_code == 401

    await signed_in.post("/auth/logout", params={"everywhere": True})

    signed_in.headers["Cookie"] = f"{portal.sign_in.cookie_name}={other}"
    assert (await signed_in.get("/api/v1/me")).status_code == 401


async def test_signing_in_and_out_is_audited(portal: Runtime, signed_in: httpx.AsyncClient) -> None:
    await signed_in.post("/auth/logout")

    async with portal.database.reading() as connection:
        newest = await portal.stores.audit.newest(connection, limit=2)
    assert [(e.actor, e.action) for e in newest] == [
        ("frontend-dev", "auth.sign-out"),
        ("frontend-dev", "auth.sign-in"),
    ]


async def test_the_page_tells_how_the_cluster_is_and_the_way_back(
    portal: Runtime, anonymous: httpx.AsyncClient
) -> None:
    page = await anonymous.get("/auth/login", params={"next": "/new?step=size&draft=ab12"})
    word = portal.directory.freshness().liveness.value
    assert f"Cluster {portal.cluster_name}: {word}" in page.text
    assert 'href="/new?step=size&amp;draft=ab12"' in page.text
    assert "you came from" not in (await anonymous.get("/auth/login")).text
    away = await anonymous.get("/auth/login", params={"next": "//evil.example"})
    assert "evil" not in away.text
