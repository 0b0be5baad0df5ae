"""What an approver is told to look at twice, and what is no news."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.requests import ProvisioningRequest, RequestKind
from nsaas_app.domain.teams import Budget, Resources
from nsaas_app.teams.teams import BudgetUse
from nsaas_app.ui.approvals.risks import risk_notes
from tests.support.specs import FRONTEND, NOW, spec_of
from tests.ui.examples import running_request

NOTHING_BOOKED = BudgetUse(Resources(), Resources(), 0, {})
OPEN = NetworkSpec(NetworkPreset.OPEN, Egress.INTERNET_HTTPS)
GUEST = AccessGrant(SubjectKind.USER, "guest", AccessRole.VIEWER, NOW + timedelta(days=3))


def _keys(request: ProvisioningRequest, use: BudgetUse = NOTHING_BOOKED) -> list[str]:
    return [note.key for note in risk_notes(request, FRONTEND, use)]


def _asked(**changes: Any) -> ProvisioningRequest:
    return replace(running_request(), **changes)


def test_what_the_environment_gives_anyway_does_not_stand_out() -> None:
    assert _keys(_asked(spec=spec_of())) == []


def test_the_gravest_stands_first() -> None:
    spec = spec_of(network=OPEN, overrides={"limits.cpu": "6"}, access=(GUEST,))
    assert _keys(_asked(spec=spec)) == ["open", "over-limits.cpu", "access-User-guest"]


def test_what_the_namespace_has_already_is_no_news() -> None:
    before = spec_of(network=OPEN, overrides={"limits.cpu": "6"}, access=(GUEST,))
    change = {"kind": RequestKind.CHANGE, "previous": before}
    assert _keys(_asked(spec=replace(before, description="Words."), **change)) == []
    larger = replace(before, overrides={"limits.cpu": "7"})
    assert _keys(_asked(spec=larger, **change)) == ["over-limits.cpu"]


def test_whoever_gives_up_asks_for_nothing_but_the_end() -> None:
    spec = spec_of(network=OPEN, environment=Environment.PRODUCTION)
    release = _asked(kind=RequestKind.RELEASE, spec=spec, previous=spec)
    assert _keys(release) == ["release"]


def test_a_budget_that_is_nearly_gone_is_told() -> None:
    team = replace(FRONTEND, budget=Budget(resources=Resources.parse("10", "100Gi", "1Ti")))
    use = BudgetUse(Resources.parse("7", "1Gi", "1Gi"), Resources.parse("1", "1Gi", "1Gi"), 2, {})
    (note,) = risk_notes(_asked(spec=spec_of()), team, use)
    assert note.text == "With it the team holds nearly all of its CPU."
