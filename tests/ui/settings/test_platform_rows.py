"""How the platform is set, as the page shows it."""

import pytest

from nsaas_app.api.platform import PlatformOut
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


def test_what_seems_to_lack_is_not_known_where_rights_are_listed_in_part() -> None:
    missing = MissingRight("apps", "deployments", ("list",))
    checked = (
        CheckedRight("", "pods", ("get",)),
        CheckedRight("apps", "deployments", ("get", "list"), missing=missing),
    )
    report = RightsReport(3, (missing,), is_complete=False, checked=checked)
    review = ClusterReview(rights=report, at=NOW, apis_trouble="It lists no APIs.")
    found = Platform(review, {})

    values = platform_vars(found)
    rows = values["preflight"]
    assert isinstance(rows, list)
    assert [(row.word, row.tone) for row in rows] == [("Unknown", "none"), ("Pass", "ok")]
    assert rows[0].lacks == "perhaps may not list"
    assert rows[0].rule == missing.rule
    assert values["preflight_word"] == (
        "Not known for 1 of 2 resources: the cluster lists rights in part."
    )
    assert values["trouble"] == "It lists no APIs."

    told = PlatformOut.of(found)
    assert told.complete is False
    assert told.trouble == "It lists no APIs."
    assert [one.result for one in told.preflight] == ["pass", "unknown"]
    assert PlatformOut.of(Platform(ClusterReview(), {})).complete is False
