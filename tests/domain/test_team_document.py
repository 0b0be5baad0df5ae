"""Teams as documents: what is left out stays, and every broken rule stands at its field."""

from dataclasses import replace
from typing import Any

import pytest

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import InvalidFieldsError
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.team_document import (
    changed_team,
    groups_from_document,
    team_to_document,
    version_of,
)
from nsaas_app.domain.teams import Resources, Team, TeamGroups

TEAM = Team(TeamName("risk"), "Risk", "r-1", TeamGroups(lead=("risk-leads",)))


def issues_of(document: dict[str, Any]) -> set[str]:
    with pytest.raises(InvalidFieldsError) as caught:
        changed_team("risk", document, present=TEAM)
    return {issue.field for issue in caught.value.issues}


def test_a_document_gives_the_same_team_again() -> None:
    assert changed_team("risk", team_to_document(TEAM), present=None) == TEAM
    assert changed_team("risk", {}, present=TEAM) == TEAM


def test_a_new_team_has_the_defaults() -> None:
    assert changed_team("risk", {}, present=None) == Team(TeamName("risk"))


def test_only_what_is_named_changes() -> None:
    document = {
        "display_name": " Risk and fraud ",
        "groups": {"developer": ["devs", "devs"]},
        "budget": {"requests.cpu": "32", "per_environment": {"production": 1}},
    }
    changed = changed_team("risk", document, present=TEAM)
    assert changed.display_name == "Risk and fraud"
    assert changed.cost_center == "r-1"
    assert changed.groups == TeamGroups(developer=("devs",), lead=("risk-leads",))
    assert changed.budget.resources == Resources.parse("32", "32Gi", "400Gi")
    assert changed.budget.per_environment == TEAM.budget.per_environment | {
        Environment.PRODUCTION: 1
    }


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        ({"name": "other"}, {"name"}),
        ({"owner": "x", "budget": {"gpu": 1}}, {"owner", "budget.gpu"}),
        ({"display_name": 3, "cost_center": "x" * 64}, {"display_name", "cost_center"}),
        ({"display_name": "a\x00b"}, {"display_name"}),
        ({"groups": []}, {"groups"}),
        ({"groups": {"owner": ["x"], "lead": "x"}}, {"groups.owner", "groups.lead"}),
        (
            {"groups": {"lead": ["system:masters", "*", "", 7, "fine"]}},
            {f"groups.lead[{n}]" for n in range(4)},
        ),
        ({"groups": {"viewer": [f"g{n}" for n in range(51)]}}, {"groups.viewer"}),
        ({"budget": 7}, {"budget"}),
        ({"budget": {"namespaces": True}}, {"budget.namespaces"}),
        ({"budget": {"namespaces": -1}}, {"budget.namespaces"}),
        ({"budget": {"per_environment": {"moon": 1, "testing": "many"}}},
         {"budget.per_environment.moon", "budget.per_environment.testing"}),
        ({"budget": {"per_environment": 7}}, {"budget.per_environment"}),
        ({"budget": {"requests.cpu": "lots", "requests.memory": "-1Gi"}},
         {"budget.requests.cpu", "budget.requests.memory"}),
    ],
)  # fmt: skip
def test_every_broken_rule_stands_at_its_field(document: dict[str, Any], fields: set[str]) -> None:
    assert issues_of(document) == fields


def test_a_role_that_is_left_out_keeps_its_groups() -> None:
    found = groups_from_document({"lead": []}, present=TeamGroups(viewer=("v",), lead=("l",)))
    assert found == TeamGroups(viewer=("v",))


def test_a_version_names_exactly_one_state() -> None:
    assert version_of(TEAM) == version_of(replace(TEAM))
    assert version_of(TEAM) != version_of(replace(TEAM, cost_center="r-2"))
