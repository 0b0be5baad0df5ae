"""Whether the cluster's network plugin enforces NetworkPolicies: the API server stores them anyway.

No API tells it. The plugins are known by the DaemonSets they run as.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..cluster.mirror import Mirror
from .surroundings import outside_teams

__all__ = ["Enforcement", "enforcement_of", "plugin_among"]

_ENFORCING: Final[Mapping[str, str]] = {
    "calico-node": "Calico",
    "canal": "Canal",
    "cilium": "Cilium",
    "antrea-agent": "Antrea",
    "kube-router": "kube-router",
    "ovnkube-node": "OVN-Kubernetes",
    "weave-net": "Weave Net",
    "azure-npm": "Azure NPM",
    "kube-network-policies": "kube-network-policies",
}
_OTHERS: Final[Mapping[str, str]] = {
    "kube-flannel-ds": "Flannel",
    "kube-flannel": "Flannel",
    "kindnet": "kindnet",
    "aws-node": "Amazon VPC CNI",
    "azure-cns": "Azure CNI",
}
"""They carry traffic, and enforce nothing unless told to or helped."""


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What is known of the network plugin."""

    plugin: str = ""
    """Its name; empty when none was found."""
    is_enforced: bool | None = None
    """None while it is not known."""


def plugin_among(names: frozenset[str]) -> Enforcement:
    """Judge by the names of the DaemonSets of the cluster, those of teams left out."""
    for known, is_enforced in ((_ENFORCING, True), (_OTHERS, False)):
        for name, plugin in known.items():
            if name in names:
                return Enforcement(plugin, is_enforced)
    return Enforcement("", is_enforced=False)


def enforcement_of(mirror: Mirror) -> Enforcement:
    """Judge by what the mirror shows; unknown while it shows no DaemonSets or no namespaces."""
    seen = mirror.workloads.daemon_sets
    listed = [
        one for one in mirror.workloads.reflectors if one.cache is seen and one.synced.is_set()
    ]
    if not listed or not len(mirror.namespaces):
        return Enforcement()
    return plugin_among(frozenset(one.metadata.name for one in outside_teams(mirror, seen)))
