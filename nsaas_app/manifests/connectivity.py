"""Who can reach whom: a simulator over the NetworkPolicies of one namespace.

Semantics of networking.k8s.io/v1: a direction that any policy selects is closed but for the union
of the rules; within a rule, peers and ports must both match. Ports by name match nothing here but
themselves.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

from ..domain import keys
from ..domain.environments import Environment
from ..domain.spec import NamespaceSpec
from .manifest import Manifest
from .network_policies import NetworkSettings

__all__ = ["Connection", "connectivity"]

Port = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class _Peer:
    """The other end: a pod in some namespace, or an address outside."""

    namespace_labels: Mapping[str, str] | None = None
    pod_labels: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """One cell of the table."""

    source: str
    target: str
    port: str
    is_allowed: bool
    rule: str
    """The policy that allows it, or the one that closes the direction."""


def _matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    wanted = selector.get("matchLabels") or {}
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    for expression in selector.get("matchExpressions") or ():
        value, values = labels.get(expression["key"]), expression.get("values") or ()
        holds = {
            "In": value in values,
            "NotIn": value not in values,
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }[expression["operator"]]
        if not holds:
            return False
    return True


def _is_in_block(block: Mapping[str, Any], address: str) -> bool:
    ip = ipaddress.ip_address(address)
    excluded = (ipaddress.ip_network(cidr) for cidr in block.get("except") or ())
    return ip in ipaddress.ip_network(block["cidr"]) and not any(ip in net for net in excluded)


def _is_peer(rule: Mapping[str, Any], peer: _Peer, own: Mapping[str, str]) -> bool:
    if "ipBlock" in rule:
        return bool(peer.address) and _is_in_block(rule["ipBlock"], peer.address)
    if peer.namespace_labels is None:
        return False
    selector = rule.get("namespaceSelector")
    if selector is None:
        # Only pods: those of the policy's own namespace.
        is_there = peer.namespace_labels == own
    else:
        is_there = _matches(selector, peer.namespace_labels)
    return is_there and _matches(rule.get("podSelector") or {}, peer.pod_labels)


def _is_port(rule: Mapping[str, Any], port: Port) -> bool:
    ports = rule.get("ports")
    if not ports:
        return True
    return any(
        entry.get("protocol", "TCP") == port[0] and _holds(entry, port[1]) for entry in ports
    )


def _holds(entry: Mapping[str, Any], port: int | str) -> bool:
    first, last = entry.get("port"), entry.get("endPort")
    if isinstance(first, int) and isinstance(last, int) and isinstance(port, int):
        return first <= port <= last
    return first in (None, port)


def _verdict(
    policies: Iterable[Manifest], direction: str, peer: _Peer, port: Port, own: Mapping[str, str]
) -> tuple[bool, str]:
    end, closing = ("from" if direction == "Ingress" else "to"), ""
    for policy in policies:
        spec = policy["spec"]
        if direction not in spec.get("policyTypes", ()):
            continue
        closing = closing or policy["metadata"]["name"]
        for rule in spec.get(direction.lower()) or ():
            peers = rule.get(end)
            is_there = not peers or any(_is_peer(one, peer, own) for one in peers)
            if is_there and _is_port(rule, port):
                return True, policy["metadata"]["name"]
    return not closing, closing


def _labels(name: str, **others: str) -> dict[str, str]:
    return {"kubernetes.io/metadata.name": name, **others}


def _team_labels(name: str, team: str, environment: Environment) -> dict[str, str]:
    owned = {keys.MANAGED: keys.MANAGED_VALUE, keys.TEAM: team}
    return _labels(name) | owned | {keys.ENVIRONMENT: environment.value}


WEB: Final[Port] = ("TCP", 8080)


def _peers(spec: NamespaceSpec, settings: NetworkSettings) -> dict[str, _Peer]:
    other = (
        Environment.DEVELOPMENT
        if spec.environment is Environment.PRODUCTION
        else Environment.PRODUCTION
    )
    team, name = str(spec.team), str(spec.name)
    here = _team_labels(name, team, spec.environment)
    gateway = settings.gateway_namespaces[0] if settings.gateway_namespaces else "gateway"
    scraper = settings.monitoring_namespaces[0] if settings.monitoring_namespaces else "monitoring"
    dns_pod = dict(settings.dns_pod_labels)
    return {
        "this namespace": _Peer(here),
        "own team": _Peer(_team_labels("peer", team, spec.environment)),
        f"own team, {other.value}": _Peer(_team_labels("peer", team, other)),
        "other teams": _Peer(_team_labels("peer", "another-team", spec.environment)),
        "gateway": _Peer(_labels(gateway)),
        "monitoring": _Peer(_labels(scraper)),
        "cluster DNS": _Peer(_labels(settings.dns_namespace), dns_pod),
        "internet": _Peer(address="93.184.216.34"),
        "metadata service": _Peer(address="169.254.169.254"),
    }


_QUESTIONS: Final[tuple[tuple[str, str, Port], ...]] = (
    ("Ingress", "this namespace", WEB),
    ("Ingress", "own team", WEB),
    ("Ingress", "own team, *", WEB),
    ("Ingress", "other teams", WEB),
    ("Ingress", "gateway", WEB),
    ("Ingress", "monitoring", ("TCP", "metrics")),
    ("Egress", "cluster DNS", ("UDP", 53)),
    ("Egress", "own team", WEB),
    ("Egress", "other teams", WEB),
    ("Egress", "internet", ("TCP", 443)),
    ("Egress", "internet", ("TCP", 80)),
    ("Egress", "metadata service", ("TCP", 80)),
)


def connectivity(
    spec: NamespaceSpec, policies: Iterable[Manifest], settings: NetworkSettings
) -> tuple[Connection, ...]:
    """Answer the usual questions about a namespace with these policies."""
    listed, peers = tuple(policies), _peers(spec, settings)
    here = "this namespace"
    own = peers[here].namespace_labels or {}
    table = []
    for direction, wanted, port in _QUESTIONS:
        for name in (name for name in peers if fnmatchcase(name, wanted)):
            is_allowed, rule = _verdict(listed, direction, peers[name], port, own)
            source, target = (name, here) if direction == "Ingress" else (here, name)
            shown = f"{port[0]} {port[1]}"
            table.append(Connection(source, target, shown, is_allowed, rule))
    return tuple(table)
