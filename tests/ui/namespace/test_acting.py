"""Acting on a namespace over the real WebSocket: dialogs tell what it means, requests follow."""

from datetime import timedelta
from typing import Any

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.namespaces import Intent
from nsaas_app.domain.requests import Phase, ProvisioningRequest, RequestKind
from nsaas_app.domain.tiers import Tier
from nsaas_app.ui.namespace.acting import Acting
from nsaas_app.ui.namespace.state import NamespacePage
from nsaas_app.ui.new.state import NewState
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.namespace.stored import stored
from tests.ui.tabs import Pages, Tab

SAID = {"justification": "Traffic doubles with the launch"}


async def _opened(open_tab: OpenTab, name: str, identity: str = "frontend-dev") -> Tab:
    tab = await open_tab(f"/namespaces/{name}", identity)
    await tab.until(lambda: tab.of(NamespacePage).get("is_loaded"), "the page loads")
    return tab


async def _form(tab: Tab, **fields: str) -> None:
    for field, value in fields.items():
        await tab.call(Acting, "edit", field=field, value=value)
    await tab.until(lambda: fields.items() <= tab.of(Acting)["form"].items(), f"{fields} arrive")


async def _request(tab: Tab, pages: Pages) -> ProvisioningRequest:
    def sent() -> list[str]:
        paths = [payload["path"] for payload in tab.told("_redirect")]
        return [path for path in paths if path.startswith("/requests/")]

    await tab.until(sent, "it leads to the request")
    request_id = sent()[-1].rsplit("/", 1)[-1]
    return pages.do(lambda portal: portal.requests._requests[request_id])


def _acting(tab: Tab) -> dict[str, Any]:
    return tab.of(Acting)


