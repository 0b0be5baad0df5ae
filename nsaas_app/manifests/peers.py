"""One end of a connection and whether a rule of a NetworkPolicy speaks of it. Pure.

Semantics of networking.k8s.io/v1: within a rule, peers and ports must both match. Ports by name
match nothing here but themselves.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Peer", "Port", "is_let_through", "selects"]

Port = tuple[str, int | str]
"""Protocol with number or name."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end: a pod in some namespace, an address outside, or networks."""

    namespace_labels: Mapping[str, str] | None = None
    pod_labels: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    networks: tuple[str, ...] = ()
    """Let through as soon as any address of theirs is."""


def selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a label selector takes something with these labels; an empty one takes all."""
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


def _meets_block(block: Mapping[str, Any], network: str) -> bool:
    """Whether a block has an address of a network that none of its exceptions takes out whole."""
    wanted, given = ipaddress.ip_network(network), ipaddress.ip_network(block["cidr"])
    if wanted.version != given.version or not wanted.overlaps(given):
        return False
    # Of two networks that overlap, one lies in the other: the longer prefix is what they share.
    shared = max(wanted, given, key=lambda one: one.prefixlen)
    excluded = (ipaddress.ip_network(cidr) for cidr in block.get("except") or ())
    return not any(
        net.prefixlen <= shared.prefixlen and net.overlaps(shared)
        for net in excluded
        if net.version == shared.version
    )


def _is_peer(rule: Mapping[str, Any], peer: Peer, own: Mapping[str, str]) -> bool:
    if "ipBlock" in rule:
        block = rule["ipBlock"]
        if peer.address:
            return _is_in_block(block, peer.address)
        return any(_meets_block(block, network) for network in peer.networks)
    if peer.namespace_labels is None:
        return False
    selector = rule.get("namespaceSelector")
    if selector is None:
        # Only pods: those of the policy's own namespace.
        is_there = peer.namespace_labels == own
    else:
        is_there = selects(selector, peer.namespace_labels)
    return is_there and selects(rule.get("podSelector") or {}, peer.pod_labels)


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


def is_let_through(
    rule: Mapping[str, Any], end: str, peer: Peer, port: Port, own: Mapping[str, str]
) -> bool:
    """Whether one rule of a policy lets a connection through.

    Args:
        rule: of `ingress` or `egress`.
        end: `from` or `to`: where the rule names its peers.
        peer: the other end.
        port: the port asked for.
        own: labels of the policy's own namespace.
    """
    peers = rule.get(end)
    is_there = not peers or any(_is_peer(one, peer, own) for one in peers)
    return is_there and _is_port(rule, port)
