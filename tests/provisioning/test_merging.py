"""A change is checked for what it changes: what ended or became stricter blocks nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from nsaas_app.directory.rows import QuotaUse
from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.house_rules import HouseRules
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.domain.spec_document import spec_to_document
from nsaas_app.provisioning.checks import Checked, check_draft
from nsaas_app.provisioning.merging import Merged, ensure_use_fits
from tests.support.actors import actor
from tests.support.specs import FRONTEND, NOW, spec_of

KIM = AccessGrant(SubjectKind.USER, "kim", AccessRole.VIEWER, NOW - timedelta(hours=1))
"""Whose access is over."""
OURS = FRONTEND.default_access(spec_of().environment)


def _checked(
    before: NamespaceSpec, patch: dict[str, Any], house: HouseRules | None = None
) -> Checked:
    merged = Merged.of(before, spec_to_document(before), patch, now=NOW)
    checked = check_draft(
        merged.draft,
        teams={FRONTEND.name: FRONTEND},
        actor=actor("frontend-dev"),
        cluster="local",
        now=NOW,
        house=house,
        settled=merged.settled,
    )
    return replace(checked, spec=merged.completed(checked.spec)) if checked.spec else checked


def _access(*grants: AccessGrant) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = spec_to_document(spec_of(access=grants))["access"]
    return found


@pytest.mark.parametrize(
    "patch",
    [
        {"expires_in_days": 20},
        {"tier": "medium"},
        {"labels": {"app": "shop"}},
        {"access": _access(*OURS, KIM), "description": "As the file says."},
    ],
)
def test_access_that_has_ended_stands_in_the_way_of_nothing(patch: dict[str, Any]) -> None:
    before = spec_of(access=(*OURS, KIM), expires_at=NOW + timedelta(days=3))
    checked = _checked(before, patch)
    assert checked.issues == ()
    assert checked.spec is not None
    assert checked.spec.access == before.access


def test_a_change_of_access_drops_what_has_ended_and_lets_the_same_person_in_anew() -> None:
    before = spec_of(access=(*OURS, KIM))
    again = replace(KIM, expires_at=NOW + timedelta(days=1))
    checked = _checked(before, {"access": _access(*OURS, KIM, again)})
    assert checked.spec is not None, checked.issues
    assert checked.spec.access == (*OURS, again)
    taken = _checked(before, {"access": _access(*OURS)})
    assert taken.spec is not None
    assert taken.spec.access == OURS


def test_nobody_gives_access_that_is_over_already() -> None:
    (issue,) = _checked(spec_of(), {"access": _access(*OURS, KIM)}).issues
    assert issue.field == f"access[{len(OURS)}].expires_at"


def test_a_namespace_whose_only_lead_has_ended_can_still_be_changed() -> None:
    over = AccessGrant(SubjectKind.USER, "lea", AccessRole.LEAD, NOW - timedelta(days=1))
    checked = _checked(spec_of(access=(over,)), {"description": "More."})
    assert checked.spec is not None
    assert [one.field for one in checked.warnings] == ["access"]


STRICT = HouseRules(
    cost_center=r"CC-\d{4}",
    apart=("192.0.2.0/24",),
    ceilings={"limits.cpu": "4", "limits.memory": "8Gi"},
)
OLD = spec_of(
    cost_center="web-1",
    network=NetworkSpec(NetworkPreset.TEAM_SHARED, Egress.CIDRS, cidrs=("192.0.2.0/28",)),
    overrides={"limits.cpu": "6"},
)
"""Agreed to before the house became strict."""


def test_a_rule_that_became_stricter_blocks_no_change_of_something_else() -> None:
    checked = _checked(OLD, {"expires_in_days": 20, "cost_center": "web-1"}, STRICT)
    assert checked.issues == ()
    assert checked.spec is not None
    assert (checked.spec.overrides, checked.spec.cost_center) == (OLD.overrides, "web-1")
    assert {one.field for one in checked.warnings} == {
        "cost_center",
        "network.cidrs[0]",
        "overrides.limits.cpu",
    }


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"cost_center": "web-2"}, "cost_center"),
        ({"network": {"cidrs": ["192.0.2.0/29"]}}, "network.cidrs[0]"),
        ({"overrides": {"limits.cpu": "5"}}, "overrides.limits.cpu"),
        ({"tier": "medium"}, "overrides.limits.cpu"),
    ],
)
def test_what_is_changed_follows_the_rules_of_today(patch: dict[str, Any], field: str) -> None:
    assert [one.field for one in _checked(OLD, patch, STRICT).issues] == [field]


def test_a_lifetime_that_is_over_and_written_again_is_no_change() -> None:
    before = spec_of(expires_at=NOW - timedelta(minutes=1))
    assert _checked(before, {"expires_at": before.expires_at}).spec == before
    (issue,) = _checked(before, {"expires_at": (NOW - timedelta(days=1)).isoformat()}).issues
    assert issue.field == "expires_at"


def test_use_that_does_not_fit_is_told_at_the_number_that_is_too_small() -> None:
    use = {"requests.cpu": QuotaUse("2", "1800m"), "pods": QuotaUse("40", "30")}
    with pytest.raises(InvalidFieldsError) as caught:
        ensure_use_fits(spec_of(overrides={"requests.cpu": "1500m"}), use)
    assert [one.field for one in caught.value.issues] == ["tier", "overrides.requests.cpu"]
