"""Members: whoever is seen with a group of the team, once, with the strongest role."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nsaas_app.domain.actors import Role
from nsaas_app.domain.errors import NotFoundError
from nsaas_app.identity.dev import DEV_IDENTITIES, DEV_TEAMS
from nsaas_app.store.database import Database
from nsaas_app.store.sessions import SessionStore
from nsaas_app.teams.members import Members
from tests.identity.desk import IdentityDesk, opened
from tests.support.actors import actor

FRONTEND = str(DEV_TEAMS[0].name)
LEAD = DEV_IDENTITIES["frontend-lead"]


@pytest.fixture
async def desk(database: Database) -> IdentityDesk:
    return await opened(database)


def members_of(desk: IdentityDesk) -> Members:
    """Members that are looked up anew each time."""
    return Members(
        database=desk.database, sessions=SessionStore(), teams=desk.teams,
        clock=lambda: desk.now, refresh_s=-1,
    )  # fmt: skip


async def test_everybody_is_listed_once_with_the_strongest_role(desk: IdentityDesk) -> None:
    both = replace(LEAD, groups=("frontend-viewers", "frontend-leads"))
    await desk.sign_in(DEV_IDENTITIES["frontend-dev"])
    await desk.sign_in(DEV_IDENTITIES["payments-dev"])
    await desk.sign_in(replace(LEAD, groups=("frontend-viewers",)))
    desk.wait(minutes=5)
    await desk.sign_in(both)
    viewer = DEV_IDENTITIES["frontend-viewer"]
    await desk.tokens.issue(viewer, name="test", lifetime=timedelta(hours=1))

    found = await members_of(desk).of(FRONTEND, actor=actor("frontend-viewer"))

    assert [(one.subject, one.role, one.groups) for one in found.members] == [
        ("frontend-lead", Role.LEAD, ("frontend-leads",)),
        ("frontend-dev", Role.DEVELOPER, ("frontend-devs",)),
        ("frontend-viewer", Role.VIEWER, ("frontend-viewers",)),
    ]
    assert found.members[0].seen_at == desk.now
    assert {one.name: one.seen for one in found.groups} == {
        "frontend-leads": 1, "frontend-devs": 1, "frontend-viewers": 2,
    }  # fmt: skip


async def test_who_is_signed_out_for_long_is_no_longer_seen(desk: IdentityDesk) -> None:
    await desk.tokens.issue(LEAD, name="test", lifetime=timedelta(hours=1))
    assert len((await members_of(desk).of(FRONTEND, actor=actor("admin"))).members) == 1
    desk.wait(hours=2)
    assert (await members_of(desk).of(FRONTEND, actor=actor("admin"))).members == ()


@pytest.mark.parametrize("name", ["frontend", "absent", "Not A Name"])
async def test_strangers_are_told_nothing(desk: IdentityDesk, name: str) -> None:
    with pytest.raises(NotFoundError, match=name):
        await members_of(desk).of(name, actor=actor("payments-lead"))
