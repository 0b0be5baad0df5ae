"""The wizard's draft: defaults follow until somebody chooses."""

from dataclasses import replace
from datetime import timedelta

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.sleep import NIGHTS_AND_WEEKENDS, SleepSchedule
from nsaas_app.identity.dev import DEV_TEAMS
from nsaas_app.ui.new.access_editing import grant_added, grant_edited, grant_removed
from nsaas_app.ui.new.beginning import clone_of, draft_of
from nsaas_app.ui.new.draft import (
    TEXTS,
    Draft,
    answered,
    begun_from,
    edited,
    with_defaults,
)
from tests.ui.examples import NOW, spec

FRONTEND, PAYMENTS = DEV_TEAMS


def _filled(**fields: str) -> Draft:
    draft = with_defaults(Draft(), team=None)
    for field, value in {"team": "frontend", "app": "shop", **fields}.items():
        draft = edited(draft, field, value, team=FRONTEND)
    return draft


def test_the_name_follows_team_application_and_environment() -> None:
    assert _filled().name == "frontend-shop-dev"
    assert _filled(environment="production").name == "frontend-shop-prod"


def test_a_chosen_name_stays_until_it_is_emptied() -> None:
    chosen = edited(_filled(), "name", "my-own", team=FRONTEND)
    assert edited(chosen, "app", "other", team=FRONTEND).name == "my-own"
    assert edited(chosen, "name", "", team=FRONTEND).name == "frontend-shop-dev"


def test_tier_network_and_lifetime_follow_the_environment() -> None:
    staging = _filled(environment="staging")
    assert (staging.tier, staging.network, staging.expires_in_days) == ("medium", "isolated", "90")
    assert staging.egress == "none"
    assert _filled(environment="production").expires_in_days == ""


def test_the_schedule_follows_the_environment_where_the_platform_gives_one() -> None:
    given = with_defaults(Draft(sleep_timezone="Europe/Berlin"), team=None)
    assert given.sleep_windows.splitlines() == list(NIGHTS_AND_WEEKENDS)
    assert given.spec().sleep_windows == NIGHTS_AND_WEEKENDS
    assert edited(given, "environment", "testing", team=FRONTEND).sleep_windows == ""
    own = edited(given, "sleep_windows", "Sat-Sun", team=FRONTEND)
    assert edited(own, "environment", "testing", team=FRONTEND).sleep_windows == "Sat-Sun"
    there = edited(own, "environment", "production", team=FRONTEND)
    assert (there.sleep_windows, there.spec().sleep_windows) == ("", ())
    never = edited(given, "sleep_windows", "", team=FRONTEND)
    assert (never.spec().sleep_timezone, never.spec().sleep_windows) == (None, ())
    assert with_defaults(Draft(), team=None).sleep_windows == "", "the platform gives none"
    copy = draft_of(spec(sleep=SleepSchedule.parse("UTC", ("Sat-Sun",))), now=NOW)
    assert (copy.sleep_timezone, copy.sleep_windows) == ("UTC", "Sat-Sun")


def test_a_template_may_let_it_run_at_night() -> None:
    begun = begun_from(Draft(sleep_timezone="UTC"), "ml-workspace", team=FRONTEND)
    assert begun.sleep_windows.splitlines() == list(NIGHTS_AND_WEEKENDS)
    assert answered(begun, "sleeps", "never", team=FRONTEND).sleep_windows == ""


def test_a_choice_stays_unless_the_environment_forbids_it() -> None:
    micro = _filled(tier="micro")
    assert edited(micro, "environment", "testing", team=FRONTEND).tier == "micro"
    assert edited(micro, "environment", "staging", team=FRONTEND).tier == "medium"
    opened = _filled(network="open")
    assert edited(opened, "environment", "production", team=FRONTEND).network == "isolated"


def test_egress_follows_the_preset_until_it_is_chosen() -> None:
    assert _filled(network="isolated").egress == "none"
    chosen = _filled(egress="cluster-only")
    assert edited(chosen, "network", "isolated", team=FRONTEND).egress == "cluster-only"


def test_what_is_none_of_the_choices_changes_nothing() -> None:
    assert edited(_filled(), "tier", "gigantic", team=FRONTEND) == _filled()
    assert edited(_filled(), "environment", "moon", team=FRONTEND) == _filled()


def test_access_and_cost_centre_come_from_the_team() -> None:
    draft = _filled()
    assert [(grant.name, grant.role) for grant in draft.access] == [
        ("frontend-leads", "lead"),
        ("frontend-devs", "developer"),
        ("frontend-viewers", "viewer"),
    ]
    moved = edited(draft, "team", "payments", team=PAYMENTS)
    assert moved.access[0].name == "payments-leads"
    assert moved.cost_center == "payments"
    production = _filled(environment="production")
    assert {grant.role for grant in production.access} == {"lead", "viewer"}


