"""Sessions are confirmed anew: rights end within ten minutes, whatever the provider does."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from nsaas_app.domain.actors import Role
from nsaas_app.domain.names import TeamName
from nsaas_app.identity.oidc import OidcSignIn
from nsaas_app.identity.provider import IdentityProvider
from nsaas_app.identity.provider_settings import ProviderSettings
from nsaas_app.identity.refreshing import SessionRefresher
from nsaas_app.identity.roles import GlobalGroups, Identity
from nsaas_app.identity.sealing import Sealer
from nsaas_app.identity.secrets_hash import hash_of
from nsaas_app.identity.sessions import LoginSessions
from nsaas_app.identity.tokens import ApiTokens
from nsaas_app.store.database import Database
from nsaas_app.store.persons import PersonStore
from nsaas_app.store.sessions import SessionStore
from tests.identity.desk import IdentityDesk, opened
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, StubProvider, running_provider
from tests.support.specs import NOW
from tests.support.waiting import eventually_async

FRONTEND = TeamName("frontend")
SEALER = Sealer(("s" * 32,))


@dataclass
class Process:
    """A portal's process with an identity provider; several may share a database and a clock."""

    desk: IdentityDesk
    stub: StubProvider
    provider: IdentityProvider = field(init=False)

    def __post_init__(self) -> None:
        settings = ProviderSettings(
            issuer=self.stub.url, client_id=CLIENT_ID, client_secret=CLIENT_SECRET,
            redirect_uri="http://localhost/auth/callback", signed_out_uri="http://localhost/",
        )  # fmt: skip
        database, audit = self.desk.database, self.desk.audit
        self.provider = IdentityProvider(settings, clock=self.clock)
        self.refresher = SessionRefresher(
            provider=self.provider, sealer=SEALER, database=database, sessions=SessionStore(),
            persons=PersonStore(), audit=audit, clock=self.clock, rest_s=0,
        )  # fmt: skip
        self.sessions = LoginSessions(
            database=database, sessions=SessionStore(), audit=audit, teams=self.desk.teams.all,
            global_groups=GlobalGroups(), clock=self.clock, is_secure=False,
            refresher=self.refresher, recheck_s=0,
        )  # fmt: skip
        self.tokens = ApiTokens(
            database=database, sessions=SessionStore(), teams=self.desk.teams.all,
            global_groups=GlobalGroups(), clock=self.clock, recheck_s=0,
        )  # fmt: skip
        self.oidc = OidcSignIn(
            provider=self.provider, sealer=SEALER, sessions=self.sessions, database=database,
            audit=audit, clock=self.clock,
        )  # fmt: skip

    def clock(self) -> datetime:
        return self.desk.now

    async def sign_in(self) -> str:
        """The Cookie header of somebody who signed in."""
        started = await self.oidc.begin("/")
        async with httpx.AsyncClient(trust_env=False) as internet:
            back = await internet.get(started.url)
        answer = {k: v[0] for k, v in parse_qs(urlsplit(back.headers["location"]).query).items()}
        finished = await self.oidc.finish(started.attempt, answer, replaces="")
        return f"nsaas={finished.session_id}"

    async def role(self, cookie: str) -> Role | None:
        """The role in the team, None for somebody who is signed out."""
        found = await self.sessions.actor_of(cookie)
        return found.teams.get(FRONTEND) if found else None

    async def is_signed_in(self, cookie: str) -> bool:
        return await self.sessions.actor_of(cookie) is not None

    async def close(self) -> None:
        await self.refresher.close()
        await self.provider.close()


