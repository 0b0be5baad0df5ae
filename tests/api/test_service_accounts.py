"""Programs inside the cluster come with their ServiceAccount's token, and store no secret."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from nsaas_app.domain.names import TeamName
from nsaas_app.domain.teams import Team
from nsaas_app.identity.roles import GlobalGroups
from nsaas_app.identity.service_accounts import MAX_REMEMBERED, ServiceAccountTokens
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings, SettingsError, load_settings
from tests.api.conftest import Layers
from tests.api.problems import problem_in
from tests.support.controlplane import ControlPlane
from tests.support.names import fresh_name

AUDIENCE = "nsaas-portal"


class Accounts:
    """Accounts of one namespace of the real cluster."""

    def __init__(self, controlplane: ControlPlane) -> None:
        self._kubectl = controlplane.kubectl
        self.namespace = fresh_name("ci")
        self._kubectl("create", "namespace", self.namespace)
        for name in ("deployer", "stranger"):
            self._kubectl("create", "serviceaccount", name, "-n", self.namespace)

    def token(self, name: str, *options: str) -> str:
        return self._kubectl("create", "token", name, "-n", self.namespace, *options).strip()


@pytest.fixture(scope="module")
def accounts(controlplane: ControlPlane) -> Accounts:
    return Accounts(controlplane)


@pytest.fixture
async def portal(settings: Settings, accounts: Accounts) -> AsyncIterator[Runtime]:
    named = (f"{accounts.namespace}/deployer=frontend-devs",)
    async with serving(settings.model_copy(update={"service_accounts": named})) as runtime:
        yield runtime


@pytest.fixture
async def asking(portal: Runtime, layers: Layers) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(layers.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client


async def me(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})


async def test_a_named_account_is_what_its_groups_are(
    asking: httpx.AsyncClient, accounts: Accounts
) -> None:
    answer = await me(asking, accounts.token("deployer", "--audience", AUDIENCE))

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["subject"] == f"system:serviceaccount:{accounts.namespace}:deployer"
    assert told["teams"] == {"frontend": "developer"}


async def test_nobody_else_gets_in(asking: httpx.AsyncClient, accounts: Accounts) -> None:
    good = accounts.token("deployer", "--audience", AUDIENCE)
    head, body, signature = good.split(".")
    refused = {
        "made for the API server": accounts.token("deployer"),
        "made for somebody else": accounts.token("deployer", "--audience", "other"),
        "an account that no setting names": accounts.token("stranger", "--audience", AUDIENCE),
        "changed": f"{head}.{body[:-4]}AAAA.{signature}",
        "unsigned": f"{head}.{body}.",
        "no token": "a.b.c",
    }

    answers = {why: (await me(asking, token)).status_code for why, token in refused.items()}

    assert answers == dict.fromkeys(refused, 401), json.dumps(answers)
    assert (await me(asking, good)).status_code == 200


@pytest.mark.parametrize("text", ["deployer=frontend-devs", "ci/deployer", "ci/x=", "ci/x=a=b"])
def test_a_setting_that_names_no_account_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NSAAS_SERVICE_ACCOUNTS", text)
    with pytest.raises(SettingsError, match="service_accounts"):
        load_settings()


async def test_an_account_makes_no_token_that_would_outlive_its_groups(
    asking: httpx.AsyncClient, accounts: Accounts
) -> None:
    token = accounts.token("deployer", "--audience", AUDIENCE)
    body = {"name": "ci", "scopes": ["read"], "expires_in_days": 1}

    answer = await asking.post(
        "/api/v1/tokens", json=body, headers={"Authorization": f"Bearer {token}"}
    )

    problem_in(answer, 403, "NOT_ALLOWED")


@pytest.fixture
async def few(settings: Settings, accounts: Accounts) -> AsyncIterator[None]:
    """A portal that lets an address have few unknown texts reviewed."""
    told: dict[str, object] = {
        "service_accounts": (f"{accounts.namespace}/deployer=frontend-devs",),
        "auth_rate_burst": 3,
        "auth_rate_per_second": 0.01,
    }
    async with serving(settings.model_copy(update=told)):
        yield


async def test_made_up_tokens_are_not_all_asked_about(
    few: None, layers: Layers, accounts: Accounts
) -> None:
    transport = httpx.ASGITransport(layers.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        good = accounts.token("deployer", "--audience", AUDIENCE)
        assert (await me(client, good)).status_code == 200
        assert [(await me(client, f"made.up.{n}")).status_code for n in (1, 2)] == [401, 401]

        refused = await me(client, "made.up.3")

        problem_in(refused, 429, "RATE_LIMIT")
        assert int(refused.headers["retry-after"]) >= 1
        assert (await me(client, "made.up.1")).status_code == 401, "the answer is known"
        assert (await me(client, good)).status_code == 200, "who was vouched for goes on"
        assert (await client.get("/auth/login")).status_code == 200, "sign-in counts apart"


async def test_made_up_tokens_push_out_nobody() -> None:
    asked: list[str] = []

    async def review(token: str) -> str | None:
        asked.append(token)
        return "system:serviceaccount:ci:deployer" if token == "a.good.one" else None

    async def no_teams() -> dict[TeamName, Team]:
        return {}

    tokens = ServiceAccountTokens(
        review=review, groups={"ci/deployer": ()}, teams=no_teams, global_groups=GlobalGroups()
    )
    assert await tokens.actor_of("a.good.one") is not None
    for n in range(MAX_REMEMBERED + 1):
        assert await tokens.actor_of(f"made.up.{n}") is None
    asked.clear()

    assert await tokens.actor_of("a.good.one") is not None
    assert await tokens.actor_of(f"made.up.{MAX_REMEMBERED}") is None
    assert asked == [], "both answers are still known"
    assert await tokens.actor_of("made.up.0") is None
    assert asked == ["made.up.0"], "the oldest answer went"
