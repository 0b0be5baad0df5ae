"""A set in the wizard: every member by its own defaults, and what was chosen where it may be."""

from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.ui.new.beginning import draft_from_kept
from nsaas_app.ui.new.draft import Draft, edited, with_defaults
from nsaas_app.ui.new.members import base_of, member_drafts, set_issues, toggled, wish_of
from nsaas_app.ui.new.steps import production_name

FRONTEND, _ = DEV_TEAMS


def _draft(**fields: str) -> Draft:
    draft = with_defaults(Draft(sleep_timezone="UTC"), team=None)
    for field, value in {"team": "frontend", "app": "shop", **fields}.items():
        draft = edited(draft, field, value, team=FRONTEND)
    return toggled(toggled(draft, "testing"), "production")


def test_members_are_in_the_order_of_the_environments_and_named_alike() -> None:
    draft = toggled(_draft(), "staging")
    assert draft.also == ("testing", "staging", "production")
    names = [member.name for member in member_drafts(draft, team=FRONTEND)]
    assert names == [
        "frontend-shop-dev",
        "frontend-shop-test",
        "frontend-shop-stg",
        "frontend-shop-prod",
    ]
    assert toggled(draft, "staging").also == ("testing", "production")
    assert toggled(draft, draft.environment) == draft
    assert toggled(draft, "moon") == draft


def test_a_choice_holds_where_it_is_allowed() -> None:
    _, testing, production = member_drafts(_draft(tier="micro"), team=FRONTEND)
    assert (testing.tier, production.tier) == ("micro", "medium")
    assert production.network == "isolated"
    assert testing.expires_in_days == "14"
    assert [grant.role for grant in production.access] != [grant.role for grant in testing.access]


def test_the_wish_says_all_that_the_form_says() -> None:
    wish = wish_of(_draft(labels="a=b", description="Words."), team=FRONTEND)
    assert (wish.base, wish.environments) == (
        "frontend-shop", ("development", "testing", "production"),
    )  # fmt: skip
    development, production = wish.overrides["development"], wish.overrides["production"]
    assert development["labels"] == {"a": "b"}
    assert development["description"] == production["description"] == "Words."
    assert development["sleep"]["timezone"] == "UTC"
    assert "sleep" not in production
    assert wish.spec == {"sleep": None}


def test_another_ending_makes_no_set() -> None:
    draft = edited(_draft(), "name", "shop", team=FRONTEND)
    assert base_of(draft) == ""
    assert [issue.field for issue in set_issues(draft)] == ["name"]
    assert set_issues(toggled(toggled(draft, "testing"), "production")) == []


def test_production_in_a_set_is_confirmed_by_its_own_name() -> None:
    assert production_name(_draft()) == "frontend-shop-prod"
    assert production_name(toggled(_draft(), "production")) == ""


def test_an_environment_is_in_a_set_once() -> None:
    moved = edited(_draft(), "environment", "testing", team=FRONTEND)
    assert moved.also == ("production",)


def test_a_kept_draft_of_any_shape_becomes_a_draft() -> None:
    odd = {
        "tier": "gigantic", "name": 7, "team": "frontend", "also": ["moon", "testing", 3],
        "access": [{"kind": "Group", "name": "x", "role": "lead", "until": ""}, {"boss": 1}, None],
        "chosen": "name", "template": "none-such", "parameters": [1], "confirm": "x", "more": {},
    }  # fmt: skip
    draft = draft_from_kept(odd)
    assert (draft.tier, draft.name, draft.team) == (Draft().tier, "", "frontend")
    assert draft.also == ("testing",)
    assert [grant.name for grant in draft.access] == ["x"]
    assert (draft.chosen, draft.template, draft.parameters, draft.confirm) == ((), "", {}, "")
    assert draft_from_kept({}) == Draft()