@pytest.fixture
def stub() -> Iterator[StubProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture
async def process(database: Database, stub: StubProvider) -> AsyncIterator[Process]:
    made = Process(await opened(database), stub)
    stub.now = made.clock
    yield made
    await made.close()


async def test_a_change_of_groups_counts_within_ten_minutes(
    process: Process, stub: StubProvider
) -> None:
    cookie = await process.sign_in()
    assert await process.role(cookie) is Role.DEVELOPER
    stub.person = {"sub": "ada", "groups": ["frontend-leads"]}
    process.desk.wait(minutes=4)
    assert await process.role(cookie) is Role.DEVELOPER
    assert stub.asked.count("/token") == 1, "not asked again yet"

    process.desk.wait(minutes=6)

    assert await process.role(cookie) is Role.LEAD
    async with process.desk.database.reading() as connection:
        newest = (await process.desk.audit.newest(connection, limit=1))[0]
    assert (newest.action, newest.after) == ("auth.groups", {"groups": ["frontend-leads"]})


async def test_after_five_minutes_it_is_asked_behind_the_scenes(
    process: Process, stub: StubProvider
) -> None:
    cookie = await process.sign_in()
    stub.person = {"sub": "ada", "groups": []}
    process.desk.wait(minutes=5)

    async def is_known() -> bool:
        return await process.is_signed_in(cookie) and await process.role(cookie) is None

    await eventually_async(is_known, within_s=30)


async def test_a_refused_refresh_ends_the_session(process: Process, stub: StubProvider) -> None:
    cookie = await process.sign_in()
    stub.refuses_refresh = True
    process.desk.wait(minutes=10)

    assert not await process.is_signed_in(cookie)

    stub.refuses_refresh = False
    assert not await process.is_signed_in(cookie), "it does not come back"
    async with process.desk.database.reading() as connection:
        newest = (await process.desk.audit.newest(connection, limit=1))[0]
    assert (newest.action, newest.outcome.value) == ("auth.session-end", "denied")


async def test_too_many_groups_at_a_refresh_end_the_session(
    process: Process, stub: StubProvider
) -> None:
    cookie = await process.sign_in()
    stub.person = {"sub": "ada", "hasgroups": True}
    process.desk.wait(minutes=10)
    assert not await process.is_signed_in(cookie)


async def test_a_refresh_about_somebody_else_ends_the_session(
    process: Process, stub: StubProvider
) -> None:
    cookie = await process.sign_in()
    stub.person = {"sub": "eve", "groups": ["platform-admins"]}
    process.desk.wait(minutes=10)
    assert not await process.is_signed_in(cookie)


async def test_while_the_provider_is_down_a_session_lies_still_after_ten_minutes(
    process: Process, stub: StubProvider
) -> None:
    cookie = await process.sign_in()
    stub.is_down = True
    process.desk.wait(minutes=9, seconds=59)
    assert await process.is_signed_in(cookie)
    process.desk.wait(seconds=1)
    assert not await process.is_signed_in(cookie)

    stub.is_down = False

    assert await process.is_signed_in(cookie), "it goes on where it was"


async def test_a_session_that_cannot_be_confirmed_ends_after_ten_minutes(
    process: Process, stub: StubProvider
) -> None:
    stub.gives_refresh_token = False
    cookie = await process.sign_in()
    assert await process.is_signed_in(cookie)
    process.desk.wait(minutes=9, seconds=59)
    for _ in range(20):
        assert await process.is_signed_in(cookie), "nor is it ended behind the scenes"
    process.desk.wait(seconds=1)
    assert not await process.is_signed_in(cookie)


async def test_a_refresh_token_outlives_what_fails_after_it(
    process: Process, stub: StubProvider
) -> None:
    cookie = await process.sign_in()
    # The token is had, then userinfo is asked, which is cut.
    stub.gives_id_token_at_refresh = False
    stub.drops = "/userinfo"
    process.desk.wait(minutes=10)
    assert not await process.is_signed_in(cookie)
    assert "/userinfo" in stub.asked

    stub.drops = ""

    assert await process.role(cookie) is Role.DEVELOPER, "asked with the new token, not the old"


async def test_a_confirmation_after_the_lease_writes_nothing(
    process: Process, stub: StubProvider
) -> None:
    cookie = await process.sign_in()
    store, key = SessionStore(), hash_of(cookie.partition("=")[2])
    lost, held = NOW + timedelta(seconds=20), NOW + timedelta(seconds=40)
    async with process.desk.database.transaction() as connection:
        session = await store.get(connection, key)
        assert session is not None
        assert await store.take_refresh(connection, key, now=NOW, until=lost)
        assert await store.take_refresh(connection, key, now=lost, until=held)
        changed = replace(session, groups=("platform-admins",))
        assert not await store.confirm(connection, changed, taken=lost)
        assert not await store.keep_refresh_token(connection, key, "old", taken=lost)
        assert not await store.release_refresh(connection, key, taken=lost)
        kept = await store.get(connection, key)
        assert kept == replace(session, refreshing_until=held)
        assert await store.confirm(connection, changed, taken=held)


async def test_new_keys_do_not_sign_anybody_out(process: Process, stub: StubProvider) -> None:
    cookie = await process.sign_in()
    stub.rotate()
    process.desk.wait(minutes=10)
    assert await process.role(cookie) is Role.DEVELOPER


async def test_a_refresh_without_a_token_is_looked_up(process: Process, stub: StubProvider) -> None:
    cookie = await process.sign_in()
    stub.gives_id_token_at_refresh = False
    stub.person = {"sub": "ada", "groups": ["frontend-leads"]}
    process.desk.wait(minutes=10)
    assert await process.role(cookie) is Role.LEAD


async def test_a_refresh_that_tells_nothing_of_groups_takes_them_away(
    process: Process, stub: StubProvider
) -> None:
    cookie = await process.sign_in()
    stub.person = {"sub": "ada"}
    process.desk.wait(minutes=10)
    assert await process.is_signed_in(cookie)
    assert await process.role(cookie) is None


async def test_one_question_at_a_time_over_all_processes(
    process: Process, stub: StubProvider
) -> None:
    other = Process(process.desk, stub)
    cookie = await process.sign_in()
    process.desk.wait(minutes=10)

    # A refresh token works once: a second question would end the session.
    calls = [each.is_signed_in(cookie) for each in (process, other) * 4]
    assert all(await asyncio.gather(*calls))

    assert stub.asked.count("/token") == 2
    await other.close()


async def test_a_process_without_the_provider_believes_for_ten_minutes(process: Process) -> None:
    cookie = await process.sign_in()
    process.desk.wait(minutes=9)
    assert await process.desk.is_signed_in(cookie)
    process.desk.wait(minutes=1)
    assert not await process.desk.is_signed_in(cookie)


async def test_what_ended_is_found_among_open_connections(process: Process) -> None:
    first, second = await process.sign_in(), await process.sign_in()
    found = [await process.sessions.actor_of(cookie) for cookie in (first, second)]
    keys = frozenset(actor.session for actor in found if actor)
    assert len(keys) == 2
    assert await process.sessions.ended_among(keys) == frozenset()
    await process.sessions.end(first, source="test")
    assert len(await process.sessions.ended_among(keys)) == 1
    process.desk.wait(minutes=10)
    assert await process.sessions.ended_among(keys) == keys, "nobody confirmed the other one"


async def test_a_token_has_its_owners_groups_of_now(process: Process, stub: StubProvider) -> None:
    cookie = await process.sign_in()
    owner = await process.sessions.actor_of(cookie)
    assert owner is not None
    identity = Identity(owner.subject, owner.display_name, owner.groups, owner.auth)
    token = await process.tokens.issue(identity, name="ci", lifetime=timedelta(days=60))
    found = await process.tokens.actor_of(token)
    assert found is not None
    assert found.teams == {FRONTEND: Role.DEVELOPER}

    stub.person = {"sub": "ada", "groups": []}
    process.desk.wait(minutes=10)
    await process.role(cookie)

    found = await process.tokens.actor_of(token)
    assert found is not None
    assert found.teams == {}
    process.desk.wait(days=14)
    assert await process.tokens.actor_of(token) is None, "nobody vouched for its owner for so long"
    process.desk.now = NOW + timedelta(days=15)
    await process.sign_in()
    assert await process.tokens.actor_of(token) is not None


async def test_other_groups_at_a_confirmation_give_another_id(
    process: Process, stub: StubProvider
) -> None:
    cookie = await process.sign_in()
    process.desk.wait(minutes=10)
    assert await process.role(cookie) is Role.DEVELOPER
    assert await process.sessions.renew(cookie, source="test") is None, "the same groups again"
    stub.person = {"sub": "ada", "groups": ["frontend-leads"]}
    process.desk.wait(minutes=10)

    new_id = await process.sessions.renew(cookie, source="test")

    assert await process.role(cookie) is None
    assert await process.role(f"nsaas={new_id}") is Role.LEAD
    stub.person = {"sub": "ada", "groups": []}
    process.desk.wait(minutes=10)
    assert await process.role(f"nsaas={new_id}") is None, "it is confirmed like any other"
