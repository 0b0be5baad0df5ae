"""Overrides: numbers of a tier that one namespace has otherwise. Bounded, compared by value."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from .amounts import in_full
from .errors import FieldIssue
from .quantities import QuantityError, binary, cores, parse_quantity
from .tiers import TIERS, Tier, TierSize

__all__ = [
    "CEILINGS",
    "OVERRIDABLE",
    "overridden",
    "override_issues",
    "override_warnings",
    "sized",
]

CEILINGS: Final[dict[str, str]] = {
    "requests.cpu": "32",
    "limits.cpu": "32",
    "requests.memory": "128Gi",
    "limits.memory": "128Gi",
    "requests.storage": "1Ti",
    "pods": "200",
}
"""What may be overridden, and how far unless the house says otherwise. No approval goes beyond."""
OVERRIDABLE: Final = tuple(CEILINGS)
_PAIRS: Final = (("requests.cpu", "limits.cpu"), ("requests.memory", "limits.memory"))
_MEBIBYTE: Final = Decimal(2) ** 20


def sized(tier: Tier, overrides: Mapping[str, str]) -> TierSize:
    """Give the numbers of a tier with overrides in place of its own.

    A container may take as much as the whole quota, and a volume claim all of the storage, as in
    every tier.
    """
    size = TIERS[tier]
    if not overrides:
        return size
    quota = size.quota | dict(overrides)
    return replace(
        size,
        quota=quota,
        max_cpu=quota["limits.cpu"],
        max_memory=quota["limits.memory"],
        max_pvc=quota["requests.storage"],
    )


def overridden(tier: Tier, overrides: Mapping[str, str]) -> dict[str, str]:
    """Write overrides the way the cluster gives them back; what the tier has anyway is none.

    CPU is rounded up to thousandths, memory and storage to Mi. Takes overrides without issues.
    """
    written = {
        resource: _canonical(resource, parse_quantity(overrides[resource]))
        for resource in OVERRIDABLE
        if resource in overrides
    }
    own = TIERS[tier]
    return {
        resource: text
        for resource, text in written.items()
        if parse_quantity(text) != own.amount(resource)
    }


def _canonical(resource: str, value: Decimal) -> str:
    if resource.endswith("cpu"):
        return cores(value)
    if resource == "pods":
        return str(int(value))
    return binary((value / _MEBIBYTE).to_integral_value(rounding="ROUND_UP") * _MEBIBYTE)


def override_issues(
    tier: Tier, overrides: Mapping[str, str], *, ceilings: Mapping[str, str] = CEILINGS
) -> list[FieldIssue]:
    """Check overrides one by one, then what they make of the tier."""
    issues: list[FieldIssue] = []
    for resource, text in overrides.items():
        if why := _why_not(resource, text, ceilings):
            issues.append(FieldIssue(f"overrides.{resource}", *why))
    return issues or _conflicts(overrides, sized(tier, overrides))


def _why_not(resource: str, text: str, ceilings: Mapping[str, str]) -> tuple[str, str] | None:
    """Say what is wrong with one override and the code of that; None when nothing is."""
    if resource not in CEILINGS:
        return f"Nobody overrides {resource!r}: only {', '.join(OVERRIDABLE)}.", "INVALID_FIELD"
    try:
        value = parse_quantity(text)
    except QuantityError as error:
        return f"{error}.", "INVALID_FIELD"
    if value <= 0:
        return f"{in_full(resource, value)} is not more than nothing.", "INVALID_FIELD"
    if resource == "pods" and value != int(value):
        return f"{text} is no whole number of pods.", "INVALID_FIELD"
    top = ceilings.get(resource, CEILINGS[resource])
    if value > parse_quantity(top):
        wanted, most = in_full(resource, value), in_full(resource, top)
        return f"{wanted} is above {most}, the most that anybody gets.", "POLICY_DENY"
    return None


def _conflicts(overrides: Mapping[str, str], size: TierSize) -> list[FieldIssue]:
    """Compare by value what the namespace would have; each issue stands at an overridden number."""

    def written(resource: str) -> str:
        return in_full(resource, size.quota[resource])

    rows = [
        (
            low,
            high,
            f"{written(low)} requested is more than the limit of {written(high)}.",
        )
        for low, high in _PAIRS
        if size.amount(low) > size.amount(high)
    ]
    floors = (
        ("requests.cpu", size.request_cpu, "a container asks for by default"),
        ("limits.cpu", size.default_cpu, "a container gets by default"),
        ("requests.memory", size.request_memory, "a container asks for by default"),
        ("limits.memory", size.default_memory, "a container gets by default"),
        ("requests.storage", size.min_pvc, "the smallest volume claim takes"),
    )
    rows += [
        (
            resource,
            resource,
            f"{written(resource)} is less than the {in_full(resource, floor)} that {words}.",
        )
        for resource, floor, words in floors
        if size.amount(resource) < parse_quantity(floor)
    ]
    return [
        FieldIssue(f"overrides.{first if first in overrides else second}", message)
        for first, second, message in rows
    ]


def override_warnings(tier: Tier, overrides: Mapping[str, str]) -> list[FieldIssue]:
    """Say where so many pods with the defaults of their containers would not fit the quota."""
    size = sized(tier, overrides)
    pods = size.amount("pods")
    rows = (
        ("limits.cpu", size.default_cpu),
        ("limits.memory", size.default_memory),
    )
    return [
        FieldIssue(
            f"overrides.{resource if resource in overrides else 'pods'}",
            f"{pods} pods with the default limit take "
            f"{in_full(resource, pods * parse_quantity(each))}, more than "
            f"{in_full(resource, size.quota[resource])}: not all of them start without limits of "
            "their own.",
        )
        for resource, each in rows
        if overrides and pods * parse_quantity(each) > size.amount(resource)
    ]
