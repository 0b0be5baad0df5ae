"""Other rights, another session id: whoever knew the old one has nothing."""

import asyncio
from collections import UserDict
from collections.abc import ValuesView
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from nsaas_app.domain.actors import Role
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.teams import Team
from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.identity.roles import GlobalGroups
from nsaas_app.identity.secrets_hash import hash_of
from nsaas_app.identity.sessions import LoginSessions
from nsaas_app.store.database import Database
from nsaas_app.store.sessions import SessionStore
from tests.identity.desk import DEVELOPER, IdentityDesk, opened
from tests.support.actors import actor
from tests.support.databases import plain_connection
from tests.support.specs import NOW

FRONTEND = next(team for team in DEV_TEAMS if team.name == TeamName("frontend"))


async def become_lead(desk: IdentityDesk) -> None:
    """What a change of the team's groups makes of its developers."""
    groups = replace(FRONTEND.groups, developer=(), lead=("frontend-devs",))
    team = replace(FRONTEND, groups=groups)
    await desk.teams.put(team, actor=actor("admin"), source="test")


async def role(desk: IdentityDesk, cookie: str) -> Role | None:
    found = await desk.sessions.actor_of(cookie)
    return found.teams.get(FRONTEND.name) if found else None


async def test_the_id_stays_as_long_as_the_rights_do(database: Database) -> None:
    desk = await opened(database)
    cookie = await desk.sign_in()
    desk.wait(minutes=30)
    assert await desk.sessions.renew(cookie, source="test") is None
    assert await role(desk, cookie) is Role.DEVELOPER


async def test_a_change_of_role_gives_another_id_and_ends_the_old_one(database: Database) -> None:
    desk = await opened(database)
    cookie = await desk.sign_in()
    key = frozenset({hash_of(cookie.partition("=")[2])})
    assert await role(desk, cookie) is Role.DEVELOPER
    assert await desk.sessions.outdated_among(key) == frozenset()
    await become_lead(desk)
    assert await desk.sessions.outdated_among(key) == key

    new_id = await desk.sessions.renew(cookie, source="test")

    assert new_id is not None
    new = desk.cookie(new_id)
    assert await role(desk, new) is Role.LEAD
    assert await role(desk, cookie) is None
    assert await desk.sessions.was_renewed(cookie)
    assert not await desk.sessions.was_renewed(new)
    assert not await desk.sessions.was_renewed("nsaas=made-up")
    assert await desk.sessions.renew(new, source="test") is None, "once is enough"
    desk.wait(seconds=11)
    assert await desk.sessions.renew(cookie, source="test") is None, "the old one gives nothing"
    assert await desk.sessions.ended_among(key) == key
    async with database.reading() as connection:
        events = await desk.audit.newest(connection, limit=1)
    assert (events[0].actor, events[0].action) == ("frontend-dev", "auth.session-renew")


async def test_calls_at_once_in_two_processes_all_get_the_same_new_id(database: Database) -> None:
    desks = [await opened(database), IdentityDesk(database)]
    cookie = await desks[0].sign_in()
    await become_lead(desks[0])
    calls = (desk.sessions.renew(cookie, source="test") for desk in desks * 4)
    (new_id,) = set(await asyncio.gather(*calls))
    assert new_id is not None
    assert [await role(desk, desk.cookie(new_id)) for desk in desks] == [Role.LEAD] * 2
    async with database.reading() as connection:
        events = await desks[0].audit.newest(connection, limit=9)
    assert [each.action for each in events].count("auth.session-renew") == 1


async def test_an_answer_that_got_lost_is_given_again_for_some_seconds(database: Database) -> None:
    desk, other = await opened(database), IdentityDesk(database)
    cookie = await desk.sign_in()
    await become_lead(desk)
    lost = await desk.sessions.renew(cookie, source="test")
    desk.wait(seconds=9)
    assert await desk.sessions.renew(cookie, source="test") == lost
    assert await other.sessions.followed(cookie) == lost
    assert await role(desk, cookie) is None, "it opens nothing by itself"
    desk.wait(seconds=2)
    assert await desk.sessions.renew(cookie, source="test") is None
    assert await desk.sessions.followed(cookie) is None


