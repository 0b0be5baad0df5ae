"""What was asked for, as facts in plain words: the review step and the request page show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..domain.access import AccessGrant
from ..domain.environments import POLICIES
from ..domain.network import Egress, NetworkPreset, NetworkSpec
from ..domain.resource_words import RESOURCE_WORDS
from ..domain.spec import NamespaceSpec
from ..domain.tiers import TierSize
from .figures import NOTHING, in_full, iso
from .words import word_of

__all__ = [
    "EGRESS_SENTENCES",
    "PRESET_SENTENCES",
    "Fact",
    "facts_of",
    "grant_text",
    "network_sentence",
    "numbers_text",
    "tier_sentence",
]

PRESET_SENTENCES: Final[dict[NetworkPreset, str]] = {
    NetworkPreset.ISOLATED: "Only pods of this namespace reach each other.",
    NetworkPreset.TEAM_SHARED: "Namespaces of the team reach each other; production stays apart.",
    NetworkPreset.OPEN: "Every namespace of the cluster reaches it, and it reaches everything.",
}

EGRESS_SENTENCES: Final[dict[Egress, str]] = {
    Egress.NONE: "Nothing outside the preset's peers and DNS.",
    Egress.CLUSTER_ONLY: "Other namespaces of this cluster, no internet.",
    Egress.INTERNET_HTTPS: "The internet on port 443, no private addresses.",
    Egress.CIDRS: "Only the address ranges you list.",
}


@dataclass(frozen=True)
class Fact:
    """One line of a summary. `instant` is set where the value is a time."""

    key: str
    term: str
    value: str
    instant: str = ""


def tier_sentence(size: TierSize) -> str:
    """Write what a size guarantees: `1 CPU and 2 Gi requested, 2 CPU and 4 Gi at most`."""
    quota = size.quota
    cpu, memory, top_cpu, top_memory = (
        in_full(resource, quota[resource])
        for resource in ("requests.cpu", "requests.memory", "limits.cpu", "limits.memory")
    )
    return f"{cpu} and {memory} requested, {top_cpu} and {top_memory} at most"


def network_sentence(network: NetworkSpec) -> str:
    """Write where the namespace may talk to."""
    if network.egress is Egress.CIDRS:
        return f"Out to {', '.join(network.cidrs)}."
    return EGRESS_SENTENCES[network.egress]


def numbers_text(spec: NamespaceSpec, resources: Iterable[str]) -> str:
    """Write what a spec has of some resources: `CPU requests 3 CPU, Pods 20`."""
    quota = spec.size.quota
    return ", ".join(
        f"{RESOURCE_WORDS.get(resource, resource)} {in_full(resource, quota[resource])}"
        for resource in resources
    )


def grant_text(grant: AccessGrant) -> str:
    """Write one grant: `frontend-devs (Group) as developer`."""
    return f"{grant.name} ({grant.kind.value}) as {grant.role.value}"


def _access_text(grants: Sequence[AccessGrant]) -> str:
    return ", ".join(grant_text(grant) for grant in grants) or "Nobody"


def facts_of(spec: NamespaceSpec) -> list[Fact]:
    """Write a spec as facts, in the order people ask."""
    facts = [
        Fact("name", "Name", str(spec.name)),
        Fact("team", "Team", str(spec.team)),
        Fact("environment", "Environment", word_of(spec.environment.value)),
        Fact("tier", "Tier", f"{word_of(spec.tier.value)}: {tier_sentence(spec.size)}"),
        Fact(
            "network",
            "Network",
            f"{word_of(spec.network.preset.value)}: {PRESET_SENTENCES[spec.network.preset]}",
        ),
        Fact("egress", "Outbound", network_sentence(spec.network)),
        Fact("access", "Access", _access_text(spec.access)),
        Fact("expires", "Lifetime ends", "Never", iso(spec.expires_at)),
        Fact("owner", "Owner", spec.owner),
        Fact("cost_center", "Cost centre", spec.cost_center or NOTHING),
    ]
    if spec.sleep:
        facts.append(Fact("sleep", "Asleep", spec.sleep.in_words))
    elif POLICIES[spec.environment].sleeps:
        facts.append(Fact("sleep", "Asleep", "Never by itself"))
    if spec.certified_at:
        facts.append(Fact("certified", "Confirmed as needed", "Never", iso(spec.certified_at)))
    if spec.overrides:
        facts.append(Fact("overrides", "Limits of its own", numbers_text(spec, spec.overrides)))
    for key, term, pairs in (
        ("labels", "Labels", spec.labels),
        ("annotations", "Annotations", spec.annotations),
    ):
        if pairs:
            words = ", ".join(f"{name}={value}" for name, value in pairs.items())
            facts.append(Fact(key, term, words))
    if spec.display_name:
        facts.append(Fact("display_name", "Display name", spec.display_name))
    if spec.description:
        facts.append(Fact("description", "Description", spec.description))
    return facts
