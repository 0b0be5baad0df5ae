"""Tiers: the numbers of the product, and what must hold between them."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nsaas_app.domain.environments import POLICIES, Environment
from nsaas_app.domain.quantities import parse_quantity
from nsaas_app.domain.teams import Resources
from nsaas_app.domain.tiers import CPU_RATIO, EPHEMERAL_DEFAULT, TIERS, Tier, TierSize

SIZES = [pytest.param(size, id=tier.value) for tier, size in TIERS.items()]

QUOTAS = {
    "requests.cpu": ("500m", "1", "2", "4"),
    "limits.cpu": ("1", "2", "4", "8"),
    "requests.memory": ("1Gi", "2Gi", "4Gi", "8Gi"),
    "limits.memory": ("2Gi", "4Gi", "8Gi", "16Gi"),
    "requests.storage": ("10Gi", "20Gi", "50Gi", "100Gi"),
    "persistentvolumeclaims": ("5", "10", "15", "20"),
    "limits.ephemeral-storage": ("5Gi", "10Gi", "20Gi", "50Gi"),
    "pods": ("5", "10", "20", "50"),
    "services": ("3", "5", "10", "20"),
    "services.loadbalancers": ("0", "0", "1", "2"),
    "services.nodeports": ("0", "0", "0", "0"),
    "secrets": ("20", "30", "50", "100"),
    "configmaps": ("20", "30", "50", "100"),
    "count/jobs.batch": ("10", "20", "50", "100"),
    "count/cronjobs.batch": ("3", "5", "10", "20"),
    "count/ingresses.networking.k8s.io": ("1", "2", "5", "10"),
    "requests.nvidia.com/gpu": ("0", "0", "0", "0"),
}


def value(text: str) -> Decimal:
    return parse_quantity(text)


def test_the_quotas_are_these() -> None:
    for column, tier in enumerate(Tier):
        assert TIERS[tier].quota == {name: row[column] for name, row in QUOTAS.items()}


def test_the_container_defaults_are_these() -> None:
    rows = {
        Tier.MICRO: ("200m", "50m"),
        Tier.SMALL: ("200m", "50m"),
        Tier.MEDIUM: ("200m", "100m"),
        Tier.LARGE: ("150m", "75m"),
    }
    for tier, (limit, request) in rows.items():
        size = TIERS[tier]
        assert (size.default_cpu, size.request_cpu) == (limit, request)
        assert (size.default_memory, size.request_memory) == ("256Mi", "128Mi")
        assert (size.min_cpu, size.min_memory, size.min_pvc) == ("10m", "16Mi", "1Gi")
    assert CPU_RATIO == 10
    assert EPHEMERAL_DEFAULT == "500Mi"


@pytest.mark.parametrize("size", SIZES)
def test_as_many_pods_as_allowed_fit_with_their_defaults(size: TierSize) -> None:
    pods = size.amount("pods")
    for default, quota in (
        (size.default_cpu, "limits.cpu"),
        (size.default_memory, "limits.memory"),
        (size.request_cpu, "requests.cpu"),
        (size.request_memory, "requests.memory"),
        (EPHEMERAL_DEFAULT, "limits.ephemeral-storage"),
    ):
        assert pods * value(default) <= size.amount(quota), quota


@pytest.mark.parametrize("size", SIZES)
def test_defaults_lie_within_their_bounds(size: TierSize) -> None:
    for low, request, limit, high in (
        (size.min_cpu, size.request_cpu, size.default_cpu, size.max_cpu),
        (size.min_memory, size.request_memory, size.default_memory, size.max_memory),
    ):
        assert value(low) <= value(request) <= value(limit) <= value(high)
    assert value(size.default_cpu) / value(size.request_cpu) <= CPU_RATIO


@pytest.mark.parametrize("size", SIZES)
def test_one_container_or_claim_may_use_the_whole_quota_and_no_more(size: TierSize) -> None:
    assert value(size.max_cpu) == size.amount("limits.cpu")
    assert value(size.max_memory) == size.amount("limits.memory")
    assert value(size.min_pvc) <= value(size.max_pvc) <= size.amount("requests.storage")


@pytest.mark.parametrize("size", SIZES)
def test_requests_are_half_of_the_limits(size: TierSize) -> None:
    assert 2 * size.amount("requests.cpu") == size.amount("limits.cpu")
    assert 2 * size.amount("requests.memory") == size.amount("limits.memory")


def test_a_larger_tier_has_less_of_nothing() -> None:
    for smaller, larger in pairwise(TIERS.values()):
        for resource in QUOTAS:
            assert smaller.amount(resource) <= larger.amount(resource), resource
        assert smaller.amount("requests.cpu") < larger.amount("requests.cpu")


def _quantities(low: str, high: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(value(low), value(high), places=3)


ANY_TIER = st.sampled_from(list(Tier))


@given(ANY_TIER, st.data())
def test_pods_that_state_nothing_fit_up_to_the_last_one(tier: Tier, data: st.DataObject) -> None:
    size = TIERS[tier]
    pods = data.draw(st.integers(1, int(size.amount("pods"))))
    assert pods * value(size.default_cpu) <= size.amount("limits.cpu")
    assert pods * value(size.default_memory) <= size.amount("limits.memory")
    assert pods * value(size.request_cpu) <= size.amount("requests.cpu")
    assert pods * value(size.request_memory) <= size.amount("requests.memory")


@given(ANY_TIER, st.data())
def test_a_container_that_its_limit_range_admits_fits_the_quota_alone(
    tier: Tier, data: st.DataObject
) -> None:
    size = TIERS[tier]
    cpu = data.draw(_quantities(size.min_cpu, size.max_cpu))
    memory = data.draw(_quantities(size.min_memory, size.max_memory))
    claim = data.draw(_quantities(size.min_pvc, size.max_pvc))
    assert cpu <= size.amount("limits.cpu")
    assert memory <= size.amount("limits.memory")
    assert claim <= size.amount("requests.storage")
    # The smallest request that the ratio allows beside this limit stays within the requests.
    assert cpu / CPU_RATIO <= size.amount("requests.cpu")


@given(st.sampled_from(list(Environment)), ANY_TIER, ANY_TIER)
def test_in_every_environment_a_larger_tier_takes_more_of_the_budget(
    environment: Environment, one: Tier, other: Tier
) -> None:
    allowed = POLICIES[environment].tiers
    assert POLICIES[environment].default_tier in allowed
    if one in allowed and other in allowed and allowed.index(one) < allowed.index(other):
        smaller, larger = Resources.of(TIERS[one]), Resources.of(TIERS[other])
        assert smaller.cpu < larger.cpu
        assert smaller.memory < larger.memory
        assert smaller.storage < larger.storage
