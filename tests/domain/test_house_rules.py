"""What administrators set of the rules: patterns, networks and bounds that are some, and heeded."""

import pytest

from nsaas_app.domain.errors import FieldIssue
from nsaas_app.domain.house_rules import HouseRules
from nsaas_app.provisioning.checks import check_draft
from nsaas_app.settings import Settings, SettingsError, load_settings
from tests.support.actors import actor
from tests.support.requests import draft
from tests.support.specs import FRONTEND, NOW


def _issues(house: HouseRules, **fields: object) -> list[FieldIssue]:
    checked = check_draft(
        draft("frontend-shop-dev", **fields),
        teams={FRONTEND.name: FRONTEND},
        actor=actor("frontend-dev"),
        cluster="local",
        now=NOW,
        house=house,
    )
    return list(checked.issues)


def test_a_cost_centre_follows_the_pattern_of_the_house() -> None:
    house = HouseRules(cost_center=r"CC-\d{4}")
    assert _issues(house, cost_center="CC-1234") == []
    (issue,) = _issues(house, cost_center="web-1")
    assert (issue.field, issue.message) == ("cost_center", r"'web-1' does not match CC-\d{4}.")
    assert _issues(HouseRules(), cost_center="web-1") == []
    (long,) = _issues(HouseRules(cost_center=".*"), cost_center="x" * 51)
    assert long.message == "51 characters; 50 are allowed."


@pytest.mark.parametrize("cidr", ["192.0.2.7/32", "192.0.0.0/16"])
def test_nobody_names_the_network_of_the_api_server(cidr: str) -> None:
    house = HouseRules(apart=("192.0.2.0/24", "2001:db8::/64"))
    (issue,) = _issues(house, egress="cidrs", cidrs=(cidr,))
    assert issue.field == "network.cidrs[0]"
    assert "API server (192.0.2.0/24)" in issue.message
    assert _issues(house, egress="cidrs", cidrs=("198.51.100.0/24",)) == []


def test_overrides_end_where_the_house_says() -> None:
    house = Settings(override_max_cpu="4", override_max_memory="6Gi").house_rules
    fields = [issue.field for issue in _issues(house, overrides={"limits.cpu": "5"})]
    assert fields == ["overrides.limits.cpu"]
    assert _issues(house, overrides={"limits.cpu": "4", "limits.memory": "6Gi"}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cost_center_pattern", "("),
        ("apiserver_cidrs", "10.0.0.0/8,nowhere"),
        ("database_cidrs", "nowhere"),
        ("override_max_cpu", "many"),
        ("override_max_memory", "0"),
    ],
)
def test_a_setting_that_is_none_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"NSAAS_{name.upper()}", value)
    with pytest.raises(SettingsError, match=f"Setting {name}"):
        load_settings()
