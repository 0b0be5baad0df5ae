"""Overrides in the form: one field for each number of a tier that may be another one. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from ...domain.errors import FieldIssue
from ...domain.overrides import CEILINGS, overridden, override_issues, sized
from ...domain.tiers import TIERS, Tier, TierSize

__all__ = [
    "OVERRIDE_FIELDS",
    "OVERRIDE_PATHS",
    "fields_from",
    "override_hints",
    "overrides_from",
    "size_of",
]

OVERRIDE_FIELDS: Final[dict[str, str]] = {
    "requests.cpu": "over_request_cpu",
    "limits.cpu": "over_limit_cpu",
    "requests.memory": "over_request_memory",
    "limits.memory": "over_limit_memory",
    "requests.storage": "over_storage",
    "pods": "over_pods",
}
"""The form's field for each resource."""
OVERRIDE_PATHS: Final = {f"overrides.{one}": field for one, field in OVERRIDE_FIELDS.items()}
"""The form's field for each path of the spec."""


def overrides_from(texts: Mapping[str, str]) -> dict[str, str]:
    """Read what was typed; an empty field leaves the tier's own number."""
    typed = {one: texts.get(field, "").strip() for one, field in OVERRIDE_FIELDS.items()}
    return {resource: text for resource, text in typed.items() if text}


def fields_from(overrides: Mapping[str, str]) -> dict[str, Any]:
    """Put overrides back into the fields; one that no field is for is left out."""
    return {
        field: overrides[resource]
        for resource, field in OVERRIDE_FIELDS.items()
        if resource in overrides
    }


def override_hints(tier: Tier) -> dict[str, str]:
    """Give the tier's own number by field."""
    return {field: TIERS[tier].quota[one] for one, field in OVERRIDE_FIELDS.items()}


def size_of(
    tier: Tier, overrides: Mapping[str, str], ceilings: Mapping[str, str] = CEILINGS
) -> TierSize:
    """Give the size as typed; while a number breaks a rule of the house, the tier's own."""
    issues: list[FieldIssue] = override_issues(tier, overrides, ceilings=ceilings)
    return TIERS[tier] if issues else sized(tier, overridden(tier, overrides))
