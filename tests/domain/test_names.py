"""Names of namespaces and teams: grammar, what the platform keeps, what is offered instead."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.names import (
    MAX_NAME,
    NamespaceName,
    TeamName,
    suggestions_for,
)
from tests.support.specs import names

RESERVED = [
    "default", "kube-system", "kube-public", "kube-x", "openshift-config", "istio-system",
    "istio-ingress", "aks-istio-ingress", "aks-command", "gatekeeper-system", "gatekeeper",
    "cert-manager", "flux-system", "argo", "argocd", "argo-rollouts", "monitoring", "velero",
    "external-dns", "external-secrets", "azure-system", "azureserviceoperator-system",
    "capsule-system", "nsaas-dryrun-development", "nsaas-x", "platform-system", "platform-x",
    "kyverno", "calico-system", "calico-apiserver", "tigera-operator", "gmp-public", "my-system",
]  # fmt: skip


@given(names)
def test_every_unreserved_dns_label_is_a_name(text: str) -> None:
    assert str(NamespaceName.parse(text)) == text


@given(st.text(max_size=70))
def test_nothing_else_is(text: str) -> None:
    assume(not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", text))
    with pytest.raises(InvalidFieldsError) as caught:
        NamespaceName.parse(text)
    assert [issue.field for issue in caught.value.issues] == ["name"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is required"),
        ("Shop", "'S' at position 1"),
        ("shop_dev", "'_' at position 5"),
        ("shop dev", "' ' at position 5"),
        ("shop\n", r"'\n' at position 5"),
        ("caf\N{LATIN SMALL LETTER E WITH ACUTE}", "at position 4"),
        ("-shop", "start and end"),
        ("shop-", "start and end"),
        ("a" * 64, "64 characters; 63 are allowed"),
    ],
)
def test_a_wrong_name_is_told_where_it_is_wrong(text: str, words: str) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        NamespaceName.parse(text)
    assert words in str(caught.value)
    assert caught.value.code == "NS_NAME_INVALID"


@pytest.mark.parametrize("text", RESERVED)
def test_the_platforms_names_are_refused(text: str) -> None:
    with pytest.raises(InvalidFieldsError, match="reserved") as caught:
        NamespaceName.parse(text)
    assert caught.value.code == "NS_RESERVED"


@pytest.mark.parametrize(
    "text", ["kube", "kubernetes", "my-default", "default-2", "istio", "system", "systems", "nsaas"]
)
def test_names_that_only_look_like_the_platforms_are_free(text: str) -> None:
    assert NamespaceName.parse(text).text == text


@pytest.mark.parametrize("text", ["a1", "a" * 32, "frontend", "0-0"])
def test_a_team_may_be_called_this(text: str) -> None:
    assert TeamName.parse(text).text == text


@pytest.mark.parametrize("text", ["", "a", "a" * 33, "-a", "a-", "A1", "a_b", "a.b", "a\n"])
def test_a_team_may_not_be_called_that(text: str) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        TeamName.parse(text)
    assert caught.value.field == "team"


@given(names, st.sets(st.integers(2, 49)))
def test_three_free_valid_names_close_to_the_wanted_one_are_offered(
    name: str, numbers: set[int]
) -> None:
    taken = {f"{name[: MAX_NAME - 3].rstrip('-')}-{number}" for number in numbers}
    offers = suggestions_for(name, is_taken=taken.__contains__)
    assert len(offers) == min(3, 48 - len(numbers))
    assert taken.isdisjoint(offers)
    assert name not in offers
    for offer in offers:
        NamespaceName.parse(offer)


def test_the_first_free_numbers_are_offered() -> None:
    offers = suggestions_for("shop-dev", is_taken={"shop-dev-2"}.__contains__)
    assert offers == ("shop-dev-3", "shop-dev-4", "shop-dev-5")
