"""The use of teams: each resource by itself, most first, and a list behind every number."""

from decimal import Decimal

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.prices import monthly_cost
from nsaas_app.domain.teams import Resources, Team
from nsaas_app.teams.overview import TeamStanding
from nsaas_app.teams.teams import BudgetUse
from nsaas_app.ui.overview.filters import OverviewFilters
from nsaas_app.ui.overview.uses import RESOURCES, team_uses

GIB = Decimal(2) ** 30
NONE = TeamStanding(Team(TeamName("idle")), BudgetUse.of([]), monthly_cost(Resources()))


def standing(name: str, cpu: str, memory: int = 0) -> TeamStanding:
    used, reserved = Resources(Decimal(cpu), memory * GIB), Resources(Decimal(1))
    use = BudgetUse(used, reserved, 1, dict.fromkeys(Environment, 0))
    return TeamStanding(Team(TeamName(name)), use, monthly_cost(use.used))


def test_teams_are_compared_by_what_they_booked() -> None:
    uses = team_uses((standing("small", "1"), NONE, standing("large", "3.5")))
    assert [(one.name, one.text, one.share) for one in uses] == [
        ("large", "4.5 CPU", 100), ("small", "2 CPU", 44),
    ]  # fmt: skip
    assert (uses[0].used, uses[0].reserved) == ("3.5", "1")


def test_each_resource_has_its_own_order_unit_and_list() -> None:
    teams = (standing("busy", "9", memory=2), standing("large", "1", memory=8), NONE)
    uses = team_uses(teams, "memory")
    assert [(one.name, one.text, one.raw, one.share) for one in uses] == [
        ("large", "8 Gi", "8Gi", 100), ("busy", "2 Gi", "2Gi", 25),
    ]  # fmt: skip
    assert (uses[0].reserved, uses[0].left, uses[0].top) == ("0", "24", "32")
    assert uses[0].href == "/namespaces?team=large&sort=memory&dir=desc"
    assert uses[0].reserved_href == "/requests?scope=queue&team=large"
    assert team_uses(teams, "storage") == []


def test_the_switch_keeps_the_rest_of_the_address() -> None:
    filters = OverviewFilters.from_query({"window": "7d", "use": "memory"})
    assert [(one.href, one.is_open) for one in filters.resource_pills()] == [
        ("/?window=7d", False),
        ("/?window=7d&use=memory", True),
        ("/?window=7d&use=storage", False),
    ]
    assert filters.window_pills()[0].href == "/?window=24h&use=memory"
    assert OverviewFilters.from_query({"use": "gold"}).resource == next(iter(RESOURCES))
