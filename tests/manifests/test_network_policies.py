"""NetworkPolicies: which object in which preset, and what each one lets through."""

from itertools import product
from typing import Any

import pytest

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.manifests.manifest import Manifest
from nsaas_app.manifests.network_policies import NetworkSettings, network_policies
from tests.support.specs import spec_of

ISOLATED, SHARED, OPEN = NetworkPreset
EGRESS = {
    Egress.NONE: set[str](),
    Egress.CLUSTER_ONLY: {"allow-cluster"},
    Egress.INTERNET_HTTPS: {"allow-internet"},
    Egress.CIDRS: {"allow-cidrs"},
}
ALWAYS = {"default-deny", "allow-same-ns", "allow-dns", "allow-monitoring"}


def policies(network: NetworkSpec, **fields: Any) -> dict[str, Manifest]:
    made = network_policies(spec_of(network=network, **fields), NetworkSettings())
    return {policy["metadata"]["name"]: policy for policy in made}


def rules(name: str, **fields: Any) -> dict[str, Any]:
    network = NetworkSpec(
        SHARED, fields.pop("egress", Egress.NONE), accept_from_gateway=True,
        cidrs=("198.51.100.0/24",),
    )  # fmt: skip
    spec: dict[str, Any] = policies(network, **fields)[f"nsaas-{name}"]["spec"]
    return spec


@pytest.mark.parametrize(
    ("preset", "egress", "gateway"), list(product((ISOLATED, SHARED), Egress, (False, True)))
)
def test_a_closed_preset_has_these_objects(
    preset: NetworkPreset, egress: Egress, *, gateway: bool
) -> None:
    expected = ALWAYS | EGRESS[egress]
    expected |= {"allow-team"} if preset is SHARED else set()
    expected |= {"allow-gateway"} if gateway else set()
    made = policies(NetworkSpec(preset, egress, accept_from_gateway=gateway, cidrs=("10.0.0.0/8",)))
    assert made.keys() == {f"nsaas-{name}" for name in expected}


@pytest.mark.parametrize(("egress", "gateway"), list(product(Egress, (False, True))))
def test_open_is_one_object_whatever_stands_beside_it(egress: Egress, *, gateway: bool) -> None:
    made = policies(NetworkSpec(OPEN, egress, accept_from_gateway=gateway))
    assert made.keys() == {"nsaas-open"}


def test_every_policy_is_for_all_pods_and_names_the_directions_it_rules() -> None:
    for preset, egress in product(NetworkPreset, Egress):
        for policy in policies(NetworkSpec(preset, egress, accept_from_gateway=True)).values():
            spec = policy["spec"]
            assert spec["podSelector"] == {}
            ruled = {kind for kind in ("Ingress", "Egress") if kind.lower() in spec}
            assert set(spec["policyTypes"]) == ruled


def test_default_deny_allows_nothing_in_either_direction() -> None:
    spec = rules("default-deny")
    assert (spec["ingress"], spec["egress"]) == ([], [])


def test_the_namespace_talks_to_itself_by_its_own_pods_not_by_a_label() -> None:
    spec = rules("allow-same-ns")
    assert spec["ingress"] == [{"from": [{"podSelector": {}}]}]
    assert spec["egress"] == [{"to": [{"podSelector": {}}]}]


