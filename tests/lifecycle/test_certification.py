"""Production has no end: once a year a lead says that it is needed, or people hear of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nsaas_app.directory.rows import NamespaceRow
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import ForbiddenError, InvalidFieldsError, NotFoundError
from nsaas_app.domain.namespaces import Intent
from nsaas_app.domain.notices import NoticeKind, due_notice
from nsaas_app.domain.requests import Phase, ProvisioningRequest
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.directory.samples import record
from tests.lifecycle.at import notices_at
from tests.support.actors import actor
from tests.support.clocks import Clock
from tests.support.requests import ended, submission, submit
from tests.support.specs import NOW, spec_of

DAY = timedelta(days=1)
YEAR = 365 * DAY


async def production(portal: Runtime, name: str) -> None:
    """A production namespace of team frontend."""
    asked = {"environment": "production", "cost_center": "cc"}
    request = await submit(portal, name, who="frontend-lead", **asked)
    await portal.decisions.approve(
        request.request_id, actor=actor("admin"), comment="fine", source="test"
    )
    assert (await ended(portal, request)).phase is Phase.DONE


async def certified(
    portal: Runtime, name: str, who: str = "frontend-lead"
) -> ProvisioningRequest | None:
    request = await portal.changes.certify(name, submission(who))
    return None if request is None else await ended(portal, request)


def shown(portal: Runtime, name: str) -> NamespaceRow:
    return portal.directory.row(name, actor=actor("frontend-viewer"))


def test_a_year_is_told_of_a_month_ahead_and_then_every_month() -> None:
    one = replace(
        record("shop"),
        spec=spec_of(environment=Environment.PRODUCTION),
        created_at=NOW,
        ready_at=NOW,
    )
    due, told, seen = NOW + YEAR, [], set[str]()
    now = NOW
    while now < due + 70 * DAY:
        notice = due_notice(one, now=now)
        if notice is not None and notice.key not in seen:
            seen.add(notice.key)
            told.append((notice.kind, (due - now).days))
        now += timedelta(hours=12)
    before = [(NoticeKind.CERTIFY, days) for days in (30, 7, 3, 1)]
    assert told == [*before, *((NoticeKind.UNCERTIFIED, days) for days in (0, -30, -60))]
    assert due_notice(replace(one, intent=Intent.RELEASED), now=due) is None


async def test_a_lead_confirms_and_the_year_begins_anew(portal_on_both: Runtime, name: str) -> None:
    portal = portal_on_both
    await production(portal, name)
    first = shown(portal, name).certify_by
    assert first is not None

    request = await certified(portal, name)

    assert request is not None
    assert (request.phase, request.approval) == (Phase.DONE, None)
    row = shown(portal, name)
    assert row.certified_at == request.spec.certified_at
    assert row.certify_by is not None
    assert row.certify_by > first
    assert await certified(portal, name, "admin") is None, "a second click says nothing new"
    # A later change does not forget it, and nobody writes it into a spec by hand.
    changed = await portal.changes.change(name, {"description": "x"}, submission("frontend-lead"))
    assert changed is not None
    await ended(portal, changed)
    assert shown(portal, name).certified_at == row.certified_at
    with pytest.raises(InvalidFieldsError, match="confirm the namespace"):
        await portal.changes.change(
            name, {"certified_at": "2040-01-01T00:00:00+00:00"}, submission("frontend-lead")
        )


async def test_leads_confirm_production_and_nothing_else(portal: Runtime, name: str) -> None:
    await production(portal, name)
    for who, refusal in (
        ("frontend-dev", ForbiddenError), ("auditor", ForbiddenError),
        ("payments-lead", NotFoundError),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await portal.changes.certify(name, submission(who))
    await ended(portal, await submit(portal, f"{name}-d"))
    with pytest.raises(InvalidFieldsError, match="renew it instead"):
        await portal.changes.certify(f"{name}-d", submission("frontend-lead"))
    assert shown(portal, f"{name}-d").certify_by is None


async def test_nobody_confirms_and_it_runs_on_but_people_hear_of_it_once_over_a_restart(
    settings: Settings, name: str
) -> None:
    async with serving(settings) as portal:
        await production(portal, name)
        due = shown(portal, name).certify_by
        assert due is not None
    late = Clock(due + DAY)
    for _ in range(2):
        async with serving(settings) as portal:
            await notices_at(portal, late).tell()
            kinds = [item.notice.kind for item in portal.lifetime.inbox.of(actor("frontend-lead"))]
            assert kinds == [NoticeKind.UNCERTIFIED]
