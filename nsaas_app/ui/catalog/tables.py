"""The catalog's rows, from the tables that the rules read. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from ...domain.environments import POLICIES, Environment, EnvironmentPolicy
from ...domain.prices import LIST_PRICES, monthly_cost
from ...domain.quantities import parse_quantity
from ...domain.teams import Resources
from ...domain.tiers import TIERS, Tier
from ..figures import in_full, number
from ..quotas import HEADLINE

__all__ = ["PRICE_NOTE", "Row", "environment_rows", "tier_rows"]

PRICE_NOTE: Final = (
    f"Costs are a month of the requests at {LIST_PRICES.source} of "
    f"{LIST_PRICES.as_of.day} {LIST_PRICES.as_of:%b %Y}."
)
_MEBIBYTE: Final = Decimal(2) ** 20
_GIBIBYTE: Final = Decimal(2) ** 30
_MORE: Final = {
    "limits.ephemeral-storage": "Ephemeral storage",
    "services.loadbalancers": "Load balancers",
    "secrets": "Secrets",  # pragma: allowlist secret
    "configmaps": "ConfigMaps",
    "count/jobs.batch": "Jobs",
    "count/cronjobs.batch": "CronJobs",
    "count/ingresses.networking.k8s.io": "Ingresses",
}


@dataclass(frozen=True)
class Row:
    """One property and its value in each column."""

    label: str
    values: tuple[str, ...]


def tier_rows() -> list[Row]:
    """Compare the tiers, a column each."""
    sizes = [TIERS[tier] for tier in Tier]
    rows = [
        Row(label, tuple(in_full(resource, size.quota[resource]) for size in sizes))
        for resource, label in {**HEADLINE, **_MORE}.items()
    ]
    rows += [
        Row(
            "Container default limits",
            tuple(_both(size.default_cpu, size.default_memory) for size in sizes),
        ),
        Row(
            "Container default requests",
            tuple(_both(size.request_cpu, size.request_memory) for size in sizes),
        ),
        Row("Container maximum", tuple(_both(size.max_cpu, size.max_memory) for size in sizes)),
        Row("Environments", tuple(_allowed_in(tier) for tier in Tier)),
        Row(
            "List price a month",
            tuple(f"$ {monthly_cost(Resources.of(size)).monthly:,.2f}" for size in sizes),
        ),
    ]
    return rows


def _both(cpu: str, memory: str) -> str:
    return f"{in_full('cpu', cpu)}, {_memory(memory)}"


def _memory(size: str) -> str:
    """Write what a container gets exactly: `128 Mi` would be rounded as a part of a gibibyte."""
    value = parse_quantity(size)
    return f"{number(value / _MEBIBYTE)} Mi" if value < _GIBIBYTE else in_full("memory", value)


def _allowed_in(tier: Tier) -> str:
    return ", ".join(env.short for env in Environment if tier in POLICIES[env].tiers)


def environment_rows() -> list[Row]:
    """Compare the environments, a column each."""
    looks: dict[str, Callable[[EnvironmentPolicy], str]] = {
        "Tier by default": lambda policy: policy.default_tier.value,
        "Tiers": lambda policy: ", ".join(policy.tiers),
        "Network by default": lambda policy: policy.default_network.value,
        "Networks": lambda policy: ", ".join(policy.networks),
        "Pod Security": lambda policy: policy.pod_security,
        "Lives by default": lambda policy: _days(policy.default_ttl),
        "Lives at most": lambda policy: _days(policy.max_ttl),
        "Renewals without a lead": _renewals,
        "Released, restorable for": lambda policy: _hours(policy.grace),
        "Cost centre": lambda p: "required" if p.cost_center_required else "optional",
        "Namespaces of a new team": lambda policy: str(policy.max_per_team),
        "Developers get": lambda policy: policy.developer_role,
    }
    policies = [POLICIES[environment] for environment in Environment]
    return [Row(label, tuple(map(look, policies))) for label, look in looks.items()]


def _days(span: timedelta | None) -> str:
    return "no end" if span is None else f"{span.days} days"


def _hours(span: timedelta) -> str:
    days, hours = span.days, span.total_seconds() / 3600
    return f"{days} days" if days > 1 else f"{hours:.0f} h"


def _renewals(policy: EnvironmentPolicy) -> str:
    if policy.max_ttl is None:
        return "no end to put off"
    return "any number" if policy.renewals is None else str(policy.renewals)
