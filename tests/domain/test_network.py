"""Egress lists: only what Kubernetes takes, and never the clouds' metadata service."""

import pytest

from nsaas_app.domain.network import cidr_issues


@pytest.mark.parametrize(
    "cidr", ["10.0.0.0/8", "198.51.100.7/32", "2001:db8::/32", "::/0", "169.254.170.0/24"]
)
def test_a_network_in_its_canonical_form_is_allowed(cidr: str) -> None:
    assert cidr_issues((cidr,)) == []


@pytest.mark.parametrize(
    "cidr",
    [
        "", "all", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/8", "10.0.0.0/255.0.0.0",
        "10.0.0.0/0.255.255.255", "010.0.0.0/8", "2001:DB8::/32", "2001:db8:0::/32",
        "::ffff:10.0.0.0/104", " 10.0.0.0/8",
    ],
)  # fmt: skip
def test_a_form_the_api_server_refuses_or_warns_about_is_refused_first(cidr: str) -> None:
    issues = cidr_issues(("192.0.2.0/24", cidr))
    assert [issue.field for issue in issues] == ["network.cidrs[1]"]


def test_the_right_spelling_is_told() -> None:
    (issue,) = cidr_issues(("10.0.0.0/255.0.0.0",))
    assert "10.0.0.0/8" in issue.message


@pytest.mark.parametrize("cidr", ["169.254.169.254/32", "169.254.0.0/16", "0.0.0.0/0"])
def test_a_block_that_holds_the_metadata_service_is_refused(cidr: str) -> None:
    (issue,) = cidr_issues((cidr,))
    assert "metadata service" in issue.message


def test_twenty_blocks_are_allowed() -> None:
    blocks = tuple(f"192.0.{n}.0/24" for n in range(21))
    assert cidr_issues(blocks[:20]) == []
    assert [issue.field for issue in cidr_issues(blocks)] == ["network.cidrs"]
