"""From a team to a form and back: nothing is lost, and mistakes find their field."""

from dataclasses import replace

from nsaas_app.domain.actors import Role
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.errors import FieldIssue
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.team_document import changed_team
from nsaas_app.domain.teams import Budget, Resources, Team, TeamGroups
from nsaas_app.teams.members import GroupRow
from nsaas_app.teams.teams import BudgetUse
from nsaas_app.ui.team_forms.transform import (
    at_form_fields,
    budget_warnings,
    document_of,
    form_of,
    group_warnings,
    groups_of,
    new_form,
)

TEAM = Team(
    TeamName("risk"), "Risk", "r-1", TeamGroups(viewer=("all",), lead=("risk-leads", "heads"))
)


def test_a_form_gives_the_same_team_again() -> None:
    form = form_of(TEAM)
    document = document_of(form) | {"groups": groups_of(form)}
    assert changed_team("risk", document, present=None) == TEAM
    assert form["lead"] == "risk-leads\nheads"


def test_a_new_form_holds_what_a_new_team_gets() -> None:
    form = new_form()
    assert (form["name"], form["namespaces"], form["cpu"]) == ("", "10", "16")


def test_what_is_no_number_is_left_for_the_rule() -> None:
    form = form_of(TEAM) | {"namespaces": " 7 ", "testing": "many", "production": "9" * 12}
    budget = document_of(form)["budget"]
    assert budget["namespaces"] == 7
    assert budget["per_environment"]["testing"] == "many"
    assert budget["per_environment"]["production"] == "9" * 12


def test_mistakes_stand_at_the_field_that_was_typed_into() -> None:
    issues = [
        FieldIssue("budget.requests.cpu", "No."),
        FieldIssue("budget.per_environment.testing", "Nor this."),
        FieldIssue("groups.lead[1]", "One."),
        FieldIssue("groups.lead[2]", "Two."),
        FieldIssue("team", "A name."),
        FieldIssue("budget", "What?"),
    ]
    assert at_form_fields(issues) == {
        "cpu": "No.", "testing": "Nor this.", "lead": "One. Two.", "name": "A name.",
        "other": "What?",
    }  # fmt: skip


def test_a_limit_below_what_is_booked_is_told_and_no_other() -> None:
    use = BudgetUse(
        Resources.parse("3", "1Gi", "1Gi"), Resources.parse("2", "0", "0"), 4,
        dict.fromkeys(Environment, 0) | {Environment.TESTING: 4},
    )  # fmt: skip
    tight = Budget(3, dict.fromkeys(Environment, 3), Resources.parse("4", "8Gi", "8Gi"))
    found = budget_warnings(replace(TEAM, budget=tight), use)
    assert found.keys() == {"cpu", "namespaces", "testing"}
    assert found["cpu"].startswith("5 CPU booked already")
    assert budget_warnings(TEAM, use) == {}


def test_groups_nobody_was_seen_with_are_named() -> None:
    known = [GroupRow("heads", Role.LEAD, 2), GroupRow("typo", Role.LEAD, 0)]
    groups = {"lead": ["heads", "typo", "new"], "viewer": ["heads"]}
    assert group_warnings(groups, known) == {"lead": "typo, new match nobody seen so far."}
