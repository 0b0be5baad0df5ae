"""Every rule of a NetworkPolicy as a sentence; our own policies and what others write."""

from typing import Any

import pytest

from nsaas_app.insights.policy_words import pods_of, sentences_of
from nsaas_app.manifests.network_policies import NetworkSettings, network_policies
from tests.ui.examples import spec


def test_our_own_policies_read_as_what_they_do() -> None:
    found = {
        policy["metadata"]["name"]: sentences_of(policy["spec"])
        for policy in network_policies(spec(), NetworkSettings())
    }
    assert found["nsaas-default-deny"] == (
        "Nothing in but what other policies allow",
        "Nothing out but what other policies allow",
    )
    assert found["nsaas-allow-same-ns"] == (
        "In from all pods of this namespace",
        "Out to all pods of this namespace",
    )
    assert found["nsaas-allow-dns"] == (
        "Out to pods with k8s-app=kube-dns of namespace kube-system, UDP 53 and TCP 53",
    )
    assert found["nsaas-allow-internet"][0].startswith("Out to 0.0.0.0/0 without 10.0.0.0/8")
    assert "TCP 443" in found["nsaas-allow-internet"][0]


@pytest.mark.parametrize(
    ("rules", "sentences"),
    [
        ({"policyTypes": ["Ingress"], "ingress": [{}]}, ("In from anywhere",)),
        ({"ingress": [{}]}, ("In from anywhere",)),
        (
            {
                "policyTypes": ["Egress"],
                "egress": [{"ports": [{"port": 30000, "endPort": 30100}, {"protocol": "UDP"}]}],
            },
            ("Out to anywhere, TCP 30000 to 30100 and all of UDP",),
        ),
        (
            {
                "policyTypes": ["Ingress"],
                "ingress": [
                    {
                        "from": [
                            {"namespaceSelector": {}},
                            {
                                "podSelector": {
                                    "matchExpressions": [
                                        {"key": "role", "operator": "NotIn", "values": ["db"]},
                                        {"key": "app", "operator": "Exists"},
                                    ]
                                }
                            },
                        ]
                    }
                ],
            },
            (
                (
                    "In from all pods of every namespace or "
                    "pods with role none of db and any app of this namespace"
                ),
            ),
        ),
    ],
)
def test_what_others_write_reads_too(rules: dict[str, Any], sentences: tuple[str, ...]) -> None:
    assert sentences_of(rules) == sentences


def test_a_policy_about_some_pods_says_which() -> None:
    assert pods_of({"podSelector": {"matchLabels": {"app": "shop"}}}) == "app=shop"
    assert pods_of({"podSelector": {}}) == pods_of({}) == ""
