"""One look at all open sessions serves every page behind them: what it read is remembered."""

import asyncio
from collections.abc import Collection

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nsaas_app.domain.actors import Role
from nsaas_app.domain.names import TeamName
from nsaas_app.identity.secrets_hash import hash_of
from nsaas_app.store.database import Database
from nsaas_app.store.sessions import SessionStore, StoredSession, TokenTimes
from tests.identity.desk import IdentityDesk, opened
from tests.support.statements import statements_of


@pytest.fixture
async def desk(database: Database) -> IdentityDesk:
    return await opened(database)


def key_of(cookie: str) -> str:
    return hash_of(cookie.partition("=")[2])


def let_it_grow_old(desk: IdentityDesk) -> None:
    """Every session was read longer ago than this process believes one."""
    for key, (session, read_at) in desk.sessions._seen.items():
        desk.sessions._seen[key] = (session, read_at - 2 * desk.recheck_s)


class HeldBack(SessionStore):
    """The real store, whose answer about open sessions waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.was_read, self.may_go = asyncio.Event(), asyncio.Event()

    async def standing(
        self, connection: AsyncConnection, id_hashes: Collection[str]
    ) -> dict[str, StoredSession | TokenTimes]:
        found = await super().standing(connection, id_hashes)
        self.was_read.set()
        await self.may_go.wait()
        return found


async def test_after_a_look_no_page_asks_the_database_who_it_is(desk: IdentityDesk) -> None:
    cookies = [await desk.sign_in() for _ in range(3)]
    for cookie in cookies:
        assert await desk.is_signed_in(cookie)
    let_it_grow_old(desk)
    with statements_of(desk.database) as alone:
        assert await desk.is_signed_in(cookies[0], is_use=False)
    assert alone, "without a look each page asks by itself"

    let_it_grow_old(desk)
    with statements_of(desk.database) as asked:
        assert not await desk.sessions.ended_among(frozenset(map(key_of, cookies)))
        once = len(asked)
        for cookie in cookies:
            assert await desk.is_signed_in(cookie, is_use=False)
            assert await desk.sessions.actor_behind(key_of(cookie))
    assert len(asked) == once > 0


async def test_a_session_that_ended_elsewhere_is_over_at_the_next_look(desk: IdentityDesk) -> None:
    cookie, other = await desk.sign_in(), await desk.sign_in()
    keys = frozenset(map(key_of, (cookie, other)))
    assert await desk.is_signed_in(cookie)
    assert await desk.is_signed_in(other)
    async with desk.database.transaction() as connection:
        await SessionStore().remove(connection, key_of(cookie))
    assert await desk.is_signed_in(cookie), "nobody has looked yet"

    assert await desk.sessions.ended_among(keys) == {key_of(cookie)}
    with statements_of(desk.database) as asked:
        assert await desk.is_signed_in(other)
    assert not asked
    assert not await desk.is_signed_in(cookie)


async def test_who_signs_out_while_a_look_runs_is_not_brought_back_by_it(
    desk: IdentityDesk,
) -> None:
    cookie, other = await desk.sign_in(), await desk.sign_in()
    assert await desk.is_signed_in(cookie)
    assert await desk.is_signed_in(other)
    desk.sessions._store = held = HeldBack()
    look = asyncio.create_task(desk.sessions.ended_among(frozenset(map(key_of, (cookie, other)))))
    async with asyncio.timeout(30):
        await held.was_read.wait()
        await desk.sessions.end(cookie, source="test")
        held.may_go.set()
        await look
    assert not await desk.is_signed_in(cookie)
    assert not await desk.sessions.actor_behind(key_of(cookie))
    assert await desk.is_signed_in(other)


async def test_groups_that_changed_elsewhere_come_in_with_the_look(desk: IdentityDesk) -> None:
    cookie = await desk.sign_in()
    before = await desk.sessions.actor_of(cookie)
    assert before is not None
    assert before.teams == {TeamName("frontend"): Role.DEVELOPER}
    async with desk.database.transaction() as connection:
        await connection.execute(text("UPDATE login_session SET groups = '[]'"))
    assert await desk.sessions.actor_of(cookie) == before, "nobody has looked yet"

    await desk.sessions.ended_among(frozenset({key_of(cookie)}))
    with statements_of(desk.database) as asked:
        now = await desk.sessions.actor_of(cookie)
    assert now is not None
    assert now.teams == {}
    assert not asked