async def test_renewing_puts_the_end_off(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("renew")
    record = stored(pages, name)
    tab = await _opened(open_tab, name)
    await tab.call(Acting, "begin_renew", opener="")
    await tab.until(lambda: _acting(tab).get("ends_at"), "the new end shows")
    assert _acting(tab)["form"] == {"expires_in_days": "30"}
    assert "90 at most" in _acting(tab)["lifetime_help"]
    assert "0 of 3 times" in _acting(tab)["lifetime_help"]
    await tab.call(Acting, "submit_change")
    request = await _request(tab, pages)
    assert request.kind is RequestKind.CHANGE
    assert request.spec.expires_at is not None
    assert record.spec.expires_at is not None
    assert request.spec.expires_at > record.spec.expires_at + timedelta(days=20)
    assert _acting(tab)["action"] == ""


async def test_a_lifetime_no_policy_allows_is_told_at_its_field(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("long")
    stored(pages, name)
    tab = await _opened(open_tab, name)
    await tab.call(Acting, "begin_renew", opener="")
    await tab.until(lambda: _acting(tab).get("action") == "renew", "the dialog opens")
    await _form(tab, expires_in_days="4000")
    await tab.until(lambda: "expires_in_days" in _acting(tab)["errors"], "the rule shows")
    await _form(tab, expires_in_days="soon")
    await tab.until(lambda: "expires_in_days" in _acting(tab)["errors"], "the rule shows")
    await tab.call(Acting, "submit_change")
    await tab.until(lambda: not _acting(tab)["is_busy"], "it is refused")
    assert tab.told("_redirect") == []
    assert _acting(tab)["action"] == "renew"


async def test_a_broken_rule_without_a_field_in_the_dialog_is_told_all_the_same(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("bare")
    stored(pages, name, overrides={"limits.cpu": "1500m"})
    tab = await _opened(open_tab, name)
    await tab.call(Acting, "begin_resize", opener="")
    await tab.until(lambda: _acting(tab).get("is_same"), "it is the present size")
    await _form(tab, tier="medium")
    await tab.until(lambda: "other" in _acting(tab).get("errors", {}), "the rule shows")
    assert "the limit of 1.5 CPU" in _acting(tab)["errors"]["other"]


async def test_a_size_tells_cost_budget_and_approval_before_it_is_asked(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("size")
    stored(pages, name, environment=Environment.STAGING, tier=Tier.MEDIUM)
    tab = await _opened(open_tab, name)
    await tab.call(Acting, "begin_resize", opener="")
    await tab.until(lambda: _acting(tab).get("is_same"), "it is the present size")
    await _form(tab, tier="large")
    await tab.until(lambda: _acting(tab)["needs_approval"], "a lead is needed")
    assert _acting(tab)["cost"]["text"].count("$") == 2
    assert next(line["key"] for line in _acting(tab)["budget"]) == "namespaces"
    await tab.call(Acting, "submit_change")
    await tab.until(lambda: "justification" in _acting(tab)["errors"], "a reason is asked for")
    await _form(tab, **SAID)
    await tab.call(Acting, "submit_change")
    request = await _request(tab, pages)
    assert request.phase is Phase.AWAITING_APPROVAL
    assert request.justification == SAID["justification"]
    assert request.spec.tier is Tier.LARGE


async def test_production_is_released_by_its_typed_name(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("release")
    stored(pages, name, environment=Environment.PRODUCTION, tier=Tier.MEDIUM)
    tab = await _opened(open_tab, name, "frontend-lead")
    await tab.call(Acting, "begin_release", opener="")
    await tab.until(lambda: _acting(tab).get("action") == "release", "the dialog opens")
    assert _acting(tab)["restorable_until"]
    assert {fact["key"] for fact in _acting(tab)["impact"]} >= {"deployments", "pods"}
    await _form(tab, confirm="another", **SAID)
    await tab.call(Acting, "submit_release")
    await tab.until(lambda: "confirm" in _acting(tab)["errors"], "the name is asked for")
    await _form(tab, confirm=name)
    await tab.call(Acting, "submit_release")
    await tab.call(Acting, "submit_release")
    request = await _request(tab, pages)
    assert request.kind is RequestKind.RELEASE
    assert request.phase is Phase.AWAITING_APPROVAL


async def test_a_page_releases_nothing_without_the_typed_name(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("release")
    stored(pages, name)
    tab = await _opened(open_tab, name)
    await tab.call(Acting, "begin_release", opener="")
    await tab.until(lambda: _acting(tab).get("action") == "release", "the dialog opens")
    await tab.call(Acting, "submit_release")
    await tab.until(lambda: "confirm" in _acting(tab)["errors"], "the name is asked for")
    await _form(tab, confirm=name)
    await tab.call(Acting, "submit_release")
    assert (await _request(tab, pages)).kind is RequestKind.RELEASE


async def test_a_developer_cannot_release_production_by_an_event_made_by_hand(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("keep")
    stored(pages, name, environment=Environment.PRODUCTION, tier=Tier.MEDIUM)
    tab = await _opened(open_tab, name)
    assert tab.of(NamespacePage)["actions"]["release"].startswith("Leads of team frontend")
    await tab.call(Acting, "begin_release", opener="")
    await _form(tab, confirm=name, **SAID)
    await tab.call(Acting, "submit_release")
    await tab.until(lambda: _acting(tab)["problem"]["code"] == "NOT_ALLOWED", "it is refused")


async def test_a_released_one_is_restored(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("restore")
    stored(pages, name, intent=Intent.RELEASED)
    tab = await _opened(open_tab, name, "frontend-lead")
    assert tab.of(NamespacePage)["actions"]["is_released"]
    assert tab.of(NamespacePage)["banners"][0]["key"] == "state"
    await tab.call(Acting, "restore")
    assert (await _request(tab, pages)).kind is RequestKind.RESTORE


async def test_another_teams_namespace_cannot_be_acted_on(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("theirs")
    stored(pages, name)
    tab = await open_tab(f"/namespaces/{name}", "payments-dev")
    await tab.until(lambda: tab.of(NamespacePage).get("is_loaded"), "the page loads")
    await tab.call(Acting, "submit_change")
    await tab.until(lambda: "There is no namespace" in str(tab.toasts), "it is refused")
    assert "small" not in str(tab.of(NamespacePage)["tier"]).lower()


async def test_a_clone_begins_in_the_wizard_with_a_name_of_its_own(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("clone")
    stored(pages, name, tier=Tier.MEDIUM)
    tab = await open_tab(f"/new?from=clone:{name}", "frontend-dev")
    await tab.until(lambda: tab.of(NewState).get("draft", {}).get("tier") == "medium", "it fills")
    draft = tab.of(NewState)["draft"]
    assert (draft["name"], draft["owner"], draft["team"]) == ("", "frontend-dev", "frontend")
    assert draft["access"]


async def test_a_dialog_does_not_follow_to_another_namespace(
    pages: Pages, open_tab: OpenTab
) -> None:
    here, there = fresh_name("here"), fresh_name("there")
    for name in (here, there):
        stored(pages, name)
    tab = await _opened(open_tab, here)
    await tab.call(Acting, "begin_release", opener="")
    await tab.until(lambda: _acting(tab).get("action") == "release", "the dialog opens")
    await tab.go(f"/namespaces/{there}")
    await tab.until(lambda: tab.of(NamespacePage)["title"] == there, "the other page opens")
    await tab.until(lambda: _acting(tab)["action"] == "", "the dialog is gone")


async def test_focus_goes_back_to_the_button_of_a_dialog_that_was_left(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("focus")
    stored(pages, name)
    tab = await _opened(open_tab, name)
    await tab.call(Acting, "begin_release", opener="")
    await tab.until(lambda: _acting(tab).get("action") == "release", "the dialog opens")
    await tab.call(Acting, "close", is_open=False)
    await tab.call(Acting, "give_back_focus")
    await tab.until(lambda: "action_release" in str(tab.told("_set_focus")), "focus goes back")
    for opener, gets in (("header-release", "header_release"), ("elsewhere", "action_release")):
        await tab.call(Acting, "begin_release", opener=opener)
        await tab.until(lambda: _acting(tab).get("action") == "release", "the dialog opens again")
        await tab.call(Acting, "close", is_open=False)
        await tab.call(Acting, "give_back_focus")
        await tab.until(
            lambda gets=gets: gets in str(tab.told("_set_focus")[-1:]),  # type: ignore[misc]
            f"focus goes back to {gets}",
        )


async def test_without_a_cluster_a_dialog_says_that_nothing_was_tried(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("silent")
    stored(pages, name)
    tab = await _opened(open_tab, name)
    await tab.call(Acting, "begin_resize", opener="")
    await _form(tab, tier="medium")
    await tab.until(lambda: _acting(tab)["silence"].startswith("Not tried"), "it is said")
    assert _acting(tab)["approval"] == "No approval needed"
    assert _acting(tab)["objects"] == []


async def test_a_renewal_beyond_the_limit_asks_for_a_reason(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("often")
    stored(pages, name, environment=Environment.STAGING, tier=Tier.MEDIUM)
    tab = await _opened(open_tab, name)
    await tab.call(Acting, "begin_renew", opener="")
    await tab.until(lambda: _acting(tab).get("needs_approval"), "a lead is needed")
    assert "a lead must agree" in _acting(tab)["approval"]
    await tab.call(Acting, "submit_change")
    await tab.until(lambda: "justification" in _acting(tab)["errors"], "a reason is asked for")
    await _form(tab, **SAID)
    await tab.call(Acting, "submit_change")
    assert (await _request(tab, pages)).phase is Phase.AWAITING_APPROVAL
