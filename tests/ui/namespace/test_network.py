"""The network section: where policies are only written down, it says so."""

import pytest

from nsaas_app.domain.network import Egress, NetworkPreset, NetworkSpec
from nsaas_app.insights.enforcement import Enforcement
from nsaas_app.insights.network import NetworkReport
from nsaas_app.ui.namespace.network_view import network_vars


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
    assert network_vars(report)["unenforced"] == said
