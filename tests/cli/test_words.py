"""Cells of tables: what people read instead of JSON's values."""

from typing import Any

import pytest

from nsaas_app.cli.day_two import _node
from nsaas_app.cli.words import cell, quantity, use_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (None, ""),
        ([], ""),
        (0, "0"),
        ("2026-11-28T21:56:32.123456Z", "2026-11-28 21:56:32 UTC"),
        ("2026-11-28T22:56:32+01:00", "2026-11-28 21:56:32 UTC"),
        ("2026-11-28", "2026-11-28"),
    ],
)
def test_a_cell_is_read_by_people(value: Any, text: str) -> None:
    assert cell(value) == text


def test_amounts_bear_their_unit_once() -> None:
    assert quantity("requests.cpu", "16500m") == "16.5 CPU"
    assert quantity("requests.cpu", "50m") == "50m"
    assert quantity("requests.memory", "2304Mi") == "2.25 Gi"
    assert quantity("pods", "odd") == "odd"
    assert use_of("requests.cpu", "50m", "2") == "50m of 2 CPU"


def test_a_node_of_the_topology_has_a_name_that_people_know() -> None:
    assert _node("Pods/Deployment/cart") == "pods of Deployment cart"
    assert _node("NetworkPolicy/preset/") == "NetworkPolicies of the preset"
    assert _node("Service/web") == "Service web"
