"""Login sessions: who holds the cookie acts, until it ends, expires, lies idle or is signed out."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from nsaas_app.domain.actors import AuthMethod, Role
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.teams import TeamGroups
from nsaas_app.identity.dev import DEV_IDENTITIES, DEV_TEAMS
from nsaas_app.identity.roles import ALL_SCOPES
from nsaas_app.identity.secrets_hash import hash_of
from nsaas_app.store.database import Database
from tests.identity.desk import DEVELOPER, IdentityDesk, opened
from tests.support.actors import actor
from tests.support.databases import Databases, plain_connection


@pytest.fixture
async def desk(database: Database) -> IdentityDesk:
    return await opened(database)


async def test_a_session_gives_its_actor_with_roles(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    found = await desk.sessions.actor_of(cookie)
    assert found is not None
    assert (found.subject, found.display_name) == ("frontend-dev", "Frontend Dev")
    assert found.teams == {TeamName("frontend"): Role.DEVELOPER}
    assert (found.auth, found.scopes) == (AuthMethod.DEV, ALL_SCOPES)
    assert found.session == hash_of(cookie.partition("=")[2])
    assert await desk.sessions.actor_behind(found.session)


async def test_every_session_is_another_secret_and_only_its_hash_is_stored(
    desk: IdentityDesk,
) -> None:
    ids = {(await desk.sign_in()).partition("=")[2] for _ in range(3)}
    assert len(ids) == 3
    assert min(map(len, ids)) >= 43
    async with desk.database.reading() as connection:
        stored = str((await connection.execute(text("SELECT * FROM login_session"))).all())
    assert not any(secret in stored for secret in ids)
    assert all(hash_of(secret) in stored for secret in ids)


async def test_roles_follow_the_teams_as_they_are_now(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    frontend = replace(DEV_TEAMS[0], groups=TeamGroups(lead=DEVELOPER.groups))
    await desk.teams.put(frontend, actor=actor("admin"), source="test")
    found = await desk.sessions.actor_of(cookie)
    assert found is not None
    assert found.teams == {TeamName("frontend"): Role.LEAD}


async def test_a_session_ends_twelve_hours_after_sign_in_however_busy(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    for _ in range(23):
        desk.wait(minutes=30)
        assert await desk.is_signed_in(cookie)
    desk.wait(minutes=29, seconds=59)
    assert await desk.is_signed_in(cookie)
    desk.wait(seconds=1)
    assert not await desk.is_signed_in(cookie)


async def test_a_session_ends_after_an_hour_without_use(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    desk.wait(minutes=60)
    assert await desk.is_signed_in(cookie)
    desk.wait(minutes=60, seconds=1)
    assert not await desk.is_signed_in(cookie)
    desk.wait(minutes=-30)
    assert await desk.is_signed_in(cookie)


async def test_a_page_that_only_looks_for_news_is_no_use(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    session = hash_of(cookie.partition("=")[2])
    for _ in range(6):
        desk.wait(minutes=10)
        assert await desk.sessions.actor_behind(session)
        assert await desk.is_signed_in(cookie, is_use=False)
    desk.wait(seconds=1)
    assert not await desk.sessions.actor_behind(session)
    assert not await desk.is_signed_in(cookie, is_use=False)


async def test_who_signed_out_is_nobody_at_once_and_alone(desk: IdentityDesk) -> None:
    cookie, other = await desk.sign_in(), await desk.sign_in()
    assert await desk.is_signed_in(cookie)
    await desk.sessions.end(cookie, source="test")
    assert not await desk.is_signed_in(cookie)
    assert not await desk.sessions.actor_behind(hash_of(cookie.partition("=")[2]))
    assert await desk.is_signed_in(other)
    await desk.sessions.end(cookie, source="test")
    await desk.sessions.end("", source="test")


async def test_another_process_learns_of_a_sign_out(desk: IdentityDesk) -> None:
    elsewhere = IdentityDesk(desk.database, recheck_s=0)
    cookie = await desk.sign_in()
    assert await elsewhere.is_signed_in(cookie)
    await desk.sessions.end(cookie, source="test")
    assert not await elsewhere.is_signed_in(cookie)


async def test_signing_in_and_out_is_audited(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    await desk.sessions.end(cookie, source="test")
    async with desk.database.reading() as connection:
        last, before = await desk.audit.newest(connection, limit=2)
        assert (await desk.audit.verify(connection))[1] is None
    assert [event.action for event in (before, last)] == ["auth.sign-in", "auth.sign-out"]
    assert last.actor == "frontend-dev"


async def test_what_expired_is_cleared_away_by_the_next_sign_in(desk: IdentityDesk) -> None:
    for _ in range(3):
        await desk.is_signed_in(await desk.sign_in())
    desk.wait(hours=13)
    await desk.sign_in()
    async with desk.database.reading() as connection:
        rows = await connection.execute(text("SELECT count(*) FROM login_session"))
    assert rows.scalar_one() == 1
    assert len(desk.sessions._seen) == 0


async def test_use_is_noted_by_many_calls_at_once(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    desk.wait(minutes=2)
    assert all(await asyncio.gather(*(desk.is_signed_in(cookie) for _ in range(20))))
    async with desk.database.reading() as connection:
        seen = await connection.execute(text("SELECT last_seen_at FROM login_session"))
        assert "03:06:05" in str(seen.scalar_one())


HOSTILE = [
    "",
    ";;;",
    "=",
    "nsaas",
    "nsaas=",
    "nsaas=x",
    "nsaas=\ud800",
    "nsaas=" + "x" * 100_000,
    "Nsaas={id}",
    "xnsaas={id}",
    "nsaas2={id}",
    "__Host-nsaas={id}",
    "nsaas={id}x",
    "other=nsaas={id}",
    "nsaas=x; nsaas={id}",
    "nsaas='; DROP TABLE login_session; --",
]


async def test_a_header_without_our_cookie_is_nobody(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    for header in HOSTILE:
        hostile = header.replace("{id}", cookie.partition("=")[2])
        assert await desk.sessions.actor_of(hostile) is None, ascii(header[:30])
        await desk.sessions.end(hostile, source="test")
    assert await desk.is_signed_in(cookie)


AMONG_OTHERS = [
    "{ours}",
    "  {ours}  ",
    "a=1; {ours}; b=2",
    "a=1;{ours}",
    "{ours}; nsaas=later",
    'json={"a": "b,c"}; {ours}',
    "bad[name]=1; {ours}",
    "no-value; {ours}",
    "caf\u00e9=\u00e9; {ours}",
    'quote="half; {ours}',
]


async def test_odd_cookies_of_others_do_not_sign_anybody_out(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    for header in AMONG_OTHERS:
        assert await desk.is_signed_in(header.replace("{ours}", cookie)), ascii(header)


async def test_with_tls_the_cookie_is_bound_to_the_host(desk: IdentityDesk) -> None:
    secure = IdentityDesk(desk.database, is_secure=True)
    cookie = await secure.sign_in()
    assert cookie.startswith("__Host-nsaas=")
    assert await secure.is_signed_in(cookie)
    assert not await secure.is_signed_in(cookie.removeprefix("__Host-"))


async def test_a_code_signs_in_once_within_ten_minutes(desk: IdentityDesk) -> None:
    first, second = [await desk.sessions.new_code("frontend-dev") for _ in range(2)]
    desk.wait(minutes=9, seconds=59)
    assert await desk.sessions.redeem_code(first) == "frontend-dev"
    assert await desk.sessions.redeem_code(first) is None
    desk.wait(seconds=1)
    assert await desk.sessions.redeem_code(second) is None
    assert await desk.sessions.redeem_code("guessed") is None


async def test_reading_goes_on_where_no_use_can_be_noted(
    databases: Databases, tmp_path: Path
) -> None:
    url = databases.empty("sqlite", tmp_path)
    database = Database(url, patience_s=0.05)
    desk = await opened(database)
    cookie = await desk.sign_in(DEV_IDENTITIES["auditor"])
    desk.wait(minutes=2)
    with plain_connection(url) as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        assert await desk.is_signed_in(cookie)
    await database.close()


async def test_who_is_followed_has_the_rights_of_now(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    elsewhere = IdentityDesk(desk.database, recheck_s=0)
    session = hash_of(cookie.partition("=")[2])
    before = await elsewhere.sessions.actor_behind(session)
    assert before is not None
    assert before.teams == {TeamName("frontend"): Role.DEVELOPER}
    async with desk.database.transaction() as connection:
        await connection.execute(text("UPDATE login_session SET groups = '[]'"))
    now = await elsewhere.sessions.actor_behind(session)
    assert now is not None
    assert now.teams == {}


async def test_a_local_runs_identity_is_nobody_elsewhere(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    production = IdentityDesk(desk.database, is_dev=False)
    assert not await production.is_signed_in(cookie)
    assert await desk.is_signed_in(cookie), "the control"