async def test_who_signs_out_before_the_new_id_arrived_is_signed_out(database: Database) -> None:
    desk = await opened(database)
    cookie = await desk.sign_in()
    await become_lead(desk)
    new_id = await desk.sessions.renew(cookie, source="test")
    assert new_id is not None
    assert await role(desk, desk.cookie(new_id)) is Role.LEAD
    assert await desk.sessions.end(cookie, source="test") is not None
    assert await role(desk, desk.cookie(new_id)) is None
    assert await desk.sessions.renew(cookie, source="test") is None


async def test_while_the_provider_is_asked_the_id_stays(database: Database) -> None:
    desk = await opened(database)
    desk.recheck_s = 0
    desk.__post_init__()
    cookie = await desk.sign_in()
    await become_lead(desk)
    key, until = hash_of(cookie.partition("=")[2]), NOW + timedelta(seconds=20)
    async with database.transaction() as connection:
        assert await SessionStore().take_refresh(connection, key, now=NOW, until=until)

    assert await desk.sessions.renew(cookie, source="test") is None
    assert await role(desk, cookie) is Role.LEAD, "the rights count at once, whatever the id"

    desk.wait(seconds=20)
    assert await desk.sessions.renew(cookie, source="test") is not None


async def test_a_process_that_reads_the_change_later_gives_no_further_id(
    database: Database,
) -> None:
    first = await opened(database)
    late = IdentityDesk(database)
    cookie = await first.sign_in()
    assert await role(late, cookie) is Role.DEVELOPER, "it has read the teams"
    await become_lead(first)
    new_id = await first.sessions.renew(cookie, source="test")
    assert new_id is not None
    new = first.cookie(new_id)
    assert await role(late, new) is Role.DEVELOPER, "by what it knows, for some seconds more"

    assert await late.sessions.renew(new, source="test") is None

    assert await role(late, new) is Role.LEAD
    assert await role(first, new) is Role.LEAD


class _CountedTeams(UserDict[TeamName, Team]):
    """Teams that count how often somebody goes through all of them."""

    passes = 0

    def values(self) -> ValuesView[Team]:
        self.passes += 1
        return super().values()


async def test_looking_for_outdated_sessions_derives_no_rights_anew(database: Database) -> None:
    desk, teams = await opened(database), _CountedTeams({team.name: team for team in DEV_TEAMS})
    others: list[_CountedTeams] = [teams]

    async def current() -> _CountedTeams:
        return others[-1]

    sessions = LoginSessions(
        database=database, sessions=SessionStore(), audit=desk.audit, teams=current,
        global_groups=GlobalGroups(), clock=lambda: desk.now, is_secure=False, recheck_s=3600,
        is_dev=True,
    )  # fmt: skip
    cookies = [desk.cookie(await sessions.begin(DEVELOPER, source="test")) for _ in range(3)]
    for cookie in cookies:
        assert await sessions.actor_of(cookie)
    keys = frozenset(hash_of(cookie.partition("=")[2]) for cookie in cookies)
    before = teams.passes
    for _ in range(5):
        assert await sessions.outdated_among(keys) == frozenset()
    assert teams.passes == before
    others.append(_CountedTeams())
    for _ in range(5):
        assert await sessions.outdated_among(keys) == keys, "a change is noticed"
    assert others[-1].passes == len(keys), "and costs one pass for each"


async def test_a_session_from_before_rights_were_kept_goes_on_under_its_id(
    database: Database,
) -> None:
    desk = await opened(database)
    cookie = await desk.sign_in()
    key = hash_of(cookie.partition("=")[2])
    with plain_connection(database.url.render_as_string(hide_password=False)) as plain:
        plain.execute(text("UPDATE login_session SET rights = NULL"))
    upgraded = IdentityDesk(database)
    assert await role(upgraded, cookie) is Role.DEVELOPER
    assert await upgraded.sessions.outdated_among(frozenset({key})) == frozenset()

    assert await upgraded.sessions.renew(cookie, source="test") is None

    assert await role(IdentityDesk(database), cookie) is Role.DEVELOPER, "its id is what it was"
    async with database.reading() as connection:
        stored = await SessionStore().get(connection, key)
    assert stored is not None
    assert stored.rights is not None
    await become_lead(upgraded)
    assert await upgraded.sessions.renew(cookie, source="test"), "from now on changes count"
