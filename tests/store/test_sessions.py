"""Credentials: sessions, one-time codes, tokens. Only hashes are stored, and a code works once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from nsaas_app.domain.actors import AuthMethod
from nsaas_app.store.database import Database
from nsaas_app.store.persons import PersonStore, StoredPerson
from nsaas_app.store.sessions import SessionStore, StoredSession, StoredToken
from tests.support.specs import NOW

SESSIONS = SessionStore()
HOUR = timedelta(hours=1)

SESSION = StoredSession(
    id_hash="h1",
    subject="frontend-dev",
    display_name="Frontend Dev",
    auth=AuthMethod.DEV,
    groups=("frontend-devs", "all"),
    created_at=NOW,
    last_seen_at=NOW,
    expires_at=NOW + HOUR,
)
TOKEN = StoredToken(
    id="t1",
    secret_hash="s1",  # pragma: allowlist secret
    subject="frontend-dev",
    display_name="Frontend Dev",
    name="ci",
    auth=AuthMethod.OIDC,
    groups=("frontend-devs",),
    scopes=frozenset({"read", "write"}),
    created_at=NOW,
    expires_at=NOW + HOUR,
)


async def use(database: Database, code: str, *, minutes: int = 0) -> str | None:
    async with database.transaction() as connection:
        return await SESSIONS.use_code(connection, code, now=NOW + timedelta(minutes=minutes))


async def add_code(database: Database, code: str) -> None:
    async with database.transaction() as connection:
        await SESSIONS.add_code(
            connection, code_hash=code, identity="frontend-dev", expires_at=NOW + HOUR
        )


async def token(database: Database, secret: str, *, minutes: int = 0) -> StoredToken | None:
    async with database.reading() as connection:
        now = NOW + timedelta(minutes=minutes)
        return await SESSIONS.token_by_hash(connection, secret, now=now)


async def test_a_session_comes_back_the_same_is_touched_and_removed(database: Database) -> None:
    other = replace(SESSION, id_hash="h2")
    async with database.transaction() as connection:
        await SESSIONS.add(connection, SESSION)
        await SESSIONS.add(connection, other)
        assert await SESSIONS.get(connection, "h1") == SESSION
        await SESSIONS.touch(connection, "h1", now=NOW + HOUR / 2)
        touched = await SESSIONS.get(connection, "h1")
        assert touched == replace(SESSION, last_seen_at=NOW + HOUR / 2)
        await SESSIONS.remove(connection, "h1")
        assert await SESSIONS.get(connection, "h1") is None
        assert await SESSIONS.get(connection, "h2") == other


async def test_a_code_works_once(database: Database) -> None:
    await add_code(database, "c1")
    assert await use(database, "c1") == "frontend-dev"
    assert await use(database, "c1") is None
    assert await use(database, "never issued") is None


async def test_a_code_works_once_for_many_at_the_same_time(database: Database) -> None:
    await add_code(database, "c1")
    used = await asyncio.gather(*(use(database, "c1") for _ in range(8)))
    assert sorted(map(str, used)) == [*["None"] * 7, "frontend-dev"]


async def test_a_code_works_until_its_instant(database: Database) -> None:
    await add_code(database, "c1")
    await add_code(database, "c2")
    assert await use(database, "c1", minutes=59) == "frontend-dev"
    assert await use(database, "c2", minutes=60) is None
    assert await use(database, "c2") is None


async def test_what_ended_is_forgotten(database: Database) -> None:
    await add_code(database, "c1")
    async with database.transaction() as connection:
        await SESSIONS.add(connection, SESSION)
        await SESSIONS.remove_expired(connection, now=NOW + HOUR - timedelta(seconds=1))
        assert await SESSIONS.get(connection, "h1") is not None
        await SESSIONS.remove_expired(connection, now=NOW + HOUR)
        assert await SESSIONS.get(connection, "h1") is None
    assert await use(database, "c1") is None


async def test_a_living_token_comes_back_the_same(database: Database) -> None:
    async with database.transaction() as connection:
        await SESSIONS.add_token(connection, TOKEN)
    assert await token(database, "s1") == TOKEN
    assert await token(database, "s1", minutes=59) == TOKEN
    assert await token(database, "s1", minutes=60) is None
    assert await token(database, "s2") is None


async def test_a_revoked_token_is_none(database: Database) -> None:
    async with database.transaction() as connection:
        await SESSIONS.add_token(connection, TOKEN)
        other = replace(TOKEN, id="t2", secret_hash="s2")  # pragma: allowlist secret
        await SESSIONS.add_token(connection, other)
        await connection.execute(text("UPDATE api_token SET revoked_at = created_at WHERE id='t1'"))
    assert await token(database, "s1") is None
    assert await token(database, "s2") is not None


async def test_of_whom_a_provider_vouches_for_its_last_word_counts(database: Database) -> None:
    person = StoredPerson(
        subject=TOKEN.subject, issuer="https://id.example", issuer_subject="ada", tenant="",
        object_id="", display_name="Ada Now", groups=("payments-devs",), confirmed_at=NOW - HOUR,
    )  # fmt: skip
    async with database.transaction() as connection:
        await SESSIONS.add_token(connection, TOKEN)
        (snapshot,) = await SESSIONS.seen(connection, now=NOW)
        assert snapshot.groups == TOKEN.groups, "the control: nobody vouched yet"
        await PersonStore().put(connection, person)
        (seen,) = await SESSIONS.seen(connection, now=NOW)
        groups = await SESSIONS.groups_by_subject(connection)

    assert (seen.groups, seen.display_name) == (("payments-devs",), "Ada Now")
    assert seen.seen_at == snapshot.seen_at
    assert groups[TOKEN.subject] == (NOW - HOUR, ("payments-devs",))
