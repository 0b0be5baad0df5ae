"""What teams had booked: from requests that completed, for those who may see the team."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from nsaas_app.directory.directory import Directory
from nsaas_app.directory.feed import Feed
from nsaas_app.directory.hub import FEED, REQUESTS, Hub
from nsaas_app.directory.requests import RequestBoard
from nsaas_app.domain.errors import NotFoundError
from nsaas_app.domain.names import NamespaceName
from nsaas_app.domain.requests import Phase, ProvisioningRequest, RequestKind, Step, StepName
from nsaas_app.domain.tiers import Tier
from nsaas_app.insights.team_use import TeamUses
from nsaas_app.store.bookings import BookingStore
from nsaas_app.store.database import Database
from nsaas_app.store.requests import RequestStore
from tests.identity.desk import IdentityDesk, opened
from tests.support.actors import actor
from tests.support.specs import NOW, spec_of

WEEK = timedelta(days=7)


@pytest.fixture
async def desk(database: Database) -> IdentityDesk:
    return await opened(database)


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def uses(desk: IdentityDesk, hub: Hub) -> TeamUses:
    feed = Feed(hub.publish, FEED, start=0)
    board = RequestBoard(hub=hub, feed=feed, clock=lambda: desk.now)
    return TeamUses(
        teams=desk.teams,
        directory=Directory(hub=hub, feed=feed, mirror=None, board=board, clock=lambda: desk.now),
        database=desk.database,
        bookings=BookingStore(),
        clock=lambda: desk.now,
    )


async def ended(
    desk: IdentityDesk, name: str, at: datetime, *, kind: RequestKind = RequestKind.PROVISION,
    tier: Tier = Tier.SMALL, phase: Phase = Phase.DONE,
) -> None:  # fmt: skip
    """Store a request that ended at an instant."""
    request = ProvisioningRequest(
        request_id=f"req-{name}-{kind.value}-{phase.value}-{at:%H%M}",
        kind=kind,
        namespace=NamespaceName(name),
        team=spec_of(name).team,
        phase=phase,
        spec=spec_of(name, tier=tier),
        requested_by="frontend-dev",
        correlation_id="c",
        created_at=at,
        finished_at=at,
        steps=(Step(StepName.CHECKS),),
    )
    async with desk.database.transaction() as connection:
        key = request.request_id
        await RequestStore().add(
            connection, request, idempotency_key=key, body_hash="", source="test"
        )


async def test_what_completed_counts_and_what_failed_does_not(
    desk: IdentityDesk, uses: TeamUses
) -> None:
    await ended(desk, "a-dev", NOW - timedelta(hours=3), tier=Tier.MEDIUM)
    await ended(desk, "b-dev", NOW - timedelta(hours=2), phase=Phase.ROLLED_BACK)
    await ended(desk, "c-dev", NOW - timedelta(days=20))
    await ended(desk, "c-dev", NOW - timedelta(days=2), kind=RequestKind.DELETE)

    report = await uses.report(team="frontend", window=WEEK, actor=actor("frontend-viewer"))

    (team,) = report.teams
    assert (team.namespaces, team.booked.cpu) == (1, Decimal(2))
    # Without a cluster nobody knows what pods ask for.
    assert team.requested is None
    assert report.known_since == NOW - timedelta(days=20)
    assert len(report.days) == 7
    # Four whole days of c, the part of the fifth until its deletion, three hours of a.
    since_midnight = NOW - NOW.replace(hour=0, minute=0, second=0)
    last_of_c = Decimal(int(since_midnight.total_seconds())) / 3600
    assert team.hours.cpu == 4 * 24 + last_of_c + 3 * 2
    # Each day is rounded to cents by itself.
    assert abs(team.cost - sum(day.cost for day in report.days)) <= Decimal("0.05")


async def test_a_namespace_that_is_ready_now_shows_once_the_hub_says_so(
    desk: IdentityDesk, uses: TeamUses, hub: Hub
) -> None:
    admin = actor("admin")
    assert (await uses.report(team="", window=WEEK, actor=admin)).known_since is None
    await ended(desk, "a-dev", NOW - timedelta(minutes=1))
    assert (await uses.report(team="", window=WEEK, actor=admin)).known_since is None

    hub.publish(REQUESTS)

    report = await uses.report(team="", window=WEEK, actor=admin)
    assert (report.known_since, report.teams[0].namespaces) == (
        NOW - timedelta(minutes=1),
        1,
    )


async def test_one_sees_ones_own_teams_and_others_look_absent(uses: TeamUses) -> None:
    mine = await uses.report(team="", window=WEEK, actor=actor("payments-dev"))
    assert [team.name for team in mine.teams] == ["payments"]
    every = await uses.report(team="", window=WEEK, actor=actor("auditor"))
    assert [team.name for team in every.teams] == ["frontend", "payments"]
    for name in ("frontend", "no-such-team"):
        with pytest.raises(NotFoundError):
            await uses.report(team=name, window=WEEK, actor=actor("payments-dev"))
