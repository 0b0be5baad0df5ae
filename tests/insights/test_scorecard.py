"""A scorecard judges by facts alone, says what to do, and what it cannot judge counts nothing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from nsaas_app.directory.outcomes import Performance
from nsaas_app.directory.rows import Health, HealthReason, QuotaUse
from nsaas_app.domain.access_review import REVIEW_EVERY, AccessReview
from nsaas_app.domain.actors import Role
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.names import TeamName
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.prices import monthly_cost
from nsaas_app.domain.teams import Budget, Resources, Team
from nsaas_app.insights.scorecard import Facts, Rule, scorecard_of
from nsaas_app.store.ledger import LedgerShare
from nsaas_app.teams.members import GroupRow, Member, MemberList
from nsaas_app.teams.overview import TeamStanding
from nsaas_app.teams.teams import BudgetUse
from tests.ui.examples import NOW, row

LEADS = MemberList(
    (GroupRow("leads", Role.LEAD, 2),),
    tuple(Member(name, name, Role.LEAD, ("leads",), NOW) for name in ("ada", "bo")),
)
GOOD = replace(row(quota={"requests.cpu": QuotaUse("1", "2")}), description="Tries out the shop")
YOUNG = AccessReview(None, "", NOW - timedelta(days=1))


def facts(*, cpu: str = "2", **changes: Any) -> Facts:
    amount = Resources(Decimal(cpu), Decimal(0), Decimal(0))
    use = BudgetUse.of([LedgerShare(Environment.DEVELOPMENT, False, 1, amount)])
    team = Team(TeamName("frontend"), cost_center="f-1")
    given: dict[str, Any] = {
        "standing": TeamStanding(team, use, monthly_cost(use.used)),
        "rows": (GOOD,),
        "members": LEADS,
        "performance": Performance(20, 1.0, 100.0, 200.0),
        "review": YOUNG,
        "now": NOW,
    }
    return Facts(**given | changes)


def rules(found: Facts) -> dict[str, Rule]:
    return {rule.key: rule for rule in scorecard_of(found).rules}


def test_a_team_that_keeps_every_rule_has_all_points_and_nothing_to_do() -> None:
    card = scorecard_of(facts())
    assert card.score == 100
    assert [rule.key for rule in card.rules if rule.improve or not rule.is_kept] == []


def test_each_broken_rule_names_what_breaks_it_and_where_to_mend_it() -> None:
    sick = [
        replace(row(f"n{number}", reasons=(HealthReason("missing", "Gone.", 60),)), quota={})
        for number in range(5)
    ]
    card = scorecard_of(facts(rows=sick))
    healthy = next(rule for rule in card.rules if rule.key == "healthy")
    assert healthy.result == "n0, n1, n2 and 2 more"
    assert healthy.href == "/namespaces?team=frontend&health=missing,stuck,failed,unavailable"
    assert healthy.improve
    assert card.score is not None
    assert card.score < 80


def test_what_cannot_be_judged_is_said_and_counts_nothing() -> None:
    empty = facts(cpu="0", rows=(), performance=Performance(2, 0.5, None, None))
    found = rules(empty)
    unknown = {key for key, rule in found.items() if rule.is_kept is None}
    assert unknown == {
        "healthy", "as-asked", "quota", "lifetime", "described", "asked-for", "requests",
    }  # fmt: skip
    assert found["requests"].result == "Too early: 2 of 5 requests in 30 days"
    assert scorecard_of(empty).score == 100


def test_budget_people_and_review_are_judged() -> None:
    lone = MemberList((GroupRow("leads", Role.LEAD, 1), GroupRow("typo", Role.VIEWER, 0)), ())
    old = AccessReview(NOW - REVIEW_EVERY, "ada", NOW - 2 * REVIEW_EVERY)
    team = Team(TeamName("frontend"))
    wasted = facts(cpu="15", members=lone, review=old)
    standing = replace(wasted.standing, team=team)
    found = rules(replace(wasted, standing=standing))
    broken = {key for key, rule in found.items() if rule.is_kept is False}
    assert broken == {"room", "asked-for", "cost-centre", "two-leads", "groups", "review"}
    assert found["groups"].result == "Matches nobody seen so far: typo"
    assert found["asked-for"].result == "Pods request 1 of 15 booked CPU"


def test_a_review_holds_ninety_days_and_a_young_team_needs_none_yet() -> None:
    assert not YOUNG.is_due(NOW)
    assert YOUNG.is_due(NOW + REVIEW_EVERY)
    assert AccessReview(None, "", None).is_due(NOW)
    late = AccessReview(NOW, "ada", NOW - 9 * REVIEW_EVERY)
    assert late.due_at == NOW + REVIEW_EVERY
    assert not late.is_due(NOW + REVIEW_EVERY - timedelta(seconds=1))


def test_a_team_whose_namespaces_are_all_taken_has_no_room_for_one_more() -> None:
    plain = facts()
    counts = {Environment.DEVELOPMENT: 10}
    taken = replace(plain.standing.use, namespaces=10, per_environment=counts)
    room = rules(replace(plain, standing=replace(plain.standing, use=taken)))["room"]
    assert (room.is_kept, room.result) == (False, "10 of 10 namespaces are taken")
    limits = dict.fromkeys(Environment, 0) | {Environment.DEVELOPMENT: 1}
    narrow = replace(plain.standing.team, budget=Budget(per_environment=limits))
    room = rules(replace(plain, standing=replace(plain.standing, team=narrow)))["room"]
    assert (room.is_kept, room.result) == (False, "Every environment has as many as it may")


def test_nothing_is_claimed_of_a_cluster_that_was_not_read() -> None:
    blind = replace(GOOD, state=NamespaceState.UNKNOWN, quota={})
    found = rules(facts(rows=(blind,)))
    unknown = {key for key, rule in found.items() if rule.is_kept is None}
    assert unknown == {"healthy", "as-asked", "quota", "asked-for"}
    assert found["healthy"].result == "The cluster has not been read yet"
    assert found["asked-for"].result == "No quota has been read yet"
    drifted = replace(blind, health=Health(75, (HealthReason("drifted", "Not as asked.", 25),)))
    assert rules(facts(rows=(drifted,)))["as-asked"].is_kept is False


def test_what_is_booked_where_nothing_is_known_is_not_held_against_what_is_known() -> None:
    silent = replace(GOOD, name="silent", quota={})
    rule = rules(facts(cpu="30", rows=(GOOD, silent)))["asked-for"]
    assert rule.is_kept is True
    assert rule.result == "Pods request 1 of 2 booked CPU in 1 of 2 namespaces"
