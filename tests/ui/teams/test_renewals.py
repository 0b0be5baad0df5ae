"""One dialog renews all that ends soon; who may not is told why, and the page shows it at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from nsaas_app.domain.environments import Environment
from nsaas_app.domain.namespaces import Intent
from nsaas_app.domain.requests import ProvisioningRequest, RequestKind
from nsaas_app.ui.shell.state import Shell
from nsaas_app.ui.team.renewals import REASON, RenewAll
from nsaas_app.ui.team.state import TeamState
from tests.support.actors import actor
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.namespace.stored import stored
from tests.ui.tabs import Pages, Tab


async def team_page(open_tab: OpenTab, identity: str, *, tab: str = "") -> Tab:
    opened = await open_tab(f"/teams/frontend{tab}", identity)
    await opened.until(lambda: opened.of(TeamState).get("is_loaded"), "the page is there")
    return opened


def states(tab: Tab) -> dict[str, str]:
    lines: list[dict[str, Any]] = tab.of(RenewAll).get("lines", [])
    return {line["name"]: line["state"] for line in lines}


async def test_all_that_ends_soon_is_renewed_by_one_dialog(pages: Pages, open_tab: OpenTab) -> None:
    name, gone, over = fresh_name("ends"), fresh_name("gone"), fresh_name("over")
    stored(pages, name)
    stored(pages, over, expires_at=datetime.now(UTC) - timedelta(hours=2))
    stored(pages, gone, intent=Intent.RELEASED)
    tab = await team_page(open_tab, "frontend-lead")
    assert tab.of(TeamState)["renew_label"].startswith("Renew all ")
    ends = {line["name"]: line["is_over"] for line in tab.of(TeamState)["ending"]}
    assert ends[over], "what has ended says so"

    await tab.call(RenewAll, "begin", team="frontend")
    await tab.until(lambda: tab.of(RenewAll).get("is_open"), "the dialog opens")
    ended = {line["name"]: line["is_over"] for line in tab.of(RenewAll)["lines"]}
    assert (ended[name], ended[over]) == (False, True)
    reasons = {line["name"]: line["reason"] for line in tab.of(RenewAll)["lines"]}
    assert reasons[name] == ""
    assert "released" in reasons[gone]
    await tab.call(RenewAll, "submit")
    await tab.until(lambda: tab.of(RenewAll).get("is_done"), "each was taken")

    assert (states(tab)[name], states(tab)[gone]) == ("accepted", "open")

    def asked() -> list[ProvisioningRequest]:
        found = pages.portal.requests.in_flight(actor=actor("admin"))
        return [one for one in found if str(one.namespace) == name]

    (request,) = asked()
    assert request.kind is RequestKind.CHANGE
    await tab.call(RenewAll, "submit")
    await tab.call(RenewAll, "close", is_open=False)
    await tab.until(lambda: not tab.of(RenewAll)["is_open"], "the dialog closes")
    assert len(asked()) == 1


async def test_who_reads_only_is_told_so_and_can_renew_nothing(
    pages: Pages, open_tab: OpenTab
) -> None:
    stored(pages, fresh_name("ends"))
    tab = await team_page(open_tab, "frontend-viewer")
    assert tab.of(TeamState)["why_not_renew"] == "Your role in team frontend reads only."
    await tab.call(RenewAll, "begin", team="frontend")
    await tab.until(lambda: "Your role does not include this" in str(tab.toasts), "refused")
    assert not tab.of(RenewAll).get("is_open")


async def test_an_open_dialog_does_not_outlive_its_page(pages: Pages, open_tab: OpenTab) -> None:
    stored(pages, fresh_name("ends"))
    tab = await team_page(open_tab, "frontend-lead")
    await tab.call(RenewAll, "begin", team="frontend")
    await tab.until(lambda: tab.of(RenewAll).get("is_open"), "the dialog opens")
    await tab.go("/teams/frontend?tab=members")
    await tab.until(lambda: not tab.of(RenewAll)["is_open"], "it is closed")


async def test_every_section_is_filled_and_a_review_shows_at_once(
    pages: Pages, open_tab: OpenTab
) -> None:
    stored(pages, fresh_name("scored"))
    viewer = await team_page(open_tab, "frontend-viewer", tab="?tab=members")
    assert viewer.of(TeamState)["review"]["reviewed_at"] == ""
    lead = await team_page(open_tab, "frontend-lead", tab="?tab=scorecard")
    await lead.until(lambda: lead.of(TeamState).get("rules"), "the rules are there")
    assert 0 <= int(lead.of(TeamState)["score"]) <= 100
    seen = lead.of(TeamState)["review"]["version"]
    await lead.call(TeamState, "confirm_access", version="another")
    await lead.until(lambda: "changed by somebody else" in str(lead.toasts), "it is refused")
    assert viewer.of(TeamState)["review"]["reviewed_at"] == ""
    await lead.call(TeamState, "confirm_access", version=seen)
    await viewer.until(
        lambda: viewer.of(TeamState)["review"]["by"] == "frontend-lead", "the review shows"
    )
    await viewer.go("/teams/frontend?tab=cost")
    await viewer.until(lambda: viewer.of(TeamState).get("cost_computed_at"), "the cost is there")
    assert "List price" in viewer.of(TeamState)["cost_source"]


async def test_a_session_that_ends_leads_back_to_the_same_view(
    pages: Pages, open_tab: OpenTab
) -> None:
    cookie = pages.sign_in("frontend-dev")
    tab = await open_tab("/teams/frontend?tab=cost", cookie=cookie)
    await tab.until(lambda: tab.of(TeamState).get("is_loaded"), "the page is there")
    pages.sign_out(cookie)
    await tab.until(lambda: tab.of(Shell).get("is_signed_out"), "signed out")
    shell = tab.of(Shell)
    assert shell["return_to"] == "%2Fteams%2Ffrontend%3Ftab%3Dcost"
    assert shell["signed_out_at"]


async def test_where_a_lead_must_agree_it_is_asked_why_before_anything_is_handed_in(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("staged")
    stored(pages, name, environment=Environment.STAGING)
    lead = await team_page(open_tab, "frontend-lead")
    await lead.call(RenewAll, "begin", team="frontend")
    await lead.until(lambda: lead.of(RenewAll).get("is_open"), "the dialog opens")
    assert lead.of(RenewAll)["agreed"] == 0

    tab = await team_page(open_tab, "frontend-dev")
    await tab.call(RenewAll, "begin", team="frontend")
    await tab.until(lambda: tab.of(RenewAll).get("is_open"), "the dialog opens")
    (agreement,) = [line["agreement"] for line in tab.of(RenewAll)["lines"] if line["name"] == name]
    assert "a lead must agree" in agreement
    await tab.call(RenewAll, "submit")
    await tab.until(lambda: tab.of(RenewAll).get("error"), "it is asked why")
    assert not tab.of(RenewAll)["is_done"]
    assert set(states(tab).values()) == {"open"}

    why = "The acceptance test goes on until March."
    await tab.call(RenewAll, "edit", field=REASON, value=why)
    await tab.until(lambda: tab.of(RenewAll)["justification"] == why, "it is written")
    await tab.call(RenewAll, "submit")
    await tab.until(lambda: tab.of(RenewAll).get("is_done"), "each was taken")
    assert states(tab)[name] == "accepted"
    found = pages.portal.requests.awaiting_approval()
    assert [one.justification for one in found if str(one.namespace) == name] == [why]
