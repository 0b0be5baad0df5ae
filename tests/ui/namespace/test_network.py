"""The network section: where policies are only written down, it says so."""

from typing import Any

import pytest

from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.insights.enforcement import Enforcement
from nsaas_app.insights.network import NetworkReport, PolicyReport
from nsaas_app.insights.network_cells import Cell, ChainStep, Reach
from nsaas_app.manifests.connectivity import HERE, connectivity
from nsaas_app.manifests.network_policies import NetworkSettings, network_policies
from nsaas_app.ui.namespace.network_lines import CellLine, slug
from nsaas_app.ui.namespace.network_matrix import matrix_vars
from nsaas_app.ui.namespace.network_view import network_vars
from tests.support.specs import spec_of


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Enforcement(), ""),
        (Enforcement("Calico", is_enforced=True), ""),
        (Enforcement("", is_enforced=False), "No network plugin that enforces policies was found."),
        (
            Enforcement("Flannel", is_enforced=False),
            "Flannel carries the traffic and enforces no policy by itself.",
        ),
    ],
)
def test_policies_that_nothing_enforces_are_no_protection(found: Enforcement, said: str) -> None:
    asked = NetworkSpec(NetworkPreset.ISOLATED, Egress.NONE)
    report = NetworkReport(asked, (), (), (), enforcement=found, as_of=None)
    assert network_vars(report, "shop", {})["unenforced"] == said


def test_of_policies_that_are_not_ours_those_that_widen_are_marked() -> None:
    asked = NetworkSpec(NetworkPreset.ISOLATED, Egress.NONE)
    policies = tuple(
        PolicyReport(name, is_ours=name == "nsaas-deny", pods="", sentences=())
        for name in ("open-door", "closed", "nsaas-deny")
    )
    steps = (ChainStep("open-door", True, "In"), ChainStep("closed", False, ""))
    cell = Cell("gateway", HERE, "TCP 80", Reach.WIDENED, "open-door", is_asked=False, chain=steps)
    report = NetworkReport(asked, policies, (cell,), (), enforcement=Enforcement(), as_of=None)
    shown: Any = network_vars(report, "shop", {})
    assert {line.name: line.mark for line in shown["policies"]} == {
        "open-door": "widened", "closed": "foreign", "nsaas-deny": "",
    }  # fmt: skip


def cells_of(settings: NetworkSettings) -> list[Cell]:
    spec = spec_of(network=NetworkSpec(NetworkPreset.TEAM_SHARED, Egress.INTERNET_HTTPS))
    found = connectivity(spec, network_policies(spec, settings), settings)
    reaches = {True: Reach.ALLOWED, False: Reach.BLOCKED}
    return [
        Cell(one.source, one.target, one.port, reaches[one.is_allowed], one.rule, one.is_allowed)
        for one in found
    ]


KNOWN = NetworkSettings(apiserver_cidrs=("10.20.0.0/24",), database_cidrs=("10.30.0.0/24",))


def test_the_matrix_asks_about_every_end_and_shows_what_others_decide_as_theirs() -> None:
    found: dict[str, Any] = matrix_vars("shop", cells_of(KNOWN), {})
    assert [column.label for column in found["matrix_columns"]] == [
        "Same namespace", "Own team", "Own team, production", "Other teams", "Gateway",
        "Monitoring", "DNS", "Internet 443", "Other internet", "Metadata service", "API server",
        "Database",
    ]  # fmt: skip
    first, *others = found["matrix"]
    assert (first.label, first.rest, len(first.cells)) == ("This namespace", 0, 12)
    # A cell stands below the column it is about.
    assert [f"{slug(HERE)}-{column.key}" for column in found["matrix_columns"]] == [
        cell.key for cell in first.cells
    ]
    assert [(row.label, row.cells[0].target, row.rest) for row in others] == [
        (label, HERE, 11)
        for label in (
            "Own team", "Own team, production", "Other teams", "Gateway", "Monitoring",
        )
    ]  # fmt: skip


def test_a_narrow_screen_lists_one_end_that_the_address_names() -> None:
    cells = cells_of(KNOWN)
    for query, key, targets in (
        ({}, "this-namespace", 12),
        ({"row": "own-team-production"}, "own-team-production", 1),
        ({"row": "nobody"}, "this-namespace", 12),
    ):
        found: dict[str, Any] = matrix_vars("shop", cells, query)
        assert [pill.key for pill in found["matrix_rows"] if pill.is_open] == [key]
        assert len(found["matrix_row"]) == targets
    assert found["matrix_rows"][1].href == "/namespaces/shop?tab=network&row=own-team"
    empty: dict[str, Any] = matrix_vars("shop", [], {})
    assert not any(empty.values())


def test_what_is_let_through_what_is_closed_and_what_nobody_knows_each_have_their_shape() -> None:
    tones = {
        reach: CellLine.of(Cell(HERE, "DNS", "UDP 53", reach, "", is_asked=False)).tone
        for reach in Reach
    }
    assert tones == {
        Reach.ALLOWED: "ok",
        Reach.BLOCKED: "bad",
        Reach.WIDENED: "warn",
        Reach.NARROWED: "warn",
        Reach.UNKNOWN: "none",
    }
