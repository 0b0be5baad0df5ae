"""The network section's vars, computed from a report. Pure."""

from dataclasses import dataclass
from typing import Final, Self

from ...domain.network import Egress, NetworkPreset
from ...insights.enforcement import Enforcement
from ...insights.network import Cell, ChainStep, NetworkReport, PolicyReport, Reach
from ..spec_views import PRESET_SENTENCES
from ..words import Tone, word_of

__all__ = ["CellLine", "ChainLine", "PolicyLine", "network_vars"]

_REACHES: Final = {
    Reach.ALLOWED: (Tone.OK, "As asked: allowed."),
    Reach.BLOCKED: (Tone.NONE, "As asked: blocked."),
    Reach.WIDENED: (Tone.WARN, "Not asked for: a policy lets it through."),
    Reach.NARROWED: (Tone.BAD, "Asked for, but no policy lets it through now."),
    Reach.UNKNOWN: (Tone.NONE, "The cluster has not been seen yet."),
}

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
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, policy: PolicyReport) -> Self:
        """Say what the policy is for, rule by rule."""
        foreign = "Not from the portal: policies add up, so it can widen what the preset closes"
        purpose = _PURPOSES.get(policy.name, "Part of the preset")
        return cls(
            name=policy.name,
            purpose=purpose if policy.is_ours else foreign,
            pods=f"Only pods with {policy.pods}" if policy.pods else "",
            is_ours=policy.is_ours,
            sentences=policy.sentences,
        )


@dataclass(frozen=True)
class ChainLine:
    """What one policy says of a connection."""

    policy: str
    sentence: str
    is_letting: bool

    @classmethod
    def of(cls, step: ChainStep) -> Self:
        """Say it, and for which pods where it is not all of them."""
        pods = f", for pods with {step.pods}" if step.pods else ""
        return cls(step.policy, f"{step.sentence}{pods}.", step.is_letting)


@dataclass(frozen=True)
class CellLine:
    """One connection; an empty key is none."""

    key: str = ""
    source: str = ""
    target: str = ""
    port: str = ""
    word: str = ""
    tone: str = "none"
    raw: str = ""
    meaning: str = ""
    rule: str = ""
    pods: str = ""
    chain: tuple[ChainLine, ...] = ()

    @classmethod
    def of(cls, cell: Cell) -> Self:
        """Describe a connection."""
        tone, meaning = _REACHES[cell.reach]
        return cls(
            key=f"{_slug(cell.source)}-{_slug(cell.target)}-{_slug(cell.port)}",
            source=cell.source,
            target=cell.target,
            port=cell.port,
            word=word_of(cell.reach.value),
            tone=tone.value,
            raw=cell.reach.value,
            meaning=cell.reason or meaning,
            rule=cell.rule or ("not known" if cell.reach is Reach.UNKNOWN else "no policy"),
            pods=f"for pods with {cell.pods}" if cell.pods else "",
            chain=tuple(ChainLine.of(step) for step in cell.chain),
        )


def _slug(text: str) -> str:
    return text.lower().replace(",", "").replace(" ", "-")


def _unenforced(found: Enforcement) -> str:
    """Say that policies are only written down; nothing where they hold or nobody knows."""
    if found.is_enforced is not False:
        return ""
    if found.plugin:
        return f"{found.plugin} carries the traffic and enforces no policy by itself."
    return "No network plugin that enforces policies was found."


def network_vars(report: NetworkReport) -> dict[str, object]:
    """Compute what the section shows."""
    asked = report.asked
    foreign = [policy.name for policy in report.policies if not policy.is_ours]
    return {
        "network": word_of(asked.preset.value),
        "network_sentence": PRESET_SENTENCES[asked.preset],
        "egress_sentence": ""
        if asked.preset is NetworkPreset.OPEN
        else f"Egress goes {_EGRESS[asked.egress]}"
        + (f": {', '.join(asked.cidrs)}." if asked.cidrs else ".")
        + (" The ingress gateway may come in." if asked.accept_from_gateway else ""),
        "policies": [PolicyLine.of(policy) for policy in report.policies],
        "cells": [CellLine.of(cell) for cell in report.cells],
        "widened": ", ".join(foreign),
        "unenforced": _unenforced(report.enforcement),
        "network_ends": list(report.ends),
    }
