"""Budgets: what a namespace takes, and what a team has unless told otherwise."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.quantities import parse_quantity
from nsaas_app.domain.teams import BUDGETED, Budget, Resources
from nsaas_app.domain.tiers import TIERS, Tier

resources = st.builds(
    Resources,
    st.integers(0, 10**6).map(lambda milli: Decimal(milli) / 1000),
    st.integers(0, 2**50).map(Decimal),
    st.integers(0, 2**50).map(Decimal),
)


def test_a_team_starts_with_ten_namespaces_and_the_environments_ceilings() -> None:
    budget = Budget()
    assert budget.namespaces == 10
    assert budget.per_environment == {
        Environment.DEVELOPMENT: 5,
        Environment.TESTING: 5,
        Environment.STAGING: 3,
        Environment.PRODUCTION: 3,
    }
    assert budget.resources.to_quantities() == {
        "requests.cpu": "16",
        "requests.memory": "32Gi",
        "requests.storage": "400Gi",
    }


@pytest.mark.parametrize("tier", Tier)
def test_a_namespace_takes_what_its_quota_requests(tier: Tier) -> None:
    size = TIERS[tier]
    taken = Resources.of(size).to_quantities()
    assert taken == {name: size.quota[name] for name in BUDGETED}


@given(resources, resources)
def test_what_is_added_and_taken_away_again_leaves_nothing(
    one: Resources, other: Resources
) -> None:
    assert one + other - other == one
    assert one + other == other + one


@given(resources)
def test_amounts_are_written_and_read_back_the_same(amount: Resources) -> None:
    written = amount.to_quantities()
    assert Resources.parse(*(written[name] for name in BUDGETED)) == amount
    assert all(parse_quantity(text) >= 0 for text in written.values())
