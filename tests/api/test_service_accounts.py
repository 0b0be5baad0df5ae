"""Programs inside the cluster come with their ServiceAccount's token, and store no secret."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

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
