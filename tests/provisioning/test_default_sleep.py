"""Development sleeps at night unless somebody says otherwise; nothing else does by itself."""

from datetime import timedelta
from typing import Any

import pytest

from nsaas_app.domain.requests import RequestKind
from nsaas_app.domain.sleep import NIGHTS_AND_WEEKENDS, SleepSchedule
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.spec_draft import draft_from_document
from nsaas_app.lifecycle.timetable import FIRST_HOURS
from nsaas_app.provisioning.checks import check_draft
from nsaas_app.runtime import Runtime
from nsaas_app.settings import Settings
from tests.lifecycle.at import timetable_at
from tests.support.actors import actor
from tests.support.clocks import Clock
from tests.support.requests import draft, ended, submission, submit
from tests.support.specs import FRONTEND, NOW

NIGHTS = SleepSchedule.parse("Europe/Berlin", NIGHTS_AND_WEEKENDS)
IDLE = {"timezone": "UTC", "asleep": ["idle 4h"]}
OWN = {"timezone": "UTC", "asleep": ["Sat-Sun"]}


def asked(environment: str, **fields: Any) -> SleepSchedule | None:
    document = {"name": "shop", "team": "frontend", "environment": environment, "cost_center": "cc"}
    checked = check_draft(
        draft_from_document(document | fields), teams={FRONTEND.name: FRONTEND},
        actor=actor("frontend-dev"), cluster="local", now=NOW, timezone="Europe/Berlin",
    )  # fmt: skip
    assert checked.spec is not None, checked.issues
    return checked.spec.sleep


@pytest.mark.parametrize(
    ("environment", "fields", "schedule"),
    [
        ("development", {}, NIGHTS),
        ("development", {"sleep": None}, None),
        ("development", {"sleep": OWN}, SleepSchedule.parse("UTC", ("Sat-Sun",))),
        ("testing", {}, None),
        ("testing", {"sleep": IDLE}, SleepSchedule.parse("UTC", ("idle 4h",))),
        ("staging", {}, None),
        ("production", {}, None),
        ("production", {"sleep": None}, None),
    ],
)
def test_what_is_not_said_follows_the_environment(
    environment: str, fields: dict[str, Any], schedule: SleepSchedule | None
) -> None:
    assert asked(environment, **fields) == schedule


async def spec_of(portal: Runtime, name: str) -> NamespaceSpec:
    return await portal.changes.spec_of(name, actor=actor("admin"))


async def test_a_schedule_that_was_taken_out_does_not_come_back(portal: Runtime, name: str) -> None:
    await ended(portal, await submit(portal, name))
    assert (await spec_of(portal, name)).sleep is not None
    for patch in ({"sleep": None}, {"description": "later"}):
        request = await portal.changes.change(name, patch, submission())
        assert request is not None
        await ended(portal, request)
        assert (await spec_of(portal, name)).sleep is None
    copy = await portal.changes.clone(name, f"{name}-b", {}, submission())
    assert copy.spec.sleep is None, "a copy is like it"
    other = {"environment": "staging", "cost_center": "cc"}
    elsewhere = await portal.changes.clone(name, f"{name}-c", other, submission())
    assert elsewhere.spec.sleep is None
    for request in (copy, elsewhere):
        await ended(portal, request)


async def test_what_is_adopted_runs_on_as_it_did(portal: Runtime, name: str) -> None:
    provisioner, who = portal.provisioner, actor("frontend-dev")
    adopted = await provisioner.check_spec(draft(name), actor=who, kind=RequestKind.ADOPT)
    made = await provisioner.check_spec(draft(name), actor=who)
    assert adopted.spec is not None
    assert made.spec is not None
    assert (adopted.spec.sleep, made.spec.sleep is None) == (None, False)


async def test_whoever_asks_for_one_in_the_evening_works_in_it(portal: Runtime, name: str) -> None:
    now = portal.clock()
    soon = f"{now + timedelta(minutes=2):%H:%M}"
    later = f"{now + timedelta(minutes=1):%H:%M}"
    schedule: dict[str, Any] = {
        "sleep_timezone": "UTC",
        "sleep_windows": (f"daily {soon}-{later}",),
    }
    await ended(portal, await submit(portal, name, **schedule))
    # The first edge is two minutes away: within the first hours it passes unheeded.
    await timetable_at(portal, Clock(now + timedelta(minutes=30))).tick()
    assert timedelta(minutes=30) < FIRST_HOURS
    assert portal.requests.in_flight(actor=actor("admin")) == ()
    assert portal.directory.row(name, actor=actor("admin")).asleep is None


def test_a_platform_chooses_the_zone_or_gives_no_schedule() -> None:
    assert Settings().default_sleep_timezone == "UTC"
    assert Settings(sleep_timezone="Asia/Tokyo").default_sleep_timezone == "Asia/Tokyo"
    assert Settings(sleep_timezone="off").default_sleep_timezone == ""
    with pytest.raises(ValueError, match="no IANA time zone"):
        Settings(sleep_timezone="Mars/Base")
