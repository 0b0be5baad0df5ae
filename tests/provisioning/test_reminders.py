"""Approvals that nobody gives: reminded of, each time once, and ended when their time is over."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from nsaas_app.domain.audit import AuditEvent
from nsaas_app.domain.requests import Phase, ProvisioningRequest
from nsaas_app.provisioning.decisions import Decisions
from nsaas_app.provisioning.reminders import Reminders
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.actors import actor
from tests.support.requests import submit

DAY = timedelta(days=1)


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def _reminders(portal: Runtime, clock: Clock) -> Reminders:
    days = portal.settings.approval_reminder_days
    return Reminders(
        stores=portal.stores,
        board=portal.requests,
        clock=clock,
        moments=[timedelta(days=one) for one in days],
    )


async def _waiting(portal: Runtime, name: str) -> tuple[ProvisioningRequest, Clock]:
    request = await submit(portal, name, environment="production", cost_center="cc")
    assert request.phase is Phase.AWAITING_APPROVAL
    return request, Clock(request.created_at)


async def _told(portal: Runtime) -> list[AuditEvent]:
    async with portal.database.reading() as connection:
        events = await portal.stores.audit.newest(connection, limit=100)
    return [event for event in events if event.action == "approval.remind"]


def _counted() -> float:
    return REGISTRY.get_sample_value("nsaas_approval_reminders_total") or 0.0


async def test_approvers_are_reminded_after_one_day_three_days_and_before_the_end(
    portal_on_both: Runtime, name: str
) -> None:
    portal, before = portal_on_both, _counted()
    request, clock = await _waiting(portal, name)
    reminders = _reminders(portal, clock)

    told_after = []
    for hours in range(0, 7 * 24, 6):
        clock.now = request.created_at + timedelta(hours=hours)
        count = len(await _told(portal))
        await reminders.remind()
        await reminders.remind()
        if len(await _told(portal)) > count:
            told_after.append(hours // 24)

    assert told_after == [1, 3, 6]
    assert _counted() == before + 3
    newest = (await _told(portal))[0]
    assert newest.request_id == request.request_id
    assert newest.after is not None
    assert newest.after["waits_for"] == ["lead", "admin"]


async def test_a_reminder_is_a_line_of_the_feed(portal: Runtime, name: str) -> None:
    request, clock = await _waiting(portal, name)
    seen = portal.directory.feed.last_id
    clock.now += DAY

    await _reminders(portal, clock).remind()

    changes, _ = portal.directory.feed.since(seen)
    assert [(c.event, c.key) for c in changes] == [("request.updated", request.request_id)]
    shown = portal.requests.get(request.request_id, actor=actor("frontend-lead"))
    assert shown.approval is not None
    assert shown.approval.reminded_at == clock.now


async def test_what_fell_due_while_nothing_ran_is_told_once_also_after_a_restart(
    settings: Settings, name: str
) -> None:
    async with serving(settings) as portal:
        _, clock = await _waiting(portal, name)
    clock.now += 4 * DAY

    for _ in range(2):
        async with serving(settings) as portal:
            await _reminders(portal, clock).remind()
            assert len(await _told(portal)) == 1


async def test_two_processes_that_look_at_once_tell_it_once(
    portal_on_both: Runtime, name: str
) -> None:
    portal = portal_on_both
    _, clock = await _waiting(portal, name)
    clock.now += DAY

    await asyncio.gather(*(_reminders(portal, clock).remind() for _ in range(4)))

    assert len(await _told(portal)) == 1


async def test_who_has_decided_is_not_waited_for(portal: Runtime, name: str) -> None:
    request, clock = await _waiting(portal, name)
    await portal.decisions.reject(
        request.request_id, actor=actor("admin"), comment="no", source="test"
    )
    clock.now += DAY

    await _reminders(portal, clock).remind()

    assert await _told(portal) == []


@pytest.mark.produces("APPROVAL_EXPIRED")
async def test_an_approval_that_nobody_gives_ends_the_request(portal: Runtime, name: str) -> None:
    request, clock = await _waiting(portal, name)
    decisions = Decisions(
        stores=portal.stores,
        teams=portal.teams,
        board=portal.requests,
        directory=portal.directory,
        clock=clock,
        wake_worker=lambda: None,
    )
    assert request.approval is not None
    clock.now = request.approval.expires_at
    await _reminders(portal, clock).remind()
    assert await _told(portal) == []

    await decisions.expire()

    ended = portal.requests.get(request.request_id, actor=actor("admin"))
    assert ended.phase is Phase.EXPIRED
    assert ended.failure is not None
    assert ended.failure.code == "APPROVAL_EXPIRED"
    use = await portal.teams.budget_use(request.team)
    assert use.namespaces == 0
