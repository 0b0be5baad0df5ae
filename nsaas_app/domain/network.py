"""Network presets and egress: what was asked for, before it becomes NetworkPolicies."""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .errors import FieldIssue

__all__ = ["DEFAULT_EGRESS", "Egress", "NetworkPreset", "NetworkSpec", "cidr_issues"]

MAX_CIDRS: Final = 20
_METADATA: Final = ipaddress.ip_network("169.254.169.254/32")
"""The clouds' metadata service hands out credentials: no namespace may ask for it."""


class NetworkPreset(StrEnum):
    """Who may talk to the namespace."""

    ISOLATED = "isolated"
    TEAM_SHARED = "team-shared"
    OPEN = "open"


class Egress(StrEnum):
    """Where the namespace may talk to beyond the preset's peers and DNS."""

    NONE = "none"
    CLUSTER_ONLY = "cluster-only"
    INTERNET_HTTPS = "internet-https"
    CIDRS = "cidrs"


DEFAULT_EGRESS: Final[dict[NetworkPreset, Egress]] = {
    NetworkPreset.ISOLATED: Egress.NONE,
    NetworkPreset.TEAM_SHARED: Egress.INTERNET_HTTPS,
    NetworkPreset.OPEN: Egress.INTERNET_HTTPS,
}


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """Preset plus the choices beside it."""

    preset: NetworkPreset
    egress: Egress
    accept_from_gateway: bool = False
    cidrs: tuple[str, ...] = ()


def cidr_issues(cidrs: tuple[str, ...]) -> list[FieldIssue]:
    """Check an egress list: count, grammar, and the metadata service stays out of reach."""
    issues = []
    if len(cidrs) > MAX_CIDRS:
        issues.append(
            FieldIssue("network.cidrs", f"{len(cidrs)} CIDRs given; {MAX_CIDRS} are allowed.")
        )
    for index, text in enumerate(cidrs):
        field = f"network.cidrs[{index}]"
        try:
            block = ipaddress.ip_network(text)
        except ValueError as error:
            issues.append(FieldIssue(field, f"{text} is no CIDR: {error}."))
            continue
        # The API server refuses other spellings, and an IPv4 network dressed up as IPv6.
        if getattr(block.network_address, "ipv4_mapped", None) is not None:
            issues.append(FieldIssue(field, f"{text} maps IPv4 into IPv6: name the IPv4 network."))
        elif str(block) != text:
            issues.append(FieldIssue(field, f"Write {text} as {block}."))
        if block.version == _METADATA.version and block.overlaps(_METADATA):
            issues.append(FieldIssue(field, f"{text} holds the metadata service 169.254.169.254."))
    return issues
