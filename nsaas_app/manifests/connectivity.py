"""Who can reach whom: a simulator over the NetworkPolicies of one namespace.

Semantics of networking.k8s.io/v1: a direction that any policy selects is closed but for the union
of the rules. What one rule says of one end is in `peers`.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from ..domain import keys
from ..domain.environments import Environment
from ..domain.spec import NamespaceSpec
from .databases import database_networks, database_port
from .manifest import Manifest
from .network_policies import NetworkSettings
from .peers import Peer, Port, is_let_through

__all__ = [
    "API_SERVER",
    "API_SERVER_PORT",
    "DATABASE",
    "HERE",
    "ChainLink",
    "Connection",
    "check",
    "connectivity",
    "peer_names",
]

HERE: Final = "this namespace"
"""How the namespace itself is called in questions and answers."""
API_SERVER: Final = "API server"
"""How the cluster's API server is called; an end only where its networks are known."""
API_SERVER_PORT: Final[Port] = ("TCP", 443)
"""Port of the Service that pods reach it by."""

DATABASE: Final = "database"
"""How the database of the namespace is called; an end only where its networks are known."""


@dataclass(frozen=True, slots=True)
class ChainLink:
    """What one policy says of a connection; a direction is open where none speaks of it."""

    policy: str
    is_letting: bool
    rule: Mapping[str, Any] | None = None
    """The rule that lets it through."""
    is_bare: bool = False
    """Whether it has no rule at all in this direction: it only closes."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One cell of the table."""

    source: str
    target: str
    port: str
    is_allowed: bool
    rule: str
    """The policy that allows it, or the one that closes the direction."""
    is_inward: bool = True
    """Whether it comes in, so that ingress rules decide."""
    chain: tuple[ChainLink, ...] = ()
    """Every policy that speaks of the direction, in the order given."""


def _links(
    policies: Iterable[Manifest], direction: str, peer: Peer, port: Port, own: Mapping[str, str]
) -> tuple[ChainLink, ...]:
    end, links = ("from" if direction == "Ingress" else "to"), []
    for policy in policies:
        spec = policy["spec"]
        if direction not in spec.get("policyTypes", ()):
            continue
        rules = spec.get(direction.lower()) or ()
        rule = next((one for one in rules if is_let_through(one, end, peer, port, own)), None)
        links.append(
            ChainLink(policy["metadata"]["name"], rule is not None, rule, is_bare=not rules)
        )
    return tuple(links)


def _connection(source: str, target: str, port: Port, links: tuple[ChainLink, ...]) -> Connection:
    letting = next((link.policy for link in links if link.is_letting), "")
    closing = links[0].policy if links else ""
    return Connection(
        source=source,
        target=target,
        port=f"{port[0]} {port[1]}",
        is_allowed=bool(letting) or not links,
        rule=letting or closing,
        is_inward=target == HERE,
        chain=links,
    )


def _labels(name: str, **others: str) -> dict[str, str]:
    return {"kubernetes.io/metadata.name": name, **others}


def _team_labels(name: str, team: str, environment: Environment) -> dict[str, str]:
    owned = {keys.MANAGED: keys.MANAGED_VALUE, keys.TEAM: team}
    return _labels(name) | owned | {keys.ENVIRONMENT: environment.value}


WEB: Final[Port] = ("TCP", 8080)


def _peers(spec: NamespaceSpec, settings: NetworkSettings) -> dict[str, Peer]:
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
    peers = {
        HERE: Peer(here),
        "own team": Peer(_team_labels("peer", team, spec.environment)),
        f"own team, {other.value}": Peer(_team_labels("peer", team, other)),
        "other teams": Peer(_team_labels("peer", "another-team", spec.environment)),
        "gateway": Peer(_labels(gateway)),
        "monitoring": Peer(_labels(scraper)),
        "cluster DNS": Peer(_labels(settings.dns_namespace), dns_pod),
        "internet": Peer(address="93.184.216.34"),
        "metadata service": Peer(address="169.254.169.254"),
    }
    if settings.apiserver_cidrs:
        peers[API_SERVER] = Peer(networks=settings.apiserver_cidrs)
    if networks := database_networks(spec, settings):
        peers[DATABASE] = Peer(networks=networks)
    return peers


_QUESTIONS: Final[tuple[tuple[str, str, Port], ...]] = (
    ("Ingress", HERE, WEB),
    ("Ingress", "own team", WEB),
    ("Ingress", "own team, *", WEB),
    ("Ingress", "other teams", WEB),
    ("Ingress", "gateway", WEB),
    ("Ingress", "monitoring", ("TCP", "metrics")),
    ("Egress", "cluster DNS", ("UDP", 53)),
    ("Egress", "own team", WEB),
    ("Egress", "own team, *", WEB),
    ("Egress", "other teams", WEB),
    ("Egress", "gateway", WEB),
    ("Egress", "monitoring", WEB),
    ("Egress", "internet", ("TCP", 443)),
    ("Egress", "internet", ("TCP", 80)),
    ("Egress", "metadata service", ("TCP", 80)),
    ("Egress", API_SERVER, API_SERVER_PORT),
)


def connectivity(
    spec: NamespaceSpec, policies: Iterable[Manifest], settings: NetworkSettings
) -> tuple[Connection, ...]:
    """Answer the usual questions about a namespace with these policies.

    The API server and the database are among them only where their networks are known.
    """
    listed, peers = tuple(policies), _peers(spec, settings)
    own = peers[HERE].namespace_labels or {}
    table = []
    database = ("Egress", DATABASE, database_port(spec, settings))
    for direction, wanted, port in (*_QUESTIONS, database):
        for name in (name for name in peers if fnmatchcase(name, wanted)):
            links = _links(listed, direction, peers[name], port, own)
            source, target = (name, HERE) if direction == "Ingress" else (HERE, name)
            table.append(_connection(source, target, port, links))
    return tuple(table)


def peer_names(spec: NamespaceSpec, settings: NetworkSettings) -> tuple[str, ...]:
    """Name the ends that a question may be about, the namespace itself first."""
    return tuple(_peers(spec, settings))


def check(
    spec: NamespaceSpec,
    policies: Iterable[Manifest],
    settings: NetworkSettings,
    *,
    other: str,
    is_inward: bool,
    port: Port,
    labels: Mapping[str, str] | None = None,
) -> Connection:
    """Answer one question about a namespace with these policies.

    Args:
        spec: of the namespace.
        policies: as they are, or as they would be.
        settings: the cluster's network.
        other: the other end: one of `peer_names`, an IP address, or the namespace with `labels`.
        is_inward: whether the other end opens the connection.
        port: protocol with number or name.
        labels: of the other namespace, where the other end is one.

    Raises:
        ValueError: the other end is none of these.
    """
    peers = _peers(spec, settings)
    peer = Peer(labels) if labels is not None else peers.get(other) or _address(other)
    direction = "Ingress" if is_inward else "Egress"
    links = _links(tuple(policies), direction, peer, port, peers[HERE].namespace_labels or {})
    source, target = (other, HERE) if is_inward else (HERE, other)
    return _connection(source, target, port, links)


def _address(text: str) -> Peer:
    return Peer(address=str(ipaddress.ip_address(text)))
