"""List prices: what a month of a tier's requests costs, and where the number comes from."""

from decimal import Decimal

import pytest

from nsaas_app.domain.prices import LIST_PRICES, monthly_cost
from nsaas_app.domain.teams import Resources
from nsaas_app.domain.tiers import TIERS, Tier


@pytest.mark.parametrize(
    ("tier", "dollars"),
    [
        (Tier.MICRO, "15.03"),
        (Tier.SMALL, "30.06"),
        (Tier.MEDIUM, "60.52"),
        (Tier.LARGE, "121.05"),
    ],
)
def test_the_requests_of_a_tier_cost_this_a_month(tier: Tier, dollars: str) -> None:
    assert monthly_cost(Resources.of(TIERS[tier])).monthly == Decimal(dollars)


def test_a_cost_says_what_it_is_made_of() -> None:
    cost = monthly_cost(Resources())
    assert cost.monthly == 0
    assert (cost.source, cost.as_of) == (LIST_PRICES.source, LIST_PRICES.as_of)
    assert "730 h" in cost.basis
