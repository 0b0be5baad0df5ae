"""Which kinds stand for something at a cloud provider, and when that outlives its object. Pure.

What such an object stands for may hold data, and goes with the namespace unless its own words say
otherwise.
"""

from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["is_cloud_kind", "stays_at_provider"]

_GROUPS: Final = (".azure.com", ".services.k8s.aws", ".cnrm.cloud.google.com")
"""Ends of the API groups of Azure Service Operator, ACK and Config Connector."""
_OWN: Final = frozenset({"serviceoperator.azure.com", "core.cnrm.cloud.google.com"})
"""Groups of these operators in which they keep their own configuration."""
_CROSSPLANE: Final = frozenset({"claim", "managed", "composite"})
"""Categories of Crossplane's kinds, whose groups everybody chooses for themselves."""

_STAYS: Final = {
    "serviceoperator.azure.com/reconcile-policy": ("skip", "detach-on-delete"),
    "services.k8s.aws/deletion-policy": ("retain",),
    "cnrm.cloud.google.com/deletion-policy": ("abandon",),
}
"""Annotations, and their values with which the thing outlives its object."""


def is_cloud_kind(group: str, categories: Iterable[str] = ()) -> bool:
    """Whether objects of a kind stand for something at a cloud provider."""
    if group in _OWN:
        return False
    return group.endswith(_GROUPS) or not _CROSSPLANE.isdisjoint(categories)


def stays_at_provider(annotations: Mapping[str, str], *, deletion_policy: str = "") -> bool:
    """Whether what an object stands for outlives the object.

    Args:
        annotations: of the object.
        deletion_policy: in its spec, as Crossplane writes it.
    """
    is_said = any(annotations.get(key) in values for key, values in _STAYS.items())
    return is_said or deletion_policy == "Orphan"
