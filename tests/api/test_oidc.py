"""Sign-in by OpenID Connect, with a provider that can lie: who gets in, what all others see."""

import base64
import hmac
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from sqlalchemy import text

from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.api.conftest import Layers
from tests.support.provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    DEVELOPER_CLAIMS,
    Claims,
    StubProvider,
    running_provider,
    signed,
)
from tests.support.visitor import Visitor

TENANT = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def provider() -> Iterator[StubProvider]:
    with running_provider() as stub:
        yield stub


def told(provider: StubProvider, home: Path, **more: Any) -> Settings:
    return Settings(
        home=home, env="production", no_cluster=True, audit_key=SecretStr("k" * 32),
        secret_key=SecretStr("s" * 32), oidc_issuer=provider.url, oidc_client_id=CLIENT_ID,
        oidc_client_secret=SecretStr(CLIENT_SECRET), **more,
    )  # fmt: skip


@pytest.fixture
async def portal(provider: StubProvider, tmp_path: Path) -> AsyncIterator[Runtime]:
    async with serving(told(provider, tmp_path)) as runtime:
        await runtime.teams.ensure_exist(DEV_TEAMS)
        yield runtime


@pytest.fixture
async def visitor(anonymous: httpx.AsyncClient) -> Visitor:
    return Visitor(anonymous)


async def sessions_in(portal: Runtime) -> int:
    async with portal.database.reading() as connection:
        found = await connection.execute(text("SELECT count(*) FROM login_session"))
    return int(found.scalar_one())


async def test_somebody_signs_in_and_is_in_their_team(visitor: Visitor, portal: Runtime) -> None:
    page = await visitor.get("/auth/login?next=/new")
    assert page.status_code == 200
    assert 'href="/auth/start?next=%2Fnew"' in page.text
    assert "Sign in with 127.0.0.1" in page.text

    done = await visitor.sign_in(next_path="/new")

    assert (done.status_code, done.headers["location"]) == (303, "/new")
    me = (await visitor.get("/api/v1/me")).json()
    assert (me["display_name"], me["teams"]) == ("Ada Lovelace", {"frontend": "developer"})
    assert re.fullmatch(r"oidc:[0-9a-f]{8}:ada", me["subject"])
    assert me["auth"] == "oidc"
    assert list(visitor.cookies) == ["nsaas"], "the attempt is over"
    newest = (await _audit(portal))[0]
    assert (newest.actor, newest.action) == (me["subject"], "auth.sign-in")


async def _audit(portal: Runtime) -> list[Any]:
    async with portal.database.reading() as connection:
        return await portal.stores.audit.newest(connection, limit=5)


async def test_it_works_on_both_databases(
    provider: StubProvider, tmp_path: Path, database_url: str, layers: Layers
) -> None:
    settings = told(provider, tmp_path, database_url=database_url)
    async with (
        serving(settings) as runtime,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(layers.app), base_url="http://localhost:8000"
        ) as client,
    ):
        await runtime.teams.ensure_exist(DEV_TEAMS)
        visitor = Visitor(client)
        assert (await visitor.sign_in()).status_code == 303
        assert (await visitor.get("/api/v1/me")).json()["teams"] == {"frontend": "developer"}


