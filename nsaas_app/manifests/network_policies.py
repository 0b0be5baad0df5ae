"""NetworkPolicies: small additive objects, one per allowance, chosen by preset and egress."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from ..domain import keys
from ..domain.network import Egress, NetworkPreset
from ..domain.spec import NamespaceSpec
from .manifest import Manifest, owned_metadata

__all__ = ["NetworkSettings", "network_policies"]

_PRIVATE_V4: Final = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
)  # fmt: skip
_PRIVATE_V6: Final = ("fc00::/7", "fe80::/10")
_METADATA_SERVICE: Final = "169.254.169.254/32"


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What the platform's administrators say about their cluster's network."""

    dns_namespace: str = "kube-system"
    dns_pod_labels: tuple[tuple[str, str], ...] = (("k8s-app", "kube-dns"),)
    dns_port: int = 53
    gateway_namespaces: tuple[str, ...] = ("ingress-nginx", "istio-ingress", "aks-istio-ingress")
    monitoring_namespaces: tuple[str, ...] = ("monitoring", "prometheus")
    apiserver_cidrs: tuple[str, ...] = ()
    """Where the API server is; empty while nobody told."""
    database_cidrs: tuple[str, ...] = ()
    """Where the databases are that namespaces share; empty while nobody told."""
    database_port: int = 5432
    """Where they listen, unless a namespace says of which type its database is."""


Rule = dict[str, Any]


def _policy(
    spec: NamespaceSpec, name: str, *, ingress: list[Rule] | None, egress: list[Rule] | None
) -> Manifest:
    """Build one policy. A direction that is None is not touched; an empty list allows nothing."""
    rules: Rule = {"podSelector": {}, "policyTypes": []}
    for direction, peers in (("Ingress", ingress), ("Egress", egress)):
        if peers is not None:
            rules["policyTypes"].append(direction)
            rules[direction.lower()] = peers
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": owned_metadata(spec, name),
        "spec": rules,
    }


def _both_ways(spec: NamespaceSpec, name: str, peer: Rule) -> Manifest:
    """Let one peer in, and the namespace's pods out to it."""
    ingress, egress = [{"from": [peer]}], [{"to": [deepcopy(peer)]}]
    return _policy(spec, name, ingress=ingress, egress=egress)


def _namespaces_named(names: tuple[str, ...]) -> Rule:
    expression = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": list(names)}
    return {"namespaceSelector": {"matchExpressions": [expression]}}


def _namespaces_of_system(purpose: str) -> Rule:
    return {"namespaceSelector": {"matchLabels": {keys.SYSTEM: purpose}}}


def _default_deny(spec: NamespaceSpec, _: NetworkSettings) -> Manifest:
    return _policy(spec, "nsaas-default-deny", ingress=[], egress=[])


def _allow_same_namespace(spec: NamespaceSpec, _: NetworkSettings) -> Manifest:
    return _both_ways(spec, "nsaas-allow-same-ns", {"podSelector": {}})


def _allow_dns(spec: NamespaceSpec, settings: NetworkSettings) -> Manifest:
    # One peer with both selectors: two peers would mean "any pod of that name anywhere".
    peer = {
        "namespaceSelector": {
            "matchLabels": {"kubernetes.io/metadata.name": settings.dns_namespace}
        },
        "podSelector": {"matchLabels": dict(settings.dns_pod_labels)},
    }
    ports = [{"protocol": protocol, "port": settings.dns_port} for protocol in ("UDP", "TCP")]
    return _policy(spec, "nsaas-allow-dns", ingress=None, egress=[{"to": [peer], "ports": ports}])


def _allow_team(spec: NamespaceSpec, _: NetworkSettings) -> Manifest:
    # Production shares with production only, whatever the team.
    peers = [environment.value for environment in spec.environment.peers]
    selector = {
        "matchLabels": {keys.TEAM: str(spec.team), keys.MANAGED: keys.MANAGED_VALUE},
        "matchExpressions": [{"key": keys.ENVIRONMENT, "operator": "In", "values": peers}],
    }
    return _both_ways(spec, "nsaas-allow-team", {"namespaceSelector": selector})


def _allow_gateway(spec: NamespaceSpec, settings: NetworkSettings) -> Manifest:
    peers = [_namespaces_of_system("ingress"), _namespaces_named(settings.gateway_namespaces)]
    return _policy(spec, "nsaas-allow-gateway", ingress=[{"from": peers}], egress=None)


def _allow_monitoring(spec: NamespaceSpec, settings: NetworkSettings) -> Manifest:
    peers = [
        _namespaces_of_system("monitoring"),
        _namespaces_named(settings.monitoring_namespaces),
    ]
    rule = {"from": peers, "ports": [{"protocol": "TCP", "port": "metrics"}]}
    return _policy(spec, "nsaas-allow-monitoring", ingress=[rule], egress=None)


def _allow_internet(spec: NamespaceSpec, _: NetworkSettings) -> Manifest:
    blocks: list[Rule] = [
        {"ipBlock": {"cidr": "0.0.0.0/0", "except": list(_PRIVATE_V4)}},
        {"ipBlock": {"cidr": "::/0", "except": list(_PRIVATE_V6)}},
    ]
    rule = {"to": blocks, "ports": [{"protocol": "TCP", "port": 443}]}
    return _policy(spec, "nsaas-allow-internet", ingress=None, egress=[rule])


def _allow_cluster(spec: NamespaceSpec, _: NetworkSettings) -> Manifest:
    return _policy(
        spec, "nsaas-allow-cluster", ingress=None, egress=[{"to": [{"namespaceSelector": {}}]}]
    )


def _allow_cidrs(spec: NamespaceSpec, _: NetworkSettings) -> Manifest:
    blocks = [{"ipBlock": {"cidr": cidr}} for cidr in spec.network.cidrs]
    return _policy(spec, "nsaas-allow-cidrs", ingress=None, egress=[{"to": blocks}])


def _open(spec: NamespaceSpec, _: NetworkSettings) -> Manifest:
    # An explicit object, so that drift and audit can see it. The metadata service stays blocked.
    anywhere = {"ipBlock": {"cidr": "0.0.0.0/0", "except": [_METADATA_SERVICE]}}
    peers = [{"namespaceSelector": {}}, anywhere]
    return _policy(spec, "nsaas-open", ingress=[{}], egress=[{"to": peers}])


_EGRESS: Final = {
    Egress.INTERNET_HTTPS: _allow_internet,
    Egress.CLUSTER_ONLY: _allow_cluster,
    Egress.CIDRS: _allow_cidrs,
}


def network_policies(spec: NamespaceSpec, settings: NetworkSettings) -> list[Manifest]:
    """Build the policies of the preset, with the choices beside it."""
    if spec.network.preset is NetworkPreset.OPEN:
        return [_open(spec, settings)]
    builders: list[Callable[[NamespaceSpec, NetworkSettings], Manifest]] = [
        _default_deny,
        _allow_same_namespace,
        _allow_dns,
    ]
    if spec.network.preset is NetworkPreset.TEAM_SHARED:
        builders.append(_allow_team)
    if spec.network.accept_from_gateway:
        builders.append(_allow_gateway)
    builders.append(_allow_monitoring)
    if spec.network.egress in _EGRESS:
        builders.append(_EGRESS[spec.network.egress])
    return [build(spec, settings) for build in builders]