def test_dns_is_one_peer_with_both_selectors_over_udp_and_tcp() -> None:
    spec = rules("allow-dns")
    assert "ingress" not in spec
    (rule,) = spec["egress"]
    (peer,) = rule["to"]
    assert peer == {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    ports = {(port["protocol"], port["port"]) for port in rule["ports"]}
    assert ports == {("UDP", 53), ("TCP", 53)}


@pytest.mark.parametrize("environment", Environment)
def test_a_team_shares_within_its_class_of_environments(environment: Environment) -> None:
    spec = rules("allow-team", environment=environment)
    (peer,) = spec["ingress"][0]["from"]
    assert spec["egress"] == [{"to": [peer]}]
    assert peer.keys() == {"namespaceSelector"}
    selector = peer["namespaceSelector"]
    assert selector["matchLabels"] == {
        "platform.io/team": "frontend",
        "platform.io/managed": "true",
    }
    prod, rest = ["production"], ["development", "testing", "staging"]
    assert selector["matchExpressions"] == [
        {
            "key": "platform.io/environment",
            "operator": "In",
            "values": prod if environment is Environment.PRODUCTION else rest,
        }
    ]


def test_another_team_is_another_peer() -> None:
    spec = rules("allow-team", team=TeamName("payments"))
    selector = spec["ingress"][0]["from"][0]["namespaceSelector"]
    assert selector["matchLabels"]["platform.io/team"] == "payments"


@pytest.mark.parametrize(
    ("name", "purpose", "names"),
    [
        ("allow-gateway", "ingress", ["ingress-nginx", "istio-ingress", "aks-istio-ingress"]),
        ("allow-monitoring", "monitoring", ["monitoring", "prometheus"]),
    ],
)
def test_the_platforms_own_come_in_by_label_or_by_name(
    name: str, purpose: str, names: list[str]
) -> None:
    spec = rules(name)
    assert "egress" not in spec
    by_label, by_name = spec["ingress"][0]["from"]
    assert by_label == {"namespaceSelector": {"matchLabels": {"platform.io/system": purpose}}}
    expression = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": names}
    assert by_name == {"namespaceSelector": {"matchExpressions": [expression]}}


def test_monitoring_reaches_the_metrics_port_alone() -> None:
    (rule,) = rules("allow-monitoring")["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": "metrics"}]


def test_the_internet_is_https_and_no_private_network() -> None:
    spec = rules("allow-internet", egress=Egress.INTERNET_HTTPS)
    assert "ingress" not in spec
    (rule,) = spec["egress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 443}]
    assert rule["to"] == [
        {
            "ipBlock": {
                "cidr": "0.0.0.0/0",
                "except": [
                    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
                    "169.254.0.0/16",
                ],
            }
        },
        {"ipBlock": {"cidr": "::/0", "except": ["fc00::/7", "fe80::/10"]}},
    ]  # fmt: skip


def test_the_other_ways_out() -> None:
    cluster = rules("allow-cluster", egress=Egress.CLUSTER_ONLY)
    assert cluster["egress"] == [{"to": [{"namespaceSelector": {}}]}]
    cidrs = rules("allow-cidrs", egress=Egress.CIDRS)
    assert cidrs["egress"] == [{"to": [{"ipBlock": {"cidr": "198.51.100.0/24"}}]}]


def test_open_lets_everything_through_but_the_metadata_service() -> None:
    spec = policies(NetworkSpec(OPEN, Egress.INTERNET_HTTPS))["nsaas-open"]["spec"]
    assert spec["ingress"] == [{}]
    anywhere = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}
    assert spec["egress"] == [{"to": [{"namespaceSelector": {}}, anywhere]}]


def test_administrators_say_where_dns_gateway_and_monitoring_are() -> None:
    settings = NetworkSettings(
        dns_namespace="openshift-dns",
        dns_pod_labels=(("dns", "default"),),
        dns_port=5353,
        gateway_namespaces=("edge",),
        monitoring_namespaces=("watch",),
    )
    spec = spec_of(network=NetworkSpec(ISOLATED, Egress.NONE, accept_from_gateway=True))
    made = {m["metadata"]["name"]: m["spec"] for m in network_policies(spec, settings)}
    (rule,) = made["nsaas-allow-dns"]["egress"]
    assert {port["port"] for port in rule["ports"]} == {5353}
    assert rule["to"][0]["podSelector"] == {"matchLabels": {"dns": "default"}}
    assert "openshift-dns" in str(rule["to"])
    assert "'edge'" in str(made["nsaas-allow-gateway"])
    assert "'watch'" in str(made["nsaas-allow-monitoring"])


def test_no_two_rules_of_an_object_are_one_thing_in_memory() -> None:
    peer = rules("allow-team")
    peer["ingress"][0]["from"][0]["namespaceSelector"]["matchLabels"].clear()
    assert peer["egress"][0]["to"][0]["namespaceSelector"]["matchLabels"]
