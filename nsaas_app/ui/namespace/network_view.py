"""The network section's vars, computed from a report. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from ...domain.network import Egress, NetworkPreset
from ...insights.enforcement import Enforcement
from ...insights.network import NetworkReport, PolicyReport, Reach
from ..spec_views import PRESET_SENTENCES
from ..words import word_of
from .network_matrix import matrix_vars

__all__ = ["PolicyLine", "network_vars"]

_PURPOSES: Final = {
    "nsaas-default-deny": "Blocks everything the others do not allow",
    "nsaas-allow-same-ns": "Pods of this namespace reach each other",
    "nsaas-allow-dns": "Names can be looked up",
    "nsaas-allow-team": "The team's namespaces of the same class reach each other",
    "nsaas-allow-gateway": "The ingress gateway may come in",
    "nsaas-allow-monitoring": "Metrics may be scraped",
    "nsaas-allow-internet": "Out to the internet on port 443",
    "nsaas-allow-cluster": "Out to other namespaces of the cluster",
    "nsaas-allow-cidrs": "Out to the listed address ranges",
    "nsaas-open": "Everything in and out, except the metadata service",
}

_EGRESS: Final = {
    Egress.NONE: "nowhere beyond that",
    Egress.CLUSTER_ONLY: "to other namespaces of the cluster",
    Egress.INTERNET_HTTPS: "to the internet on port 443",
    Egress.CIDRS: "to the listed address ranges",
}


@dataclass(frozen=True)
class PolicyLine:
    """One NetworkPolicy."""

    name: str
    purpose: str
    pods: str
    is_ours: bool
    mark: str
    """`widened` where it lets through what nobody asked for, `foreign`, or empty for ours."""
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, policy: PolicyReport, *, is_widening: bool = False) -> Self:
        """Say what the policy is for, rule by rule."""
        foreign = (
            "Not from the portal: it lets through what the preset closes"
            if is_widening
            else "Not from the portal: policies add up, so it can widen what the preset closes"
        )
        purpose = _PURPOSES.get(policy.name, "Part of the preset")
        return cls(
            name=policy.name,
            purpose=purpose if policy.is_ours else foreign,
            pods=f"Only pods with {policy.pods}" if policy.pods else "",
            is_ours=policy.is_ours,
            mark="" if policy.is_ours else "widened" if is_widening else "foreign",
            sentences=policy.sentences,
        )


def _unenforced(found: Enforcement) -> str:
    """Say that policies are only written down; nothing where they hold or nobody knows."""
    if found.is_enforced is not False:
        return ""
    if found.plugin:
        return f"{found.plugin} carries the traffic and enforces no policy by itself."
    return "No network plugin that enforces policies was found."


def network_vars(report: NetworkReport, name: str, query: Mapping[str, str]) -> dict[str, object]:
    """Compute what the section shows.

    Args:
        report: of the namespace.
        name: of the namespace.
        query: of the address: `row`, the end whose connections a narrow screen lists.
    """
    asked = report.asked
    widening = {
        step.policy
        for cell in report.cells
        if cell.reach is Reach.WIDENED
        for step in cell.chain
        if step.is_letting
    }
    foreign = [policy.name for policy in report.policies if not policy.is_ours]
    return {
        "network": word_of(asked.preset.value),
        "network_sentence": PRESET_SENTENCES[asked.preset],
        "egress_sentence": ""
        if asked.preset is NetworkPreset.OPEN
        else f"Egress goes {_EGRESS[asked.egress]}"
        + (f": {', '.join(asked.cidrs)}." if asked.cidrs else ".")
        + (" The ingress gateway may come in." if asked.accept_from_gateway else ""),
        "policies": [
            PolicyLine.of(policy, is_widening=policy.name in widening) for policy in report.policies
        ],
        **matrix_vars(name, report.cells, query),
        "widened": ", ".join(foreign),
        "unenforced": _unenforced(report.enforcement),
        "network_ends": list(report.ends),
    }
