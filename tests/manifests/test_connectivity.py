"""Who reaches the API server: told from the policies, only where its networks are known."""

import pytest

from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.domain.spec import NamespaceSpec
from nsaas_app.insights.network_cells import Reach, unlocated
from nsaas_app.manifests.connectivity import (
    API_SERVER,
    API_SERVER_PORT,
    DATABASE,
    HERE,
    Connection,
    check,
    connectivity,
    peer_names,
)
from nsaas_app.manifests.network_policies import NetworkSettings, network_policies
from nsaas_app.ui.namespace.network_lines import CellLine
from tests.support.specs import spec_of

PRIVATE, PUBLIC = "10.20.0.0/24", "198.51.100.0/24"
ISOLATED, SHARED, OPEN = NetworkPreset


def reached(network: NetworkSpec, *cidrs: str) -> dict[str, bool]:
    settings = NetworkSettings(apiserver_cidrs=cidrs)
    spec = spec_of(network=network)
    found = connectivity(spec, network_policies(spec, settings), settings)
    return {each.port: each.is_allowed for each in found if each.target == API_SERVER}


@pytest.mark.parametrize(
    ("network", "cidr", "is_allowed"),
    [
        (NetworkSpec(ISOLATED, Egress.NONE), PUBLIC, False),
        (NetworkSpec(SHARED, Egress.CLUSTER_ONLY), PRIVATE, False),
        # The internet is let out to without the private networks.
        (NetworkSpec(SHARED, Egress.INTERNET_HTTPS), PRIVATE, False),
        (NetworkSpec(SHARED, Egress.INTERNET_HTTPS), PUBLIC, True),
        (NetworkSpec(SHARED, Egress.INTERNET_HTTPS), "2001:db8::/64", True),
        (NetworkSpec(SHARED, Egress.INTERNET_HTTPS), "fd00::/8", False),
        (NetworkSpec(ISOLATED, Egress.CIDRS, cidrs=("10.20.0.7/32",)), PRIVATE, True),
        (NetworkSpec(ISOLATED, Egress.CIDRS, cidrs=("10.21.0.0/16",)), PRIVATE, False),
        (NetworkSpec(OPEN, Egress.INTERNET_HTTPS), PRIVATE, True),
    ],
)
def test_the_api_server_is_reached_where_any_address_of_its_is(
    network: NetworkSpec, cidr: str, *, is_allowed: bool
) -> None:
    assert reached(network, cidr) == {"TCP 443": is_allowed}


def test_one_network_of_several_is_enough() -> None:
    assert reached(NetworkSpec(SHARED, Egress.INTERNET_HTTPS), PRIVATE, PUBLIC) == {"TCP 443": True}


def test_any_port_of_it_can_be_asked_about() -> None:
    settings = NetworkSettings(apiserver_cidrs=(PUBLIC,))
    spec = spec_of(network=NetworkSpec(SHARED, Egress.INTERNET_HTTPS))
    policies = network_policies(spec, settings)

    def answer(number: int) -> Connection:
        port = ("TCP", number)
        return check(spec, policies, settings, other=API_SERVER, is_inward=False, port=port)

    assert (answer(443).is_allowed, answer(443).rule) == (True, "nsaas-allow-internet")
    assert (answer(6443).is_allowed, answer(6443).rule) == (False, "nsaas-default-deny")


def test_where_nobody_told_its_networks_nothing_is_claimed() -> None:
    network = NetworkSpec(OPEN, Egress.INTERNET_HTTPS)
    assert reached(network) == {}
    assert API_SERVER not in peer_names(spec_of(network=network), NetworkSettings())
    cell = unlocated(API_SERVER, API_SERVER_PORT)
    assert (cell.source, cell.target, cell.reach, cell.is_asked) == (
        HERE, API_SERVER, Reach.UNKNOWN, None,
    )  # fmt: skip
    line = CellLine.of(cell)
    assert (line.key, line.word, line.rule) == (
        "this-namespace-api-server-tcp-443", "Unknown", "not known",
    )  # fmt: skip
    assert "NSAAS_APISERVER_CIDRS" in line.meaning


def database_of(spec: NamespaceSpec, settings: NetworkSettings) -> dict[str, bool]:
    found = connectivity(spec, network_policies(spec, settings), settings)
    return {each.port: each.is_allowed for each in found if each.target == DATABASE}


@pytest.mark.parametrize(
    ("network", "is_allowed"),
    [
        (NetworkSpec(ISOLATED, Egress.NONE), False),
        (NetworkSpec(SHARED, Egress.INTERNET_HTTPS), False),
        (NetworkSpec(ISOLATED, Egress.CIDRS, cidrs=("10.20.0.0/28",)), True),
        (NetworkSpec(OPEN, Egress.NONE), True),
    ],
)
def test_the_databases_of_the_platform_are_an_end_like_others(
    network: NetworkSpec, *, is_allowed: bool
) -> None:
    settings = NetworkSettings(database_cidrs=(PRIVATE,), database_port=5433)
    assert database_of(spec_of(network=network), settings) == {"TCP 5433": is_allowed}


def test_a_namespace_that_names_its_database_has_it_in_its_own_networks() -> None:
    network = NetworkSpec(ISOLATED, Egress.CIDRS, cidrs=("10.31.0.0/28",))
    spec = spec_of(network=network, labels={"database": "mysql"})
    assert database_of(spec, NetworkSettings()) == {"TCP 3306": True}
    policies = [one for one in network_policies(spec, NetworkSettings()) if "cidrs" not in str(one)]
    found = connectivity(spec, policies, NetworkSettings())
    assert [each.is_allowed for each in found if each.target == DATABASE] == [False]
    closed = spec_of(network=NetworkSpec(ISOLATED, Egress.NONE), labels={"database": "mysql"})
    assert database_of(closed, NetworkSettings()) == {}, "nobody told where it is"


def test_every_end_of_the_matrix_is_answered_from_the_namespace() -> None:
    settings = NetworkSettings(apiserver_cidrs=(PUBLIC,), database_cidrs=(PRIVATE,))
    spec = spec_of(network=NetworkSpec(SHARED, Egress.NONE))
    found = connectivity(spec, network_policies(spec, settings), settings)
    reached = {(each.target, each.port): each.is_allowed for each in found if each.source == HERE}
    assert reached == {
        (HERE, "TCP 8080"): True,
        ("cluster DNS", "UDP 53"): True,
        ("own team", "TCP 8080"): True,
        ("own team, production", "TCP 8080"): False,
        ("other teams", "TCP 8080"): False,
        ("gateway", "TCP 8080"): False,
        ("monitoring", "TCP 8080"): False,
        ("internet", "TCP 443"): False,
        ("internet", "TCP 80"): False,
        ("metadata service", "TCP 80"): False,
        (API_SERVER, "TCP 443"): False,
        (DATABASE, "TCP 5432"): False,
    }
