"""The wizard over the real WebSocket: every rule tells itself at its field."""

from typing import Any

from nsaas_app.domain.requests import Phase
from nsaas_app.ui.new.state import NewState
from nsaas_app.ui.request.state import RequestState
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Pages, Tab


async def _begun(open_tab: OpenTab, identity: str = "frontend-dev") -> Tab:
    tab = await open_tab("/new", identity)
    await tab.until(lambda: tab.of(NewState).get("is_loaded"), "the wizard loads")
    await tab.until(lambda: tab.of(NewState)["draft"]["owner"], "the draft begins")
    return tab


async def _edit(tab: Tab, **fields: str) -> None:
    for field, value in fields.items():
        await tab.call(NewState, "edit", field=field, value=value)
    await tab.until(lambda: fields.items() <= _draft(tab).items(), f"{fields} arrive")


def _draft(tab: Tab) -> dict[str, Any]:
    return dict(tab.of(NewState)["draft"])


def _errors(tab: Tab) -> dict[str, str]:
    return dict(tab.of(NewState)["errors"])


def _sent_to(tab: Tab) -> list[str]:
    return [payload["path"] for payload in tab.told("_redirect")]


async def test_a_team_of_ones_own_is_chosen_already(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    assert _draft(tab)["team"] == "frontend"
    assert tab.of(NewState)["teams"] == ["frontend"]
    assert _draft(tab)["owner"] == "frontend-dev"
    assert tab.of(NewState)["budget"][0]["key"] == "namespaces"


async def test_an_admin_chooses_among_all_teams(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab, "admin")
    assert tab.of(NewState)["teams"] == ["frontend", "payments"]
    assert _draft(tab)["team"] == ""


async def test_next_shows_every_broken_rule_of_the_step(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab, "admin")
    await tab.call(NewState, "go_next")
    await tab.until(lambda: {"team", "name"} <= set(_errors(tab)), "both errors show")
    assert _sent_to(tab) == []


async def test_a_reserved_name_is_told_while_it_is_typed(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    await _edit(tab, name="kube-shop")
    await tab.until(lambda: "name" in _errors(tab), "the error shows")
    assert _errors(tab)["name"] == "kube-shop is reserved for the platform."
    await _edit(tab, name="good-name")
    await tab.until(lambda: "name" not in _errors(tab), "the error goes")
    assert tab.of(NewState)["is_name_free"]


async def test_errors_of_a_field_wait_until_it_is_left(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    await _edit(tab, app="shop", expires_in_days="9000")
    assert "expires_in_days" not in _errors(tab)
    await tab.call(NewState, "leave", field="expires_in_days")
    await tab.until(lambda: "expires_in_days" in _errors(tab), "the error shows")


async def test_what_a_browser_may_not_set_stays(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    before = dict(_draft(tab))
    await tab.call(NewState, "edit", field="chosen", value="x")
    await tab.call(NewState, "edit", field="tier", value="gigantic")
    await tab.call(NewState, "edit", field="name", value=["a", "list"])
    await tab.call(NewState, "edit_grant", index="one", part="name", value="x")
    await _edit(tab, app="probe")
    assert {**before, "app": "probe", "name": _draft(tab)["name"], "chosen": ["app"]} == _draft(tab)


async def test_a_request_is_submitted_once_and_leads_to_its_page(
    pages: Pages, open_tab: OpenTab
) -> None:
    tab, name = await _begun(open_tab), fresh_name("wizard")
    await _edit(tab, app="shop", name=name)
    await tab.call(NewState, "go_to_review")
    await tab.until(lambda: _sent_to(tab) == ["/new?step=review"], "the review opens")
    await tab.call(NewState, "submit")
    await tab.call(NewState, "submit")
    await tab.until(lambda: len(_sent_to(tab)) == 2, "it is accepted")
    request_id = _sent_to(tab)[-1].rsplit("/", 1)[-1]
    accepted = pages.do(lambda portal: tuple(portal.requests._requests.values()))
    mine = [request for request in accepted if str(request.namespace) == name]
    assert [request.request_id for request in mine] == [request_id]
    assert mine[0].requested_by == "frontend-dev"
    assert len(mine[0].correlation_id) >= 8
    await tab.go(f"/requests/{request_id}")
    await tab.until(lambda: tab.of(RequestState).get("title") == f"Create {name}", "it shows")
    assert [step["name"] for step in tab.of(RequestState)["steps"]][-1] == "verify"


async def test_a_silent_cluster_is_told_in_the_review_and_holds_nobody_back(
    open_tab: OpenTab,
) -> None:
    tab = await _begun(open_tab)
    await _edit(tab, app="shop", name=fresh_name("review"))
    await tab.call(NewState, "go_to_review")
    await tab.until(lambda: _sent_to(tab) == ["/new?step=review"], "the review opens")
    await tab.go("/new?step=review")
    await tab.until(lambda: tab.of(NewState)["preview_problem"], "the preview is tried")
    assert "starts when the cluster answers" in tab.of(NewState)["preview_problem"]
    assert tab.of(NewState)["blocked"] == ""
    assert not tab.of(NewState)["is_previewing"]


async def test_a_preview_of_a_broken_draft_holds_the_submit_back(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    await _edit(tab, name="kube-shop")
    await tab.call(NewState, "preview")
    await tab.until(lambda: tab.of(NewState)["blocked"], "it is told")
    assert tab.of(NewState)["blocked"] == "Some fields break a rule: go back to them."


async def test_production_needs_a_reason_and_the_typed_name(
    pages: Pages, open_tab: OpenTab
) -> None:
    tab, name = await _begun(open_tab), fresh_name("prod")
    await _edit(tab, environment="production", app="shop", name=name)
    assert tab.of(NewState)["needs_approval"]
    await tab.call(NewState, "submit")
    await tab.until(lambda: {"justification", "confirm"} <= set(_errors(tab)), "both are asked")
    await _edit(tab, justification="Go-live on the first of December", confirm=name)
    await tab.call(NewState, "submit")
    await tab.until(lambda: "/requests/" in "".join(_sent_to(tab)), "it is accepted")
    found = pages.do(lambda portal: tuple(portal.requests._requests.values()))
    request = next(each for each in found if str(each.namespace) == name)
    assert request.phase is Phase.AWAITING_APPROVAL
    assert request.justification == "Go-live on the first of December"


async def test_a_taken_name_offers_free_ones(open_tab: OpenTab) -> None:
    first, name = await _begun(open_tab), fresh_name("taken")
    await _edit(first, app="shop", name=name)
    await first.call(NewState, "submit")
    await first.until(lambda: "/requests/" in "".join(_sent_to(first)), "it is accepted")
    second = await _begun(open_tab)
    await _edit(second, app="shop", name=name)
    await second.until(lambda: second.of(NewState)["suggestions"], "free names are offered")
    assert second.of(NewState)["suggestions"][0] == f"{name}-2"
    assert "already exists" in _errors(second)["name"]


async def test_start_over_forgets_the_draft(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    await _edit(tab, app="shop", description="words")
    await tab.call(NewState, "start_over")
    await tab.until(lambda: _draft(tab)["app"] == "", "the draft is empty")
    assert _draft(tab)["description"] == ""
    assert _draft(tab)["team"] == "frontend"


async def test_edit_and_resubmit_fills_the_form_from_a_request(
    open_tab: OpenTab,
) -> None:
    tab, name = await _begun(open_tab), fresh_name("again")
    await _edit(tab, app="shop", name=name, tier="medium")
    await tab.call(NewState, "submit")
    await tab.until(lambda: "/requests/" in "".join(_sent_to(tab)), "it is accepted")
    request_id = _sent_to(tab)[-1].rsplit("/", 1)[-1]
    again = await open_tab(f"/new?from=request:{request_id}", "frontend-dev")
    await again.until(lambda: again.of(NewState).get("draft", {}).get("name") == name, "filled")
    assert again.of(NewState)["draft"]["tier"] == "medium"
    other = await open_tab(f"/new?from=request:{request_id}", "payments-dev")
    await other.until(lambda: other.of(NewState).get("is_loaded"), "the wizard loads")
    assert name not in str(other.vars)


async def test_a_template_asks_its_questions_and_the_form_follows(
    pages: Pages, open_tab: OpenTab
) -> None:
    tab = await open_tab("/new?from=template:microservice-api", "frontend-dev")
    await tab.until(lambda: tab.of(NewState).get("parameters"), "the questions show")
    assert tab.of(NewState)["template"] == "Microservice with a database"
    assert (_draft(tab)["environment"], _draft(tab)["tier"]) == ("testing", "medium")
    assert (_draft(tab)["network"], _draft(tab)["egress"]) == ("isolated", "none")
    name = fresh_name("api")
    await _edit(tab, name=name)
    await tab.call(NewState, "go_next")
    await tab.until(lambda: "parameters.database_cidr" in _errors(tab), "an answer is missing")
    assert _sent_to(tab)[-1:] != ["/new?step=size"]
    field = "parameters.database_cidr"
    await tab.call(NewState, "answer", name=field, value="198.51.100.0/28")
    await tab.until(lambda: _draft(tab)["egress"] == "cidrs", "the network follows")
    await tab.call(NewState, "go_to_review")
    await tab.until(lambda: "/new?step=review" in _sent_to(tab), "the review opens")
    await tab.call(NewState, "submit")
    await tab.until(lambda: _sent_to(tab)[-1].startswith("/requests/"), "it leads to the request")
    request_id = _sent_to(tab)[-1].rsplit("/", 1)[-1]
    request = pages.do(lambda portal: portal.requests._requests[request_id])
    assert request.spec.network.cidrs == ("198.51.100.0/28",)
    assert request.spec.labels == {"workload": "api", "database": "postgresql"}


async def test_an_unknown_template_is_an_empty_draft(open_tab: OpenTab) -> None:
    tab = await open_tab("/new?from=template:none-such", "frontend-dev")
    await tab.until(lambda: tab.of(NewState).get("draft", {}).get("owner"), "the draft begins")
    assert (tab.of(NewState)["template"], tab.of(NewState)["parameters"]) == ("", [])
