"""Bars cut into namespaces add up to what is booked, and the table says the same."""

from decimal import Decimal

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.prices import monthly_cost
from nsaas_app.domain.teams import Budget, Resources, Team
from nsaas_app.store.ledger import LedgerShare
from nsaas_app.teams.overview import NamespaceShare, TeamStanding
from nsaas_app.teams.teams import BudgetUse
from nsaas_app.ui.team.segments import MOST, segmented_bars, share_lines

GIB = 2**30


def share(name: str, cpu: str, *, is_reserved: bool = False) -> NamespaceShare:
    amount = Resources(Decimal(cpu), Decimal(GIB), Decimal(0))
    return NamespaceShare(name, Environment.DEVELOPMENT, is_reserved, amount)


def standing(*shares: NamespaceShare, top: str = "10") -> TeamStanding:
    use = BudgetUse.of(
        [LedgerShare(one.environment, one.is_reserved, 1, one.amount) for one in shares]
    )
    budget = Budget(resources=Resources.parse(top, "32Gi", "400Gi"))
    return TeamStanding(Team(TeamName("frontend"), budget=budget), use, monthly_cost(use.used))


def test_pieces_stand_by_name_the_reserved_ones_last_and_add_up() -> None:
    shares = (share("b", "2"), share("a", "1", is_reserved=True), share("c", "3"))
    bars = {one.bar.key: one for one in segmented_bars(standing(*shares), shares)}
    cpu = bars["cpu"].segments
    assert [(one.key, one.share, one.look) for one in cpu] == [
        ("b", 20.0, "used"), ("c", 30.0, "used"), ("a", 10.0, "reserved"),
    ]  # fmt: skip
    assert cpu[2].text == "a: 1 CPU reserved"
    assert bars["namespaces"].segments == ()
    assert bars["storage"].segments == ()


def test_more_than_the_budget_fills_the_track_and_no_more() -> None:
    shares = (share("a", "6"), share("b", "6"))
    cpu = segmented_bars(standing(*shares, top="8"), shares)[1].segments
    assert sum(one.share for one in cpu) == 100.0


def test_of_very_many_the_small_ones_share_a_piece() -> None:
    shares = [share(f"n{number:03}", str(1 + (number == 0))) for number in range(MOST + 10)]
    cpu = segmented_bars(standing(*shares, top="100"), shares)[1].segments
    assert len(cpu) == MOST + 1
    assert cpu[-1].text == "10 others: 10 CPU used"
    assert round(sum(one.share for one in cpu)) == MOST + 11


def test_what_is_only_reserved_is_not_called_used_among_the_small_ones_either() -> None:
    shares = [share(f"n{number:03}", "2") for number in range(MOST - 1)]
    shares += [share("held", "3", is_reserved=True), share("u", "1")]
    shares += [share(f"r{number}", "1", is_reserved=True) for number in range(3)]
    cpu = segmented_bars(standing(*shares, top="100"), shares)[1].segments
    assert [(one.text, one.look) for one in cpu[-3:]] == [
        ("1 other: 1 CPU used", "used"),
        ("held: 3 CPU reserved", "reserved"),
        ("3 others: 3 CPU reserved", "reserved"),
    ]
    assert len({one.key for one in cpu}) == len(cpu)


def test_the_table_names_everyone_the_largest_first() -> None:
    lines = share_lines((share("a", "1", is_reserved=True), share("b", "0.05")))
    assert [(one.name, one.word, one.cpu, one.memory) for one in lines] == [
        ("a", "Reserved", "1 CPU", "1 Gi"), ("b", "Used", "50m", "1 Gi"),
    ]  # fmt: skip
