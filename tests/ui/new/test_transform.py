"""What the wizard offers, and why some of it is closed."""

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.teams import Resources, Team
from nsaas_app.teams.teams import BudgetUse
from nsaas_app.ui.new.draft import Draft
from nsaas_app.ui.new.transform import also_options, environment_options


def test_an_environment_is_closed_with_its_reason() -> None:
    team = Team(name=TeamName("frontend"))
    most = team.budget.per_environment[Environment.STAGING]
    counts = dict.fromkeys(Environment, 0) | {Environment.STAGING: most}
    use = BudgetUse(Resources(), Resources(), most, counts)

    closed = {one.value: one.reason for one in environment_options("", team, use) if one.reason}
    assert closed == {"staging": f"frontend has all {most} it may have here"}

    made_for = environment_options("microservice-api")
    assert {one.value: one.is_allowed for one in made_for} == {
        "development": False,
        "testing": True,
        "staging": True,
        "production": True,
    }


def test_a_set_is_offered_where_its_template_is_made_for() -> None:
    draft = Draft(environment="staging", template="microservice-api")
    assert [one.value for one in also_options(draft)] == ["testing", "production"]
