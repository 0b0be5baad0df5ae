"""What a request would change: facts, budget and cost."""

from dataclasses import replace

from nsaas_app.domain.requests import RequestKind
from nsaas_app.domain.teams import Resources
from nsaas_app.domain.tiers import TIERS, Tier
from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.teams.teams import BudgetUse
from nsaas_app.ui.budget_views import BudgetLine, budget_lines, change_lines, effect_lines
from nsaas_app.ui.costs import CostView
from nsaas_app.ui.spec_diff import default_spec, differences, unchanged_note
from tests.ui.examples import NOW, running_request, spec

TEAM = DEV_TEAMS[0]


def _use(*tiers: Tier) -> BudgetUse:
    spent = Resources()
    for tier in tiers:
        spent += Resources.of(TIERS[tier])
    return BudgetUse(spent, Resources(), len(tiers), {})


def _texts(lines: list[BudgetLine]) -> dict[str, str]:
    return {line.key: line.text for line in lines}


def test_a_new_namespace_is_added_to_what_is_spent() -> None:
    lines = _texts(budget_lines(TEAM, _use(Tier.SMALL), TIERS[Tier.SMALL]))
    assert lines["namespaces"] == "1 → 2 of 100"
    assert lines["cpu"] == "1 → 2 of 200 CPU"


def test_a_waiting_request_is_in_the_budget_already() -> None:
    lines = _texts(effect_lines(running_request(), TEAM, _use(Tier.SMALL, Tier.SMALL)))
    assert lines["namespaces"] == "1 → 2 of 100"
    assert lines["cpu"] == "1 → 2 of 200 CPU"


def test_a_waiting_change_holds_the_larger_size() -> None:
    change = replace(
        running_request(),
        kind=RequestKind.CHANGE,
        spec=spec(tier=Tier.MICRO),
        previous=spec(tier=Tier.SMALL),
    )
    lines = effect_lines(change, TEAM, _use(Tier.SMALL))
    assert _texts(lines)["namespaces"] == "1 → 1 of 100"
    assert _texts(lines)["cpu"].startswith("1 → 0.")
    assert all(line.share_added == 0 for line in lines)


def test_a_release_gives_its_part_back() -> None:
    release = replace(running_request(), kind=RequestKind.RELEASE, previous=spec())
    lines = _texts(effect_lines(release, TEAM, _use(Tier.SMALL, Tier.SMALL)))
    assert (lines["namespaces"], lines["cpu"]) == ("2 → 1 of 100", "2 → 1 of 200 CPU")


def test_a_change_replaces_what_the_namespace_holds() -> None:
    lines = change_lines(TEAM, _use(Tier.SMALL), before=spec(), after=spec(tier=Tier.MEDIUM))
    assert _texts(lines)["namespaces"] == "1 → 1 of 100"
    assert not any(line.is_over for line in lines)


def test_a_cost_names_its_source_and_day() -> None:
    plain = CostView.of(spec())
    assert plain.text.startswith("$ ")
    assert plain.text.endswith(" / month")
    assert plain.note.startswith("OpenCost default prices of 1 Nov 2026:")
    changed = CostView.of(spec(tier=Tier.MEDIUM), spec())
    assert changed.text.count("$") == 2
    assert CostView.of(spec(), spec()) == plain


def test_the_defaults_of_an_environment_differ_in_nothing() -> None:
    plain = default_spec(spec(), TEAM, asked_at=NOW)
    assert differences(default_spec(plain, TEAM, asked_at=NOW), plain) == []
    assert unchanged_note([], plain, against="the defaults") == "Nothing differs from the defaults."


def test_a_choice_shows_beside_what_it_replaces() -> None:
    plain = default_spec(spec(), TEAM, asked_at=NOW)
    wanted = replace(plain, tier=Tier.MEDIUM, description="For the launch")
    found = {one.key: one for one in differences(plain, wanted)}
    assert set(found) == {"tier", "description"}
    assert found["tier"].before.startswith("Small")
    assert found["tier"].after.startswith("Medium")
    note = unchanged_note(list(found.values()), wanted, against="the defaults")
    assert note == "2 of 12 fields differ from the defaults."
