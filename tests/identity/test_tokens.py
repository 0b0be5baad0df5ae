"""API tokens: shown once, narrowed by scopes, gone after their expiry or their revocation."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from nsaas_app.domain.actors import AuthMethod, Role
from nsaas_app.domain.names import TeamName
from nsaas_app.identity.permissions import Permission, may
from nsaas_app.identity.roles import ALL_SCOPES
from nsaas_app.identity.secrets_hash import hash_of
from nsaas_app.store.database import Database
from tests.identity.desk import DEVELOPER, IdentityDesk, opened

HOUR = timedelta(hours=1)
FRONTEND = TeamName("frontend")


@pytest.fixture
async def desk(database: Database) -> IdentityDesk:
    return await opened(database)


async def issue(desk: IdentityDesk, *scopes: str) -> str:
    narrowed = {"scopes": frozenset(scopes)} if scopes else {}
    return await desk.tokens.issue(DEVELOPER, name="ci", lifetime=HOUR, **narrowed)


async def test_a_token_gives_its_owner_with_all_scopes(desk: IdentityDesk) -> None:
    token = await issue(desk)
    found = await desk.tokens.actor_of(token)
    assert found is not None
    assert found.subject == "frontend-dev"
    assert found.teams == {FRONTEND: Role.DEVELOPER}
    assert (found.auth, found.scopes) == (AuthMethod.DEV, ALL_SCOPES)
    assert await desk.tokens.actor_behind(found.session)


async def test_a_token_can_be_found_by_scanners_and_only_its_hash_is_stored(
    desk: IdentityDesk,
) -> None:
    token = await issue(desk)
    assert token.startswith("nsaas_")
    assert len(token) >= 60
    async with desk.database.reading() as connection:
        stored = str((await connection.execute(text("SELECT * FROM api_token"))).all())
    assert hash_of(token) in stored
    assert token.rsplit("_", 1)[1] not in stored


@pytest.mark.parametrize(
    ("scopes", "reads", "writes", "decides"),
    [
        (("read",), True, False, False),
        (("write",), False, True, False),
        (("approve",), False, False, True),
        (("read", "write"), True, True, False),
    ],
)
async def test_scopes_narrow_what_the_owner_may(
    desk: IdentityDesk, scopes: tuple[str, ...], *, reads: bool, writes: bool, decides: bool
) -> None:
    lead = await desk.tokens.issue(
        DEVELOPER.__class__("frontend-lead", "", ("frontend-leads",), AuthMethod.DEV),
        name="ci",
        lifetime=HOUR,
        scopes=frozenset(scopes),
    )
    found = await desk.tokens.actor_of(lead)
    assert found is not None
    assert may(found, Permission.NAMESPACE_READ, FRONTEND) is reads
    assert may(found, Permission.NAMESPACE_REQUEST, FRONTEND) is writes
    assert may(found, Permission.REQUEST_DECIDE, FRONTEND) is decides


async def test_a_token_lives_until_its_instant(desk: IdentityDesk) -> None:
    token = await issue(desk)
    desk.wait(minutes=59, seconds=59)
    assert await desk.tokens.actor_of(token) is not None
    desk.wait(seconds=1)
    assert await desk.tokens.actor_of(token) is None
    assert not await desk.tokens.actor_behind(hash_of(token))


async def test_a_revoked_token_is_soon_nobodys(desk: IdentityDesk) -> None:
    elsewhere = IdentityDesk(desk.database, recheck_s=0)
    token = await issue(desk)
    assert await elsewhere.tokens.actor_of(token) is not None
    async with desk.database.transaction() as connection:
        await connection.execute(text("UPDATE api_token SET revoked_at = created_at"))
    assert await elsewhere.tokens.actor_of(token) is None


async def test_any_other_text_is_nobody(desk: IdentityDesk) -> None:
    token = await issue(desk)
    for other in (
        "", "nsaas_", token[:-1], f"{token}x", token.upper(), token.removeprefix("nsaas_"),
        f" {token}", hash_of(token), f"nsaas_{hash_of(token)}", "nsaas_\ud800", "nsaas_' OR 1=1 --",
    ):  # fmt: skip
        assert await desk.tokens.actor_of(other) is None, ascii(other)
    assert await desk.tokens.actor_of(token) is not None


async def test_a_local_runs_token_is_nobodys_elsewhere(desk: IdentityDesk) -> None:
    token = await issue(desk)
    assert await IdentityDesk(desk.database, is_dev=False).tokens.actor_of(token) is None
    assert await desk.tokens.actor_of(token) is not None, "the control"


async def test_a_token_of_an_account_of_the_cluster_is_nobodys(desk: IdentityDesk) -> None:
    account = replace(DEVELOPER, auth=AuthMethod.SERVICE_ACCOUNT)
    token = await desk.tokens.issue(account, name="ci", lifetime=HOUR)
    assert await desk.tokens.actor_of(token) is None, "nobody could take its groups away"
