"""Costs as people read them: the sum, what it is made of, and where the price comes from."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from ..domain.prices import monthly_cost
from ..domain.spec import NamespaceSpec
from ..domain.teams import Resources
from ..domain.tiers import TierSize

__all__ = ["CostView", "price_of"]


@dataclass(frozen=True)
class CostView:
    """A month of one namespace. Empty until one is known."""

    text: str = ""
    note: str = ""

    @classmethod
    def of(cls, spec: NamespaceSpec, previous: NamespaceSpec | None = None) -> Self:
        """Price a spec; beside a previous one of another size, the sum before stands first."""
        cost = monthly_cost(Resources.of(spec.size))
        text = f"$ {cost.monthly:,.2f} / month"
        if previous is not None and previous.size != spec.size:
            text = f"$ {monthly_cost(Resources.of(previous.size)).monthly:,.2f} → {text}"
        day = f"{cost.as_of.day} {cost.as_of:%b %Y}"
        return cls(text, f"{cost.source} of {day}: {cost.basis}")


def price_of(*sizes: TierSize) -> CostView:
    """Price a month of namespaces of these sizes together."""
    costs = [monthly_cost(Resources.of(size)) for size in sizes]
    total = sum((cost.monthly for cost in costs), Decimal(0))
    first = costs[0]
    day = f"{first.as_of.day} {first.as_of:%b %Y}"
    return CostView(f"$ {total:,.2f} / month", f"{first.source} of {day}: {first.basis}")
