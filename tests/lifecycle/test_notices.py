"""Notices of the end of a namespace: in time, to the right people, each once, none lost."""

import asyncio
from datetime import datetime, timedelta

import pytest

from nsaas_app.domain.audit import AuditEvent
from nsaas_app.domain.notices import NoticeKind
from nsaas_app.lifecycle.inbox import INBOX
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.lifecycle.at import notices_at
from tests.support.actors import actor
from tests.support.clocks import Clock
from tests.support.requests import ended, submission, submit

DAY = timedelta(days=1)


async def end_of(portal: Runtime, name: str) -> datetime:
    spec = await portal.changes.spec_of(name, actor=actor("admin"))
    assert spec.expires_at is not None
    return spec.expires_at


def titles(portal: Runtime, who: str) -> list[str]:
    return [item.notice.title for item in portal.lifetime.inbox.of(actor(who))]


async def audited(portal: Runtime) -> list[AuditEvent]:
    async with portal.database.reading() as connection:
        events = await portal.stores.audit.newest(connection, limit=200)
    return [event for event in events if event.action.startswith("notice.")]


async def test_people_are_told_seven_three_and_one_day_before_and_when_it_is_over(
    portal_on_both: Runtime, name: str
) -> None:
    portal = portal_on_both
    await ended(portal, await submit(portal, name))
    end = await end_of(portal, name)
    clock = Clock(end - 10 * DAY)

    told = []
    while clock.now < end + DAY:
        before = len(titles(portal, "frontend-dev"))
        await notices_at(portal, clock).tell()
        await notices_at(portal, clock).tell()
        if len(titles(portal, "frontend-dev")) > before:
            told.append((end - clock.now).days)
        clock.now += timedelta(hours=6)

    assert told == [7, 3, 1, 0]
    assert titles(portal, "frontend-dev")[::-1] == [
        f"{name} expires within 7 days",
        f"{name} expires within 3 days",
        f"{name} expires within 1 day",
        f"{name} has expired",
    ]
    assert len(await audited(portal)) == 4


async def test_the_owner_and_the_leads_of_the_team_are_told_and_nobody_else(
    portal: Runtime, name: str
) -> None:
    await ended(portal, await submit(portal, name))
    clock = Clock(await end_of(portal, name) - DAY)
    seen = portal.directory.hub.versions((INBOX,))

    await notices_at(portal, clock).tell()

    expected = [f"{name} expires within 1 day"]
    assert titles(portal, "frontend-dev") == titles(portal, "frontend-lead") == expected
    for who in ("frontend-viewer", "payments-lead", "payments-dev", "admin", "auditor"):
        assert titles(portal, who) == []
    assert portal.directory.hub.versions((INBOX,)) != seen


async def test_what_one_has_read_the_other_has_not(portal_on_both: Runtime, name: str) -> None:
    portal = portal_on_both
    await ended(portal, await submit(portal, name))
    await notices_at(portal, Clock(await end_of(portal, name) - DAY)).tell()
    inbox, dev, lead = portal.lifetime.inbox, actor("frontend-dev"), actor("frontend-lead")
    (item,) = inbox.of(dev)

    assert await inbox.mark_read([item.notice.notice_id], actor=actor("payments-dev")) == 0
    for _ in range(2):
        assert await inbox.mark_read([item.notice.notice_id, "none"], actor=dev) == 1

    assert (inbox.unread(dev), inbox.unread(lead)) == (0, 1)


async def test_what_fell_due_while_nothing_ran_is_told_once_also_after_a_restart(
    settings: Settings, name: str
) -> None:
    async with serving(settings) as portal:
        await ended(portal, await submit(portal, name))
        clock = Clock(await end_of(portal, name) - 2 * DAY)
    for _ in range(2):
        async with serving(settings) as portal:
            await notices_at(portal, clock).tell()
            assert titles(portal, "frontend-dev") == [f"{name} expires within 2 days"]
            assert len(await audited(portal)) == 1


async def test_processes_that_look_at_once_tell_it_once(portal_on_both: Runtime, name: str) -> None:
    portal = portal_on_both
    await ended(portal, await submit(portal, name))
    clock = Clock(await end_of(portal, name) - DAY)
    await asyncio.gather(
        *(notices_at(portal, clock, has_webhook=True, has_mail=True).tell() for _ in range(4))
    )
    assert len(titles(portal, "frontend-dev")) == len(await audited(portal)) == 1
    async with portal.database.reading() as connection:
        waiting = await portal.stores.notices.count_by_state(connection)
    # The webhook, the owner, and the group of the leads.
    assert waiting == {"pending": 3}


async def test_a_renewed_lifetime_has_warnings_of_its_own(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, name, expires_in_days=10))
    first = await end_of(portal, name)
    await notices_at(portal, Clock(first - 7 * DAY)).tell()
    renewed = await portal.changes.change(name, {"expires_in_days": 60}, submission())
    assert renewed is not None
    await ended(portal, renewed)

    await notices_at(portal, Clock(first - 3 * DAY)).tell()
    assert len(titles(portal, "frontend-dev")) == 1
    await notices_at(portal, Clock(await end_of(portal, name) - 7 * DAY)).tell()
    assert titles(portal, "frontend-dev") == [f"{name} expires within 7 days"] * 2


@pytest.mark.parametrize(("days", "told"), [(2, []), (7, []), (8, ["within 7 days"])])
async def test_a_short_life_does_not_begin_with_a_warning(
    portal: Runtime, name: str, days: int, told: list[str]
) -> None:
    await ended(portal, await submit(portal, name, expires_in_days=days))
    end = await end_of(portal, name)
    await notices_at(portal, Clock(end - 7 * DAY + timedelta(seconds=1))).tell()
    assert [title.partition("expires ")[2] for title in titles(portal, "frontend-dev")] == told


async def test_a_released_namespace_says_when_it_will_be_gone(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, name))
    await ended(portal, await portal.changes.release(name, submission()))
    row = portal.directory.row(name, actor=actor("frontend-dev"))
    assert row.restorable_until is not None

    await notices_at(portal, Clock(row.restorable_until - timedelta(hours=2))).tell()

    (item,) = portal.lifetime.inbox.of(actor("frontend-dev"))
    assert item.notice.kind is NoticeKind.GRACE_ENDING