def test_only_what_was_chosen_is_said_to_the_checks() -> None:
    asked = _filled().spec()
    assert (asked.access, asked.cost_center) == (None, None)
    own = grant_added(_filled())
    assert own.spec().access is not None
    assert asked.egress == "internet-https"
    assert _filled(network="open").spec().egress is None


def test_days_that_are_no_number_reach_the_checks_as_a_wrong_one() -> None:
    assert _filled(expires_in_days="x").spec().expires_in_days == -1
    assert _filled(expires_in_days=" 14 ").spec().expires_in_days == 14
    assert _filled(expires_in_days="").spec().expires_in_days is None


def test_address_ranges_count_only_with_their_egress() -> None:
    listed = _filled(egress="cidrs", cidrs="10.0.0.0/8, 203.0.113.0/24\n198.51.100.0/24")
    assert listed.spec().cidrs == ("10.0.0.0/8", "203.0.113.0/24", "198.51.100.0/24")
    assert edited(listed, "egress", "none", team=FRONTEND).spec().cidrs == ()


def test_access_lines_are_added_edited_and_removed() -> None:
    draft = grant_edited(grant_added(_filled()), 3, "name", "friends")
    assert draft.access[3].name == "friends"
    assert grant_removed(draft, 0).access[0].name == "frontend-devs"
    assert grant_edited(draft, 9, "name", "x") == draft
    assert grant_edited(draft, 0, "chosen", "x") == draft


def test_a_failed_requests_spec_comes_back_into_the_form() -> None:
    grant = AccessGrant(SubjectKind.USER, "ada", AccessRole.LEAD)
    asked = spec(access=(grant,), environment=Environment.TESTING)
    draft = draft_of(asked, now=NOW + timedelta(days=20))
    assert (draft.name, draft.environment, draft.expires_in_days) == (
        "frontend-shop-dev", "testing", "11",
    )  # fmt: skip
    assert draft.spec().access == ({"kind": "User", "name": "ada", "role": "lead"},)


def test_a_browser_may_set_texts_only() -> None:
    assert "name" in TEXTS
    assert not {"access", "chosen"} & TEXTS


def test_a_template_fills_tier_network_and_lifetime_and_answers_move_them() -> None:
    draft = begun_from(_filled(), "batch-jobs", team=FRONTEND)
    assert (draft.tier, draft.network, draft.egress) == ("small", "isolated", "cluster-only")
    assert (draft.expires_in_days, draft.cidrs) == ("14", "")
    assert draft.spec().labels == {"workload": "batch"}

    larger = answered(draft, "load", "medium", team=FRONTEND)
    reaching = answered(larger, "source_cidr", "198.51.100.0/24", team=FRONTEND)
    longer = answered(reaching, "days", "7", team=FRONTEND)
    assert (longer.tier, longer.egress, longer.expires_in_days) == ("medium", "cidrs", "7")
    assert longer.spec().cidrs == ("198.51.100.0/24",)
    assert answered(longer, "source_cidr", "", team=FRONTEND).egress == "cluster-only"
    assert answered(longer, "colour", "red", team=FRONTEND) == longer


def test_what_a_person_chose_stays_whatever_the_template_says() -> None:
    draft = begun_from(_filled(), "batch-jobs", team=FRONTEND)
    chosen = edited(draft, "tier", "micro", team=FRONTEND)
    assert answered(chosen, "load", "medium", team=FRONTEND).tier == "micro"


def test_a_template_begins_where_it_is_made_for() -> None:
    begun = begun_from(_filled(), "data-pipeline", team=FRONTEND)
    assert begun.environment == "staging"
    elsewhere = edited(begun, "environment", "development", team=FRONTEND)
    assert {issue.field for issue in elsewhere.template_issues()} == {
        "environment", "parameters.source_cidr",
    }  # fmt: skip


def test_an_answer_that_is_none_is_told_and_does_not_move_anything() -> None:
    draft = answered(
        begun_from(_filled(), "ml-workspace", team=FRONTEND), "data_cidr", "moon", team=FRONTEND
    )
    assert [issue.field for issue in draft.template_issues()] == ["parameters.data_cidr"]
    assert draft.egress == "internet-https"
    gateway = answered(draft, "exposure", "gateway", team=FRONTEND)
    assert gateway.spec().accept_from_gateway is True


def test_a_wish_for_the_gateway_survives_a_clone_and_an_edit() -> None:
    let_in = edited(_filled(network="isolated"), "gateway", "yes", team=FRONTEND)
    assert let_in.spec().accept_from_gateway is True
    assert edited(let_in, "gateway", "maybe", team=FRONTEND) == let_in
    assert edited(let_in, "network", "open", team=FRONTEND).spec().accept_from_gateway is None
    asked = replace(spec(), network=replace(spec().network, accept_from_gateway=True))
    again = with_defaults(draft_of(asked, now=NOW), team=FRONTEND)
    copy = with_defaults(clone_of(asked, owner="frontend-dev"), team=FRONTEND)
    assert (again.gateway, copy.gateway) == ("yes", "yes")
