"""Who must agree to what: the table of rules, row by row, and how often an end is put off."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from nsaas_app.domain.actors import Role
from nsaas_app.domain.approval import MIN_JUSTIFICATION
from nsaas_app.domain.environments import POLICIES, Environment
from nsaas_app.domain.errors import InvalidFieldsError, PortalError
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.requests import Phase, ProvisioningRequest, RequestKind
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.tiers import Tier
from nsaas_app.provisioning.approvals import Asked, approval_for
from nsaas_app.runtime import Runtime
from tests.support.actors import actor
from tests.support.requests import REASON, draft, ended, submission, submit
from tests.support.specs import NOW, spec_of

DEVELOPER, LEAD, ADMIN = "frontend-dev", "frontend-lead", "admin"
DEV, TEST, STG, PROD = Environment
OPEN = NetworkSpec(NetworkPreset.OPEN, Egress.INTERNET_HTTPS)
CHANGE, PROVISION, RELEASE = RequestKind.CHANGE, RequestKind.PROVISION, RequestKind.RELEASE


def needed(who: str, kind: RequestKind, spec: NamespaceSpec, **asked: Any) -> tuple[Role, ...]:
    approval = approval_for(Asked(kind, spec, **asked), actor=actor(who), now=NOW)
    return approval.needed if approval is not None else ()


def of(environment: Environment, **fields: Any) -> NamespaceSpec:
    return spec_of(environment=environment, **fields)


@pytest.mark.parametrize(
    ("who", "kind", "spec", "before", "roles"),
    [
        (DEVELOPER, PROVISION, of(DEV), None, ()),
        (DEVELOPER, PROVISION, of(PROD), None, (Role.LEAD, Role.ADMIN)),
        (LEAD, PROVISION, of(PROD), None, (Role.ADMIN,)),
        (LEAD, CHANGE, of(PROD, tier=Tier.LARGE), of(PROD), (Role.ADMIN,)),
        (LEAD, CHANGE, of(PROD, description="new words"), of(PROD), ()),
        (LEAD, RELEASE, of(PROD), of(PROD), (Role.LEAD,)),
        (DEVELOPER, RELEASE, of(STG), of(STG), ()),
        (DEVELOPER, PROVISION, of(STG, tier=Tier.LARGE), None, (Role.LEAD,)),
        (DEVELOPER, CHANGE, of(STG, tier=Tier.LARGE), of(STG, tier=Tier.LARGE), ()),
        (DEVELOPER, CHANGE, of(STG, network=OPEN), of(STG), (Role.LEAD,)),
        (DEVELOPER, CHANGE, of(TEST, network=OPEN), of(TEST), ()),
    ],
)
def test_the_table_calls_for(
    who: str, kind: RequestKind, spec: NamespaceSpec, before: NamespaceSpec | None, roles: Any
) -> None:
    assert needed(who, kind, spec, before=before) == roles


def test_an_admin_deletes_alone_but_for_production_that_people_still_have() -> None:
    delete = RequestKind.DELETE
    assert needed(ADMIN, delete, of(PROD), is_live=True) == (Role.LEAD,)
    assert needed(ADMIN, delete, of(PROD), is_live=False) == (), "its release took two already"
    assert needed(ADMIN, delete, of(STG), is_live=True) == ()


@pytest.mark.parametrize("environment", [DEV, TEST, STG])
@pytest.mark.parametrize("used", range(5))
def test_a_renewal_takes_a_lead_once_the_environments_own_are_used_up(
    environment: Environment, used: int
) -> None:
    before = of(environment, expires_at=NOW + timedelta(days=2))
    later = replace(before, expires_at=NOW + timedelta(days=9))
    sooner = replace(before, expires_at=NOW + timedelta(days=1))
    allowed = POLICIES[environment].renewals
    assert allowed is not None
    asked = {"before": before, "renewals": used}

    assert needed(DEVELOPER, CHANGE, later, **asked) == ((Role.LEAD,) if used >= allowed else ())
    # A lead's own word is what it takes; and an earlier end is no renewal.
    assert needed(LEAD, CHANGE, later, **asked) == ()
    assert needed(ADMIN, CHANGE, later, **asked) == ()
    assert needed(DEVELOPER, CHANGE, sooner, **asked) == ()


def test_the_reason_names_the_numbers() -> None:
    before = of(DEV, expires_at=NOW + timedelta(days=2))
    later = replace(before, expires_at=NOW + timedelta(days=9))

    approval = approval_for(
        Asked(CHANGE, later, before=before, renewals=3), actor=actor(DEVELOPER), now=NOW
    )

    assert approval is not None
    assert "put off 3 times; in development a lead must agree after 3" in approval.why


async def _renewed(portal: Runtime, name: str, days: int, who: str) -> ProvisioningRequest:
    request = await portal.changes.change(name, {"expires_in_days": days}, submission(who))
    assert request is not None
    return request


async def test_the_fourth_renewal_waits_for_a_lead_and_counts_once_it_is_done(
    portal_on_both: Runtime, name: str
) -> None:
    portal = portal_on_both
    await ended(portal, await submit(portal, name))
    for days in (31, 32, 33):
        assert (await ended(portal, await _renewed(portal, name, days, DEVELOPER))).failure is None
    # Neither an earlier end nor another size is a renewal.
    await ended(portal, await _renewed(portal, name, 20, DEVELOPER))
    resized = await portal.changes.change(name, {"tier": "micro"}, submission())
    assert resized is not None
    await ended(portal, resized)
    assert portal.directory.row(name, actor=actor(ADMIN)).renewals == 3

    fourth = await _renewed(portal, name, 34, DEVELOPER)

    assert fourth.phase is Phase.AWAITING_APPROVAL
    assert fourth.approval is not None
    assert fourth.approval.needed == (Role.LEAD,)
    await portal.decisions.approve(
        fourth.request_id, actor=actor(LEAD), comment="fine", source="test"
    )
    assert (await ended(portal, fourth)).phase is Phase.DONE
    assert portal.directory.row(name, actor=actor(ADMIN)).renewals == 4
    by_lead = await _renewed(portal, name, 35, LEAD)
    assert by_lead.approval is None
    assert (await ended(portal, by_lead)).phase is Phase.DONE


async def test_what_needs_approval_needs_a_reason_whatever_the_kind(
    portal: Runtime, name: str
) -> None:
    staging = {"environment": "staging", "cost_center": "cc"}
    await ended(portal, await submit(portal, name, **staging))
    for shown, reason in enumerate(["", "soon", " " * 30, "x" * (MIN_JUSTIFICATION - 1)]):
        told = submission(justification=reason)
        changes, provisioner = portal.changes, portal.provisioner
        attempts = [
            changes.change(name, {"expires_in_days": 200}, told),
            changes.change(name, {"tier": "large"}, told),
            changes.clone(name, f"{name}-b", {"environment": "production"}, told),
            provisioner.submit(draft(f"{name}-c", **staging, tier="large"), told),
        ]

        for attempt in attempts:
            with pytest.raises(InvalidFieldsError) as refused:
                await attempt
            assert [issue.field for issue in refused.value.issues] == ["justification"]
        assert portal.requests.in_flight(actor=actor(ADMIN)) == ()
        # Where nobody must agree, nobody needs to be told why.
        shorter = await changes.change(name, {"description": f"{shown}"}, told)
        assert shorter is not None
        await ended(portal, shorter)


async def test_giving_up_production_needs_a_reason_too(portal: Runtime, name: str) -> None:
    request = await submit(portal, name, who=LEAD, environment="production", cost_center="cc")
    await portal.decisions.approve(
        request.request_id, actor=actor(ADMIN), comment="fine", source="test"
    )
    await ended(portal, request)

    with pytest.raises(PortalError) as refused:
        await portal.changes.release(name, submission(LEAD, justification=""), confirm=name)
    assert refused.value.field == "justification"
    released = await portal.changes.release(name, submission(LEAD), confirm=name)
    assert (released.phase, released.justification) == (Phase.AWAITING_APPROVAL, REASON)
