"""The golden manifests: sizes by tier, policies by preset and egress, the rest by environment."""

import pytest

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.tiers import Tier
from nsaas_app.manifests.sample_pod import sample_pod
from tests.manifests.examples import (
    NETWORKS,
    Golden,
    bundle_of,
    everything,
    golden_files,
    of_environment,
    overriding,
)
from tests.support.specs import spec_of


@pytest.mark.parametrize("tier", Tier)
def test_sizes_of_a_tier(tier: Tier, golden: Golden) -> None:
    made = bundle_of(spec_of(tier=tier))
    golden(f"tier-{tier}", [*made.quota, *made.limits])


@pytest.mark.parametrize("name", NETWORKS)
def test_policies_of_a_preset(name: str, golden: Golden) -> None:
    golden(f"network-{name}", bundle_of(spec_of(network=NETWORKS[name])).network)


def test_policies_shared_within_production(golden: Golden) -> None:
    shared = NetworkSpec(NetworkPreset.TEAM_SHARED, Egress.NONE)
    made = bundle_of(of_environment(Environment.PRODUCTION, network=shared))
    golden("network-team-shared-production", made.network)


@pytest.mark.parametrize("environment", Environment)
def test_namespace_and_access_of_an_environment(environment: Environment, golden: Golden) -> None:
    made = bundle_of(of_environment(environment))
    golden(f"environment-{environment}", [made.namespace, *made.access])


def test_sizes_with_numbers_in_place_of_the_tiers(golden: Golden) -> None:
    made = bundle_of(overriding())
    golden("overrides", [*made.quota, *made.limits])


def test_everything_a_spec_may_say(golden: Golden) -> None:
    made = bundle_of(everything())
    golden("everything", [made.namespace, *made.access, sample_pod(everything())])


def test_no_golden_file_is_left_over() -> None:
    expected = {f"tier-{tier}" for tier in Tier}
    expected |= {f"network-{name}" for name in NETWORKS} | {"network-team-shared-production"}
    expected |= {f"environment-{environment}" for environment in Environment}
    expected |= {"everything", "overrides"}
    assert golden_files().keys() <= expected
