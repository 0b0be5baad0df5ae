"""Overrides: read as quantities, bounded, compared by value, written as the cluster writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nsaas_app.domain.overrides import (
    CEILINGS,
    OVERRIDABLE,
    overridden,
    override_issues,
    override_warnings,
    sized,
)
from nsaas_app.domain.quantities import parse_quantity
from nsaas_app.domain.teams import Resources
from nsaas_app.domain.tiers import TIERS, Tier

SMALL = Tier.SMALL
WRITTEN = st.sampled_from(
    [
        "1",
        "2",
        "1500m",
        "0.7",
        "33",
        "0",
        "-1",
        "1Gi",
        "3Gi",
        "1e9",
        "5G",
        "4096Mi",
        "129Gi",
        "7",
        "",
    ]
)


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"services": "9"}, "services"),
        ({"requests.cpu": "much"}, "requests.cpu"),
        ({"requests.cpu": "0"}, "requests.cpu"),
        ({"requests.cpu": "-1"}, "requests.cpu"),
        ({"limits.cpu": "32001m"}, "limits.cpu"),
        ({"limits.memory": "129Gi"}, "limits.memory"),
        ({"pods": "0"}, "pods"),
        ({"pods": "2.5"}, "pods"),
        ({"pods": "201"}, "pods"),
        # Each alone against what the tier has beside it: 2 CPU and 4Gi at most, 1 and 2Gi asked.
        ({"requests.cpu": "2100m"}, "requests.cpu"),
        ({"limits.cpu": "900m"}, "limits.cpu"),
        ({"requests.memory": "10G"}, "requests.memory"),
        ({"requests.cpu": "20m", "limits.cpu": "100m"}, "limits.cpu"),
        ({"requests.storage": "1M"}, "requests.storage"),
    ],
)
def test_a_number_nobody_may_have_is_told_at_its_field(
    overrides: dict[str, str], field: str
) -> None:
    fields = {issue.field for issue in override_issues(SMALL, overrides)}
    assert f"overrides.{field}" in fields


def test_requests_and_limits_are_compared_by_value_and_not_as_text() -> None:
    assert override_issues(SMALL, {"requests.cpu": "900m", "limits.cpu": "1"}) == []
    assert override_issues(SMALL, {"requests.memory": "4000Mi", "limits.memory": "5G"}) == []
    assert override_issues(SMALL, {"requests.memory": "5000Mi", "limits.memory": "5G"})


def test_what_is_the_tiers_own_number_is_no_override() -> None:
    wished = {"requests.cpu": "1000m", "limits.cpu": "2.5", "requests.memory": "2048Mi"}
    assert overridden(SMALL, wished) == {"limits.cpu": "2500m"}


def test_numbers_are_written_as_the_cluster_gives_them_back() -> None:
    wished = {"limits.memory": "5G", "requests.storage": "1.5Gi", "pods": "12.0"}
    assert overridden(SMALL, wished) == {
        "limits.memory": "4769Mi",
        "requests.storage": "1536Mi",
        "pods": "12",
    }


def test_bounds_of_containers_and_claims_follow_the_quota() -> None:
    size = sized(SMALL, {"limits.cpu": "6", "limits.memory": "12Gi", "requests.storage": "80Gi"})
    assert (size.max_cpu, size.max_memory, size.max_pvc) == ("6", "12Gi", "80Gi")
    assert size.quota["services"] == TIERS[SMALL].quota["services"]
    assert Resources.of(size).storage == parse_quantity("80Gi")
    assert sized(SMALL, {}) is TIERS[SMALL]


def test_pods_that_could_not_all_start_are_warned_of() -> None:
    (warning,) = override_warnings(SMALL, {"pods": "16"})
    assert warning.field == "overrides.pods"
    assert "3.2 CPU, more than 2 CPU" in warning.message
    assert override_warnings(SMALL, {}) == []


@given(st.sampled_from(Tier), st.dictionaries(st.sampled_from(OVERRIDABLE), WRITTEN, max_size=6))
def test_whatever_is_accepted_is_a_size_that_holds_together(
    tier: Tier, wished: dict[str, str]
) -> None:
    if override_issues(tier, wished):
        return
    overrides = overridden(tier, wished)
    size = sized(tier, overrides)
    assert overridden(tier, overrides) == overrides
    assert override_issues(tier, overrides) == []
    for resource in OVERRIDABLE:
        assert Decimal(0) < size.amount(resource) <= parse_quantity(CEILINGS[resource])
    assert size.amount("requests.cpu") <= size.amount("limits.cpu")
    assert size.amount("requests.memory") <= size.amount("limits.memory")
    assert parse_quantity(size.default_cpu) <= parse_quantity(size.max_cpu)
    assert parse_quantity(size.min_pvc) <= parse_quantity(size.max_pvc)
