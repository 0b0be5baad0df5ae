"""A team's bars: used, reserved and left of each limit, in numbers, words and tones."""

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.prices import monthly_cost
from nsaas_app.domain.teams import Budget, Resources, Team
from nsaas_app.teams.overview import TeamStanding
from nsaas_app.teams.teams import BudgetUse
from nsaas_app.ui.team_views import TeamLine, budget_bars, why_not_edit, why_not_members
from tests.support.actors import actor


def standing(used: str, reserved: str, limit: str, *, namespaces: int = 3) -> TeamStanding:
    use = BudgetUse(
        Resources.parse(used, "2Gi", "0"), Resources.parse(reserved, "0", "0"), namespaces,
        dict.fromkeys(Environment, 0),
    )  # fmt: skip
    budget = Budget(4, dict.fromkeys(Environment, 4), Resources.parse(limit, "8Gi", "0"))
    team = Team(TeamName("frontend"), budget=budget)
    return TeamStanding(team, use, monthly_cost(use.used + use.reserved))


def test_bars_tell_used_reserved_and_left() -> None:
    namespaces, cpu, memory, storage = budget_bars(standing("6500m", "1", "10"))
    assert cpu.sentence == "6.5 used · 1 reserved · 2.5 left of 10 CPU"
    assert (cpu.used, cpu.reserved, cpu.hard) == ("6500m", "1", "10")
    assert (cpu.share_used, cpu.share_reserved, cpu.tone) == (65, 10, "near")
    assert memory.sentence == "2 used · 6 left of 8 Gi"
    assert (namespaces.sentence, namespaces.tone) == ("3 of 4 · 1 left", "near")
    assert (storage.share_used, storage.tone) == (0, "ok")


def test_over_the_limit_the_bar_is_full_and_nothing_is_left() -> None:
    namespaces, cpu, *_ = budget_bars(standing("9", "3", "10", namespaces=5))
    assert (cpu.share_used + cpu.share_reserved, cpu.tone) == (100, "full")
    assert cpu.sentence.endswith("0 left of 10 CPU")
    assert (namespaces.share_used, namespaces.tone) == (100, "full")
    assert budget_bars(standing("9", "0", "10"))[1].tone == "almost"


def test_a_line_says_what_one_is_there() -> None:
    found = standing("1", "0", "10")
    assert TeamLine.of(found, actor("frontend-lead"), ending=0, members=0).role == "Lead"
    assert TeamLine.of(found, actor("auditor"), ending=0, members=0).role == "Auditor"
    assert why_not_edit(actor("admin"), found) == why_not_members(actor("frontend-lead"), found)
    assert why_not_edit(actor("frontend-lead"), found).startswith("Only a platform admin")
    assert "frontend" in why_not_members(actor("frontend-dev"), found)
