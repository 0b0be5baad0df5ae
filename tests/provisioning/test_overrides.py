"""Other numbers than the tier's: agreed to by people, booked, applied, and given up again."""

import json
from typing import Any

import pytest

from nsaas_app.domain.actors import Role
from nsaas_app.domain.errors import FieldIssue, InvalidFieldsError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.quantities import parse_quantity
from nsaas_app.domain.requests import Phase, RequestKind
from nsaas_app.domain.tiers import Tier
from nsaas_app.provisioning.adoption import _verdicts
from nsaas_app.provisioning.approvals import Asked, approval_for
from nsaas_app.provisioning.checks import Checked
from nsaas_app.provisioning.impact import Impact
from nsaas_app.runtime import Runtime
from nsaas_app.store.bookings import BookingStore
from tests.support.actors import actor
from tests.support.controlplane import ControlPlane
from tests.support.requests import draft, ended, submission, submit
from tests.support.specs import NOW, spec_of

MORE = {"requests.cpu": "1500m", "limits.cpu": "3", "limits.memory": "5120Mi"}
"""Beside those of small: 1 and 2 CPU, 4Gi."""


def _object(controlplane: ControlPlane, kind: str, name: str, namespace: str) -> Any:
    found = controlplane.kubectl("get", kind, name, "-n", namespace, "-o", "json")
    return json.loads(found)["spec"]


def _needed(who: str, **asked: Any) -> tuple[Role, ...]:
    approval = approval_for(Asked(**asked), actor=actor(who), now=NOW)
    return approval.needed if approval is not None else ()


def test_other_numbers_take_a_lead_who_did_not_ask_and_of_an_admin_nothing() -> None:
    wished = {"kind": RequestKind.PROVISION, "spec": spec_of(overrides=MORE)}
    assert _needed("frontend-dev", **wished) == (Role.LEAD,)
    assert _needed("frontend-lead", **wished) == (Role.LEAD,)
    assert _needed("admin", **wished) == ()


def test_what_was_agreed_to_once_is_asked_for_again_only_when_it_grows_anew() -> None:
    before, change = spec_of(overrides=MORE), RequestKind.CHANGE
    same = spec_of(overrides=MORE, description="Other words.")
    assert _needed("frontend-dev", kind=change, spec=same, before=before) == ()
    assert _needed("frontend-dev", kind=change, spec=spec_of(), before=before) == ()
    larger = spec_of(overrides=MORE, tier=Tier.MEDIUM)
    assert _needed("frontend-dev", kind=change, spec=larger, before=before) == (Role.LEAD,)


async def test_what_a_lead_agreed_to_is_booked_applied_and_given_up_again(
    portal_on_both: Runtime, controlplane: ControlPlane, name: str
) -> None:
    portal, team = portal_on_both, TeamName("frontend")
    free = await portal.teams.budget_use(team)
    asked = await submit(portal, name, overrides={**MORE, "limits.memory": "5Gi"})
    assert asked.phase is Phase.AWAITING_APPROVAL
    assert dict(asked.spec.overrides) == {**MORE, "limits.memory": "5Gi"}
    held = await portal.teams.budget_use(team)
    assert (held.used + held.reserved - free.used - free.reserved).cpu == parse_quantity("1500m")

    await portal.decisions.approve(
        asked.request_id, actor=actor("frontend-lead"), comment="", source="test"
    )
    done = await ended(portal, asked)
    assert done.phase is Phase.DONE, done.failure
    hard = _object(controlplane, "quota", "nsaas-quota", name)["hard"]
    assert (hard["requests.cpu"], hard["limits.cpu"], hard["pods"]) == ("1500m", "3", "10")
    limits = _object(controlplane, "limits", "nsaas-container-defaults", name)["limits"]
    assert limits[0]["max"] == {"cpu": "3", "memory": "5Gi"}

    async with portal.database.reading() as connection:
        booked, _ = await BookingStore().since(connection, 0)
    assert booked[asked.request_id].amount.cpu == parse_quantity("1500m")

    patch = {"overrides": {"requests.cpu": None, "limits.cpu": None, "limits.memory": None}}
    change = await portal.changes.change(name, patch, submission())
    assert change is not None
    assert change.approval is None, "the tier's own numbers need nobody"
    assert (await ended(portal, change)).phase is Phase.DONE
    assert _object(controlplane, "quota", "nsaas-quota", name)["hard"]["requests.cpu"] == "1"
    after = await portal.teams.budget_use(team)
    assert (after.used + after.reserved - free.used - free.reserved).cpu == 1


async def test_a_preview_shows_the_numbers_their_cost_and_who_must_agree(
    portal: Runtime, name: str
) -> None:
    wished = draft(name, overrides={"requests.cpu": "2", "requests.storage": "1500Mi"})
    preview = await portal.previews.preview(wished, actor=actor("frontend-dev"))
    assert preview.is_allowed
    assert preview.approval is not None
    assert preview.takes.to_quantities()["requests.cpu"] == "2"
    quota = next(one.manifest for one in preview.objects if one.manifest["kind"] == "ResourceQuota")
    assert quota["spec"]["hard"]["requests.storage"] == "1500Mi"
    assert "overrides" in {one.rule for one in preview.verdicts if one.result == "pass"}


async def test_no_approval_reaches_beyond_the_ceiling(portal: Runtime, name: str) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        await submit(portal, name, who="admin", overrides={"limits.cpu": "33"})
    assert (caught.value.code, caught.value.field) == ("POLICY_DENY", "overrides.limits.cpu")


def test_an_adoption_tells_overrides_and_each_warning_at_its_field() -> None:
    warning = FieldIssue("overrides.limits.cpu", "Not all of them start.")
    spec = spec_of(overrides=MORE)
    found = _verdicts(spec, Checked(spec, (), (warning,)), Impact((), (), ()), ())
    told = [(one.rule, one.result, one.field) for one in found if one.rule == "overrides"]
    assert told == [
        ("overrides", "pass", "overrides"),
        ("overrides", "warn", "overrides.limits.cpu"),
    ]
