"""Features as they stand on this cluster: none can be asked for yet, and each says why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..domain.features import FEATURES, NOT_MADE, Feature
from .integrations import Integration, Readiness

__all__ = ["FeatureOffer", "feature_offers"]


@dataclass(frozen=True, slots=True)
class FeatureOffer:
    """One feature, with the cluster's part of why it cannot be asked for."""

    feature: Feature
    reason: str
    api: str
    """The API group that it needs; empty for none of its own."""
    cluster: Readiness | None
    """How what it needs stands on the cluster; None where it needs nothing, or nothing is known."""
    seen_at: datetime | None
    """When the cluster was asked; None where it was not."""


def feature_offers(found: Iterable[Integration]) -> tuple[FeatureOffer, ...]:
    """Judge every feature by what the cluster was seen to have; nothing seen is not "absent"."""
    seen = {one.known.key: one for one in found}
    return tuple(_offer(feature, seen.get(feature.needs)) for feature in FEATURES)


def _offer(feature: Feature, needed: Integration | None) -> FeatureOffer:
    if needed is None:
        return FeatureOffer(feature, NOT_MADE, "", None, None)
    reason = NOT_MADE
    if needed.readiness is not Readiness.READY:
        reason = f"{NOT_MADE} {needed.reason}"
    return FeatureOffer(feature, reason, needed.known.group, needed.readiness, needed.seen_at)