async def test_the_way_there_binds_the_browser(visitor: Visitor, provider: StubProvider) -> None:
    away = await visitor.get("/auth/start")

    query = {k: v[0] for k, v in parse_qs(urlsplit(away.headers["location"]).query).items()}
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert query["redirect_uri"] == "http://localhost:8000/auth/callback"
    assert query["scope"].split()[0] == "openid"
    assert min(len(query[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    cookie = away.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    # What it holds is sealed: neither state nor verifier can be read there.
    assert query["state"] not in cookie
    again = await visitor.get("/auth/start")
    assert query["state"] not in again.headers["location"]


async def test_a_secure_portal_uses_host_cookies(
    provider: StubProvider, tmp_path: Path, layers: Layers
) -> None:
    async with (
        serving(told(provider, tmp_path, public_url="https://portal.example")),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(layers.app), base_url="https://portal.example"
        ) as client,
    ):
        visitor = Visitor(client)
        away = await visitor.get("/auth/start")
        assert away.headers["set-cookie"].startswith("__Host-nsaas-attempt=")
        assert "Secure" in away.headers["set-cookie"]
        done = await visitor.sign_in()
        session = next(
            line for line in done.headers.get_list("set-cookie") if "attempt" not in line
        )
        pattern = r"__Host-nsaas=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure"
        assert re.fullmatch(pattern, session)


@pytest.mark.produces("SIGN_IN_REFUSED")
async def test_another_browser_cannot_finish_it(
    visitor: Visitor, anonymous: httpx.AsyncClient, portal: Runtime
) -> None:
    back = await visitor.go_to_provider()
    for cookies in ({}, {"nsaas-attempt": "made.up"}, {"nsaas-attempt": "a.b.c"}):
        stranger = Visitor(anonymous, dict(cookies))
        reply = await stranger.get(back)
        assert reply.status_code == 401
        assert "was not begun in this browser" in reply.text
        assert stranger.session == ""
    other = Visitor(anonymous)
    await other.go_to_provider()
    assert (await other.get(back)).status_code == 401, "its own attempt, another one's answer"
    assert await sessions_in(portal) == 0


@pytest.mark.parametrize("change", ["state", "code", "no-state", "no-code"])
async def test_a_tampered_answer_signs_nobody_in(
    visitor: Visitor, portal: Runtime, change: str
) -> None:
    url = httpx.URL(await visitor.go_to_provider())
    name = change.removeprefix("no-")
    tampered = (
        url.copy_remove_param(name) if change.startswith("no-") else url.copy_set_param(name, "x")
    )

    reply = await visitor.get(str(tampered))

    assert reply.status_code == 401
    assert "Code <code>SIGN_IN_REFUSED</code>" in reply.text
    assert 'href="/auth/start?next=%2F"' in reply.text
    assert await sessions_in(portal) == 0
    assert (await visitor.get(str(url))).status_code == 401, "an attempt is finished once"


async def test_an_attempt_is_good_for_ten_minutes(
    visitor: Visitor, portal: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = await visitor.go_to_provider()
    assert portal.oidc is not None
    later = portal.clock().timestamp() + 601
    monkeypatch.setattr(portal.oidc, "_clock", lambda: type(portal.clock()).fromtimestamp(later))
    reply = await visitor.get(back)
    assert reply.status_code == 401
    assert "took too long" in reply.text


def _without(name: str) -> Any:
    return lambda claims, key: signed({k: v for k, v in claims.items() if k != name}, key)


def _with(**changed: Any) -> Any:
    return lambda claims, key: signed({**claims, **changed}, key)


def _packed(header: Claims, claims: Claims) -> str:
    parts = (json.dumps(part).encode() for part in (header, claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def _unsigned(claims: Claims, key: RSAKey) -> str:
    return _packed({"alg": "none"}, claims) + "."


def _by_public_key(claims: Claims, key: RSAKey) -> str:
    """The classic: the published key, taken as the secret of a symmetric signature."""
    text = _packed({"alg": "HS256", "kid": key.kid}, claims)
    mac = hmac.digest(key.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _by_somebody_else(claims: Claims, key: RSAKey) -> str:
    other = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, other)


def _by_unknown_key(claims: Claims, key: RSAKey) -> str:
    return signed(claims, RSAKey.generate_key(2048, {"kid": "nobody-knows"}))


def _with_own_key(claims: Claims, key: RSAKey) -> str:
    other = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "jwk": other.as_dict(private=False)}
    return jwt.encode(header, claims, other)


def _altered(claims: Claims, key: RSAKey) -> str:
    head, _, tail = signed(claims, key).split(".")
    _, other, _ = signed({**claims, "groups": ["platform-admins"]}, key).split(".")
    return f"{head}.{other}.{tail}"


HOSTILE: dict[str, Any] = {
    "unsigned": _unsigned,
    "signed with the public key": _by_public_key,
    "signed by somebody else": _by_somebody_else,
    "signed by an unknown key": _by_unknown_key,
    "brings its own key": _with_own_key,
    "altered after signing": _altered,
    "an algorithm not pinned": lambda c, k: jwt.encode(
        {"alg": "RS512", "kid": k.kid}, c, k, algorithms=["RS512"]
    ),
    "another issuer": _with(iss="https://evil.example"),
    "no issuer": _without("iss"),
    "another audience": _with(aud="somebody-else"),
    "no audience": _without("aud"),
    "an empty list of audiences": _with(aud=[]),
    "for several, not through us": _with(aud=[CLIENT_ID, "other"]),
    "through another client": _with(azp="other"),
    "another nonce": _with(nonce="replayed"),
    "no nonce": _without("nonce"),
    "no expiry": _without("exp"),
    "an expiry that is no number": _with(exp="tomorrow"),
    "no subject": _without("sub"),
    "an empty subject": _with(sub=""),
    "a subject of lines": _with(sub="a\nb"),
    "a subject that is no text": _with(sub=7),
    "groups that are no list": _with(groups={"frontend-devs": True}),
    "a group that is no text": _with(groups=["ok", 7]),
    "a group of control characters": _with(groups=["a\x1b[31m"]),
    "no token at all": lambda _c, _k: "not.a.token",
}


async def test_a_hostile_token_signs_nobody_in(
    visitor: Visitor, provider: StubProvider, portal: Runtime
) -> None:
    seen = {}
    for lie, forge in HOSTILE.items():
        provider.forge = forge
        reply = await visitor.sign_in()
        seen[lie] = (reply.status_code, "SIGN_IN_REFUSED" in reply.text, visitor.session)

    assert seen == dict.fromkeys(HOSTILE, (401, True, ""))
    assert await sessions_in(portal) == 0
    provider.forge = signed
    assert (await visitor.sign_in()).status_code == 303, "the control: an honest one is taken"


@pytest.mark.parametrize("aud", [CLIENT_ID, [CLIENT_ID], [CLIENT_ID, "other"]])
async def test_an_honest_token_for_us_is_taken(
    visitor: Visitor, provider: StubProvider, aud: Any
) -> None:
    provider.forge = _with(aud=aud, azp=CLIENT_ID)
    assert (await visitor.sign_in()).status_code == 303


@pytest.mark.parametrize(("ahead_s", "status"), [(100, 303), (-400, 303), (200, 401), (-500, 401)])
async def test_clocks_may_differ_by_two_minutes(
    visitor: Visitor, provider: StubProvider, portal: Runtime, ahead_s: int, status: int
) -> None:
    honest = provider.now
    at = honest().timestamp() + ahead_s
    provider.now = lambda: type(honest()).fromtimestamp(at).astimezone()

    reply = await visitor.sign_in()

    assert reply.status_code == status
    if status == 401:
        assert "clocks" in reply.text


async def test_only_allowed_tenants_get_in(
    provider: StubProvider, tmp_path: Path, layers: Layers
) -> None:
    async with (
        serving(told(provider, tmp_path, oidc_tenants=(TENANT,))) as runtime,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(layers.app), base_url="http://localhost:8000"
        ) as client,
    ):
        for tid in ("another", None, [TENANT]):
            provider.forge = _with(tid=tid) if tid else _without("tid")
            reply = await Visitor(client).sign_in()
            assert reply.status_code == 401
            assert "organisation" in reply.text
        assert await sessions_in(runtime) == 0
        provider.forge = _with(tid=TENANT)
        assert (await Visitor(client).sign_in()).status_code == 303


OVERAGES: list[Claims] = [
    {"hasgroups": True},
    {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://x"}}},
    {"groups": ["frontend-devs"], "_claim_names": {"groups": "src1"}},
]


@pytest.mark.produces("GROUPS_OVERAGE")
@pytest.mark.parametrize("claims", OVERAGES)
async def test_too_many_groups_let_nobody_in_and_a_page_says_so(
    visitor: Visitor, provider: StubProvider, portal: Runtime, claims: Claims
) -> None:
    provider.person = {"sub": "ada", **claims}

    reply = await visitor.sign_in()

    assert reply.status_code == 403
    assert "overage claim" in reply.text
    assert "GROUPS_OVERAGE" in reply.text
    assert await sessions_in(portal) == 0
    newest = (await _audit(portal))[0]
    assert (newest.action, newest.outcome.value) == ("auth.sign-in", "denied")


async def test_app_roles_count_where_groups_are_too_many(
    visitor: Visitor, provider: StubProvider
) -> None:
    provider.person = {
        "sub": "ada", "groups": ["frontend-leads"], "hasgroups": True, "roles": ["some-role"],
    }  # fmt: skip
    assert (await visitor.sign_in()).status_code == 303
    me = (await visitor.get("/api/v1/me")).json()
    assert (me["groups"], me["teams"]) == (["role:some-role"], {})


async def test_groups_and_app_roles_give_roles_by_configuration(
    provider: StubProvider, tmp_path: Path, layers: Layers
) -> None:
    settings = told(
        provider, tmp_path, admin_groups=("role:admin",), auditor_groups=("audit-group",),
        oidc_groups_claim="memberships", oidc_roles_claim="realm_access.roles",
    )  # fmt: skip
    cases: list[tuple[Claims, list[str], dict[str, str]]] = [
        ({"realm_access": {"roles": ["admin"]}}, ["admin"], {}),
        ({"memberships": ["audit-group", "frontend-devs"]}, ["auditor"], {"frontend": "developer"}),
        # A group may call itself what it likes: it is no role, and nobody of the cluster's own.
        ({"memberships": ["role:admin", "system:masters", "x"]}, [], {}),
        ({"groups": ["frontend-leads"], "roles": ["admin"]}, [], {}),
        ({"memberships": "frontend-devs"}, [], {"frontend": "developer"}),
    ]
    async with (
        serving(settings) as runtime,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(layers.app), base_url="http://localhost:8000"
        ) as client,
    ):
        await runtime.teams.ensure_exist(DEV_TEAMS)
        for claims, roles, teams in cases:
            provider.person = {"sub": "ada", **claims}
            visitor = Visitor(client)
            assert (await visitor.sign_in()).status_code == 303
            me = (await visitor.get("/api/v1/me")).json()
            assert (me["roles"], me["teams"]) == (roles, teams), claims
            assert "system:masters" not in me["groups"]


async def test_hundreds_of_groups_are_no_trouble(visitor: Visitor, provider: StubProvider) -> None:
    provider.person["groups"] = [f"group-{i:04}-{'x' * 40}" for i in range(300)]
    assert (await visitor.sign_in()).status_code == 303
    assert len((await visitor.get("/api/v1/me")).json()["groups"]) == 300
    assert sum(map(len, visitor.cookies.values())) < 100
    assert (await visitor.post("/auth/logout")).status_code == 200


async def test_groups_are_looked_up_where_the_token_has_none(
    visitor: Visitor, provider: StubProvider
) -> None:
    provider.forge = _without("groups")
    assert (await visitor.sign_in()).status_code == 303
    assert (await visitor.get("/api/v1/me")).json()["teams"] == {"frontend": "developer"}


async def test_looked_up_groups_of_somebody_else_are_refused(
    visitor: Visitor, provider: StubProvider
) -> None:
    def another(claims: Claims, key: RSAKey) -> str:
        return signed({k: v for k, v in claims.items() if k != "groups"} | {"sub": "eve"}, key)

    provider.forge = another
    assert (await visitor.sign_in()).status_code == 401


async def test_without_groups_somebody_is_in_no_team(
    visitor: Visitor, provider: StubProvider
) -> None:
    provider.person = {"sub": "ada"}
    assert (await visitor.sign_in()).status_code == 303
    me = (await visitor.get("/api/v1/me")).json()
    assert (me["teams"], me["roles"]) == ({}, [])


@pytest.mark.produces("SIGN_IN_UNAVAILABLE")
async def test_a_provider_that_is_down_is_named(visitor: Visitor, provider: StubProvider) -> None:
    provider.is_down = True

    reply = await visitor.get("/auth/start?next=/new")

    assert reply.status_code == 503
    assert "The identity provider does not answer" in reply.text
    assert 'href="/auth/start?next=%2Fnew"' in reply.text
    assert "SIGN_IN_UNAVAILABLE" in reply.text
    provider.is_down = False
    assert (await visitor.sign_in()).status_code == 303


async def test_a_provider_that_goes_down_half_way_is_named(
    visitor: Visitor, provider: StubProvider, portal: Runtime
) -> None:
    back = await visitor.go_to_provider()
    provider.is_down = True
    reply = await visitor.get(back)
    assert reply.status_code == 503
    assert await sessions_in(portal) == 0


async def test_new_keys_are_fetched_when_needed(visitor: Visitor, provider: StubProvider) -> None:
    assert (await visitor.sign_in()).status_code == 303
    provider.rotate()
    assert (await visitor.sign_in()).status_code == 303
    assert provider.asked.count("/keys") == 2
    assert (await visitor.sign_in()).status_code == 303
    assert provider.asked.count("/keys") == 2, "known by now"


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": None},
    ],
)
async def test_a_strange_description_leads_nowhere(
    visitor: Visitor, provider: StubProvider, described: Claims
) -> None:
    provider.extra_discovery = described
    assert (await visitor.get("/auth/start")).status_code == 503


@pytest.mark.parametrize(("error", "words"), [("access_denied", "cancelled"), ("x", "error")])
async def test_a_no_of_the_provider_is_told(
    visitor: Visitor, provider: StubProvider, error: str, words: str
) -> None:
    provider.denies = error
    reply = await visitor.sign_in()
    assert reply.status_code == 401
    assert words in reply.text


async def test_an_answer_of_another_provider_is_refused(
    visitor: Visitor, provider: StubProvider
) -> None:
    back = httpx.URL(await visitor.go_to_provider())
    other = back.copy_set_param("iss", "https://evil.example")
    assert (await visitor.get(str(other))).status_code == 401


async def test_a_promised_issuer_must_come_along(visitor: Visitor, provider: StubProvider) -> None:
    provider.extra_discovery = {"authorization_response_iss_parameter_supported": True}
    back = httpx.URL(await visitor.go_to_provider())
    assert (await visitor.get(str(back))).status_code == 401
    back = httpx.URL(await visitor.go_to_provider())
    assert (await visitor.get(str(back.copy_set_param("iss", provider.url)))).status_code == 303


async def test_nothing_from_the_address_gets_into_a_page(
    visitor: Visitor, provider: StubProvider
) -> None:
    attack = "<script>alert(1)</script>"
    provider.denies = attack
    reply = await visitor.sign_in()
    assert "<script" not in reply.text
    login = await visitor.get(f"/auth/login?next=/{attack}")
    assert "<script" not in login.text
    assert "//evil" not in (await visitor.get("/auth/login?next=//evil.example")).text


async def test_a_sign_in_gives_a_new_session_and_ends_the_one_before(visitor: Visitor) -> None:
    await visitor.sign_in()
    before = visitor.session

    await visitor.sign_in()

    assert visitor.session not in ("", before)
    visitor.cookies["nsaas"] = before
    assert (await visitor.get("/api/v1/me")).status_code == 401


async def test_signing_out_leads_to_the_providers_own_sign_out(
    visitor: Visitor, provider: StubProvider
) -> None:
    await visitor.sign_in()
    old = visitor.session

    reply = await visitor.post("/auth/logout")

    assert reply.status_code == 200
    assert visitor.session == ""
    there = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', reply.text)
    assert there
    address = httpx.URL(there[1].replace("&amp;", "&"))
    assert str(address).startswith(f"{provider.url}/logout?")
    assert address.params["post_logout_redirect_uri"] == "http://localhost:8000/auth/signed-out"
    assert address.params["id_token_hint"].count(".") == 2
    visitor.cookies["nsaas"] = old
    assert (await visitor.get("/api/v1/me")).status_code == 401


async def test_signing_out_works_while_the_provider_is_down(
    visitor: Visitor, provider: StubProvider, portal: Runtime
) -> None:
    await visitor.sign_in()
    provider.is_down = True
    assert (await visitor.post("/auth/logout")).status_code in (200, 303)
    assert await sessions_in(portal) == 0


async def test_signing_out_everywhere_ends_every_session(
    anonymous: httpx.AsyncClient, provider: StubProvider, portal: Runtime
) -> None:
    laptop, phone, other = Visitor(anonymous), Visitor(anonymous), Visitor(anonymous)
    await laptop.sign_in()
    await phone.sign_in()
    provider.person = {**DEVELOPER_CLAIMS, "sub": "bob"}
    await other.sign_in()

    await laptop.post("/auth/logout?everywhere=true")

    assert (await phone.get("/api/v1/me")).status_code == 401
    assert (await other.get("/api/v1/me")).status_code == 200
    assert "auth.sign-out-everywhere" in [event.action for event in await _audit(portal)]


async def test_no_secret_is_stored_readable_or_logged(
    visitor: Visitor, provider: StubProvider, portal: Runtime, capfd: pytest.CaptureFixture[str]
) -> None:
    await visitor.sign_in()
    async with portal.database.reading() as connection:
        rows = str((await connection.execute(text("SELECT * FROM login_session"))).all())
    written = rows + "".join(capfd.readouterr())
    secrets = [visitor.session, *provider._refreshable, CLIENT_SECRET]
    assert not [secret for secret in secrets if secret in written]
    assert "eyJ" not in written, "no token"


async def test_without_a_provider_there_is_no_way_there(tmp_path: Path, layers: Layers) -> None:
    settings = Settings(home=tmp_path, env="dev", no_cluster=True)
    async with (
        serving(settings),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(layers.app), base_url="http://localhost:8000"
        ) as client,
    ):
        assert (await client.get("/auth/start")).status_code == 404
        assert (await client.get("/auth/callback?code=x&state=y")).status_code == 404
