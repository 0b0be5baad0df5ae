"""What can be done with a namespace, by whom, and why not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from nsaas_app.directory.rows import HealthReason, QuotaUse
from nsaas_app.domain.drift import DriftItem, Remedy
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.namespaces import NamespaceState
from nsaas_app.domain.sleep import Asleep, SleepCause
from nsaas_app.ui.namespace.actions import Actions, impact_of, reasons_of
from nsaas_app.ui.namespace.standing import banners_of, drift_lines
from tests.support.actors import actor
from tests.ui.examples import NOW, row


def test_a_developer_changes_and_gives_up_what_is_theirs() -> None:
    actions = Actions.of(row(), actor("frontend-dev"))
    assert (actions.renew, actions.resize, actions.release, actions.clone) == ("", "", "", "")
    assert reasons_of(actions) == []


def test_a_viewer_reads_once_why_nothing_can_be_used() -> None:
    actions = Actions.of(row(), actor("frontend-viewer"))
    reason = "Your role in team frontend reads only."
    assert reasons_of(actions) == [f"Renew, Change size, Sleep, Clone, Release: {reason}"]
    assert actions.release == actions.describe == reason


def test_an_auditor_is_not_told_of_a_role_in_the_team() -> None:
    assert Actions.of(row(), actor("auditor")).resize == "Auditors read only."


def test_production_is_released_by_leads_and_has_no_end() -> None:
    there = replace(row(), environment=Environment.PRODUCTION)
    actions = Actions.of(there, actor("frontend-dev"))
    assert actions.release == "Leads of team frontend release production namespaces."
    assert actions.renew == "It has no end to put off."
    assert Actions.of(there, actor("frontend-lead")).release == ""


def test_production_is_confirmed_by_leads_and_says_until_when() -> None:
    reasons = (HealthReason("certify", "Within 20 d.", 5),)
    there = replace(
        row(reasons=reasons),
        environment=Environment.PRODUCTION,
        certify_by=NOW + timedelta(days=20),
    )
    developer, lead = (Actions.of(there, actor(f"frontend-{who}")) for who in ("dev", "lead"))
    assert (developer.is_certified, developer.certify) == (True, "Leads of team frontend confirm.")
    assert "Confirm: Leads of team frontend confirm." in reasons_of(developer)
    assert lead.certify == ""
    (banner,) = [one for one in banners_of(there) if one.key == "certify"]
    assert datetime.fromisoformat(banner.until) == there.certify_by
    assert not Actions.of(row(), actor("frontend-lead")).is_certified


def test_what_sleeps_can_be_woken_and_renewed_and_says_until_when() -> None:
    until = NOW + timedelta(hours=8)
    asleep = Asleep(NOW, SleepCause.PERSON, until)
    there = replace(row(state=NamespaceState.SLEEPING), asleep=asleep)
    actions = Actions.of(there, actor("frontend-dev"))
    assert (actions.wake, actions.renew, actions.is_asleep) == ("", "", True)
    assert actions.sleep == "It sleeps already."
    (banner,) = [one for one in banners_of(there) if one.key == "asleep"]
    assert datetime.fromisoformat(banner.until) == until
    assert Actions.of(row(), actor("frontend-dev")).wake == "It is awake."


@pytest.mark.parametrize(
    "state",
    [NamespaceState.CHANGING, NamespaceState.PROVISIONING, NamespaceState.MISSING],
)
def test_nothing_begins_while_it_does_not_stand(state: NamespaceState) -> None:
    actions = Actions.of(row(state=state), actor("frontend-lead"))
    assert actions.renew
    assert actions.resize == actions.release == actions.renew


def test_with_a_silent_cluster_a_request_may_wait_for_it() -> None:
    actions = Actions.of(row(state=NamespaceState.UNKNOWN), actor("frontend-lead"))
    assert actions.resize == ""


def test_a_released_one_is_restored_by_leads_and_deleted_by_admins() -> None:
    released = row(state=NamespaceState.RELEASED)
    dev, lead = (Actions.of(released, actor(who)) for who in ("frontend-dev", "frontend-lead"))
    assert dev.is_released
    assert dev.restore == "Leads of team frontend restore."
    assert (lead.restore, lead.delete) == ("", "Platform admins delete for good.")
    assert Actions.of(released, actor("admin")).delete == ""


def test_a_protected_one_is_neither_released_nor_deleted() -> None:
    actions = Actions.of(replace(row(), is_protected=True), actor("admin"))
    assert actions.release == actions.delete == "It is protected."


def test_the_impact_counts_what_is_inside() -> None:
    there = replace(row(quota={"pods": QuotaUse("7", "20")}), deployments=3, active_deployments=2)
    counts = {fact.key: fact.value for fact in impact_of(there)}
    assert counts["pods"] == "7"
    assert counts["deployments"] == "2 of 3 running"
    assert counts["services"] == "\u2013"


def _item(remedy: Remedy, *, object_: str = "ResourceQuota/nsaas", note: str = "") -> DriftItem:
    return DriftItem(object_, "/spec/hard/pods", "20", {"pods": 5}, remedy, note)


def test_drift_reads_the_worst_first_with_both_sides() -> None:
    items = (_item(Remedy.AUTOMATIC), _item(Remedy.STOPPED, object_="RoleBinding/x", note="Fight."))
    lines = drift_lines(replace(row(), drift=items))
    assert [line.remedy for line in lines] == ["stopped", "automatic"]
    assert lines[0].text == "Fight."
    assert (lines[1].desired, lines[1].observed) == ("20", '{"pods": 5}')
    assert lines[1].word == "Repairs itself"


def test_a_repair_is_not_offered_where_it_would_change_nothing() -> None:
    foreign = replace(row(), drift=(_item(Remedy.FOREIGN),))
    for who in ("frontend-lead", "frontend-dev"):
        assert "not its own" in Actions.of(foreign, actor(who)).repair
    both = replace(row(), drift=(_item(Remedy.FOREIGN), _item(Remedy.OFFERED)))
    assert Actions.of(both, actor("frontend-lead")).repair == ""
    assert Actions.of(both, actor("frontend-dev")).repair == "Leads of team frontend repair."


def test_what_is_absent_is_said_in_words() -> None:
    foreign = DriftItem("NetworkPolicy/open", "", None, "open", Remedy.FOREIGN, "It widens.")
    gone = DriftItem("ResourceQuota/nsaas", "", "x" * 999, None, Remedy.AUTOMATIC)
    first, second = drift_lines(replace(row(), drift=(gone, foreign)))
    assert first.desired == "Nothing"
    assert first.text.startswith("It widens.")
    assert second.observed == "It is not there"
    assert len(second.desired) < 300


def test_each_remedy_has_one_banner() -> None:
    items = (_item(Remedy.OFFERED), _item(Remedy.FOREIGN), _item(Remedy.OFFERED))
    banners = banners_of(replace(row(), drift=items))
    assert [banner.key for banner in banners] == ["drift-foreign", "drift-offered"]
    assert banners[1].text == "ResourceQuota/nsaas."


def test_a_released_one_says_until_when_it_can_come_back() -> None:
    until = NOW + timedelta(hours=24)
    released = replace(row(state=NamespaceState.RELEASED), restorable_until=until)
    (banner,) = banners_of(released)
    assert (banner.key, banner.tone) == ("state", "ending")
    assert banner.until == "2026-11-25T12:00:00.000Z"


@pytest.mark.parametrize("code", ["expiring", "expired"])
def test_the_end_of_the_lifetime_is_announced(code: str) -> None:
    (banner,) = banners_of(row(reasons=(HealthReason(code, "Soon.", 5),)))
    assert banner.key == code
    assert banner.until
    assert banners_of(row()) == []
