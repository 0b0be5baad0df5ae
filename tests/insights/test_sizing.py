"""Sizes that would do: from what the quota counts now, with a reserve, and never too early."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from nsaas_app.directory.rows import NamespaceRow, QuotaUse
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.network import NetworkPreset
from nsaas_app.domain.tiers import TIERS, Tier
from nsaas_app.insights.sizing import _sizing, smallest_fit
from tests.support.specs import FRONTEND, NOW


def row(
    tier: Tier, environment: Environment = Environment.DEVELOPMENT, *, days: int = 30, **used: str
) -> NamespaceRow:
    """A namespace that asks for so much; a resource's dots are written as underscores."""
    asked = {name.replace("_", "."): value for name, value in used.items()}
    return NamespaceRow(
        name="a",
        cluster="local",
        team=FRONTEND.name,
        environment=environment,
        tier=tier,
        network=NetworkPreset.ISOLATED,
        state=NamespaceState.ACTIVE,
        owner="o",
        request_id="r",
        created_at=NOW - timedelta(days=days),
        quota={
            resource: QuotaUse(used=asked.get(resource, "0"), hard=hard)
            for resource, hard in TIERS[tier].quota.items()
        },
    )


def _tier(seen: NamespaceRow) -> Tier | None:
    fit = smallest_fit(seen)
    return fit.tier if fit else None


@pytest.mark.parametrize(
    ("cpu", "fits"),
    [
        ("0", Tier.MICRO),
        ("430m", Tier.MICRO),
        ("440m", Tier.SMALL),  # 15 % more would not fit into 500m
        ("860m", Tier.SMALL),
        ("900m", None),
    ],
)
def test_the_smallest_tier_with_a_reserve_is_advised(cpu: str, fits: Tier | None) -> None:
    assert _tier(row(Tier.MEDIUM, requests_cpu=cpu)) is fits


def test_one_resource_that_does_not_fit_is_enough_to_keep_the_tier() -> None:
    assert _tier(row(Tier.MEDIUM, pods="9")) is None
    assert _tier(row(Tier.MEDIUM, pods="8")) is Tier.SMALL


def test_no_tier_is_advised_that_the_environment_does_not_allow() -> None:
    assert _tier(row(Tier.MEDIUM, Environment.PRODUCTION)) is Tier.SMALL
    assert _tier(row(Tier.SMALL, Environment.PRODUCTION)) is None


def test_advice_saves_the_difference_in_price_and_names_what_is_fullest() -> None:
    found = _sizing(row(Tier.MEDIUM, pods="5", requests_cpu="100m", configmaps="40"), now=NOW)
    assert found.advice is None  # 40 ConfigMaps need the medium tier
    assert (found.tightest, found.used, found.hard) == ("pods", "5", "20")
    smaller = _sizing(row(Tier.MEDIUM, pods="5"), now=NOW)
    assert (smaller.advice, smaller.saving) == (Tier.SMALL, Decimal("30.46"))


def test_a_young_namespace_gets_no_advice() -> None:
    found = _sizing(row(Tier.MEDIUM, days=6), now=NOW)
    assert (found.is_early, found.advice, found.saving) == (True, None, Decimal(0))


def _overridden(tier: Tier, overrides: dict[str, str], *, cpu: str = "0") -> NamespaceRow:
    seen = row(tier, requests_cpu=cpu)
    quota = {
        resource: replace(use, hard=overrides.get(resource, use.hard))
        for resource, use in seen.quota.items()
    }
    return replace(seen, quota=quota)


MORE = {"requests.cpu": "32", "limits.cpu": "32"}


def test_a_saving_is_what_giving_up_the_overrides_gives_and_says_so() -> None:
    for tier in (Tier.SMALL, Tier.MICRO):
        found = _sizing(_overridden(tier, MORE), MORE, now=NOW)
        assert (found.advice, found.without_overrides) == (Tier.MICRO, True)
        assert found.saving > 100


def test_overrides_that_are_needed_are_kept_and_priced() -> None:
    held = _overridden(Tier.MEDIUM, MORE, cpu="20")
    found = _sizing(held, MORE, now=NOW)
    assert (found.advice, found.without_overrides) == (Tier.MICRO, False)
    assert 0 < found.saving < 100, "the 32 CPU stay"
