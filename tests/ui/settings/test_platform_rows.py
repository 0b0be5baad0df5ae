"""How the platform is set, as the page shows it."""

import pytest

from nsaas_app.insights.policies import PolicyReport, PolicyState
from nsaas_app.insights.rights import CheckedRight, MissingRight, RightsReport
from nsaas_app.runtime.findings import ClusterReview, Platform
from nsaas_app.ui.settings.platform_rows import PolicyText, platform_vars
from tests.ui.examples import NOW


@pytest.mark.parametrize("state", PolicyState)
def test_every_state_of_a_policy_has_a_tone(state: PolicyState) -> None:
    row = PolicyText.of(PolicyReport("nsaas-x", "For x.", state, "why"), "kind: X")
    assert row.state == state.value
    assert (row.tone == "ok") == (state is PolicyState.ACTIVE)
    assert bool(row.fix) == (state not in (PolicyState.ACTIVE, PolicyState.UNKNOWN))


def test_what_lacks_comes_first_with_the_rule_to_add() -> None:
    missing = MissingRight("apps", "deployments", ("list",))
    checked = (
        CheckedRight("", "pods", ("get",)),
        CheckedRight("metrics.k8s.io", "pods", ("list",)),
        CheckedRight("nsaas.platform.io", "managedobjects", ("create",)),
        CheckedRight("apps", "deployments", ("get", "list"), missing=missing),
    )
    report = RightsReport(5, (missing,), is_complete=True, checked=checked)
    served = frozenset({("apps", "deployments")})
    values = platform_vars(Platform(ClusterReview(rights=report, served=served, at=NOW), {}))

    rows = values["preflight"]
    assert isinstance(rows, list)
    assert [(row.resource, row.state) for row in rows] == [
        ("deployments.apps", "fail"), ("pods.metrics.k8s.io", "absent"),
        ("pods", "pass"), ("managedobjects.nsaas.platform.io", "pass"),
    ]  # fmt: skip
    assert rows[0].rule == missing.rule
    assert values["preflight_word"] == "1 of 4 resources lack a right."
