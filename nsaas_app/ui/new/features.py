"""Platform features in the wizard: what each would create, and why it cannot be had. Pure."""

from dataclasses import dataclass
from typing import Self

from ...insights.features import FeatureOffer

__all__ = ["FeatureLine"]


@dataclass(frozen=True)
class FeatureLine:
    """One feature as the network step shows it."""

    id: str
    title: str
    creates: str
    reason: str

    @classmethod
    def of(cls, offer: FeatureOffer) -> Self:
        """Describe an offer."""
        feature = offer.feature
        return cls(feature.id, feature.title, feature.creates, offer.reason)
