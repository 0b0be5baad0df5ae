"""Near misses: what somebody may have meant, of what is theirs."""

import pytest

from nsaas_app.ui.nearest import closest

NAMES = ("payments-dev", "payments-test", "Payroll", "search-dev", "shop")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("payments-dv", ["payments-dev", "payments-test"]),
        ("dev", ["payments-dev", "search-dev"]),
        ("PAYROL", ["Payroll"]),
        ("shpo", ["shop"]),
        ("nothing-like-it", []),
        ("", []),
    ],
)
def test_a_near_miss_finds_what_was_meant(wanted: str, found: list[str]) -> None:
    assert closest(wanted, NAMES)[: len(found) or None] == found
