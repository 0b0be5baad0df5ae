"""Environment policies: one table, column by column."""

from datetime import timedelta

import pytest

from nsaas_app.domain.environments import POLICIES, Environment
from nsaas_app.domain.network import DEFAULT_EGRESS, Egress, NetworkPreset
from nsaas_app.domain.sleep import NIGHTS_AND_WEEKENDS
from nsaas_app.domain.tiers import Tier

ENVIRONMENTS = ("development", "testing", "staging", "production")
NO_LARGE = (Tier.MICRO, Tier.SMALL, Tier.MEDIUM)
NO_MICRO = (Tier.SMALL, Tier.MEDIUM, Tier.LARGE)
SHARED, ISOLATED = NetworkPreset.TEAM_SHARED, NetworkPreset.ISOLATED
ALL = {ISOLATED, SHARED, NetworkPreset.OPEN}
DAY = timedelta(days=1)

TABLE = {
    "default_tier": (Tier.SMALL, Tier.SMALL, Tier.MEDIUM, Tier.MEDIUM),
    "tiers": (NO_LARGE, NO_LARGE, NO_MICRO, NO_MICRO),
    "default_network": (SHARED, SHARED, ISOLATED, ISOLATED),
    "networks": (ALL, ALL, ALL, {ISOLATED, SHARED}),
    "pod_security": ("baseline", "baseline", "restricted", "restricted"),
    "default_ttl": (30 * DAY, 14 * DAY, 90 * DAY, None),
    "max_ttl": (90 * DAY, 30 * DAY, 365 * DAY, None),
    "renewals": (3, 3, 0, None),
    "cost_center_required": (False, False, True, True),
    "grace": (1 * DAY, 1 * DAY, 3 * DAY, 7 * DAY),
    "max_per_team": (5, 5, 3, 3),
    "sleeps": (NIGHTS_AND_WEEKENDS, (), (), ()),
    "recertify_every": (None, None, None, 365 * DAY),
    "may_sleep": (True, True, True, False),
    "developer_role": ("developer", "developer", "developer", "viewer"),
}


@pytest.mark.parametrize("column", TABLE)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_policy_says(environment: str, column: str) -> None:
    said = getattr(POLICIES[Environment(environment)], column)
    expected = TABLE[column][ENVIRONMENTS.index(environment)]
    assert (set(said) if isinstance(expected, set) else said) == expected


def test_there_is_no_other_environment_and_no_rule_left_out() -> None:
    assert tuple(environment.value for environment in Environment) == ENVIRONMENTS
    assert set(POLICIES) == set(Environment)
    assert set(type(POLICIES[Environment.STAGING]).__slots__) == TABLE.keys()


@pytest.mark.parametrize("environment", Environment)
def test_what_is_given_by_default_is_allowed(environment: Environment) -> None:
    policy = POLICIES[environment]
    assert policy.default_tier in policy.tiers
    assert policy.default_network in policy.networks
    assert (policy.default_ttl is None) == (policy.max_ttl is None)
    if policy.default_ttl and policy.max_ttl:
        assert policy.default_ttl <= policy.max_ttl


def test_production_shares_a_network_with_production_alone() -> None:
    assert Environment.PRODUCTION.peers == (Environment.PRODUCTION,)
    for environment in set(Environment) - {Environment.PRODUCTION}:
        assert set(environment.peers) == set(Environment) - {Environment.PRODUCTION}


def test_the_endings_of_names_are_distinct() -> None:
    assert [each.short for each in Environment] == ["dev", "test", "stg", "prod"]


def test_egress_follows_the_preset() -> None:
    assert DEFAULT_EGRESS == {
        NetworkPreset.ISOLATED: Egress.NONE,
        NetworkPreset.TEAM_SHARED: Egress.INTERNET_HTTPS,
        NetworkPreset.OPEN: Egress.INTERNET_HTTPS,
    }
