"""The wizard over the real WebSocket: every rule tells itself at its field."""

from functools import partial
from typing import Any
from urllib.parse import unquote

from nsaas_app.domain.actors import AuthMethod
from nsaas_app.domain.requests import Phase
from nsaas_app.identity.roles import Identity
from nsaas_app.ui.new.state import NewState
from nsaas_app.ui.request.state import RequestState
from nsaas_app.ui.requests.state import RequestsState
from nsaas_app.ui.shell.state import Shell
from tests.support.actors import actor
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Pages, Tab


async def _begun(open_tab: OpenTab, identity: str | Identity = "frontend-dev") -> Tab:
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
    """Where it was sent; the address of the same step with the draft's key is none of it."""
    return [one["path"] for one in tab.told("_redirect") if not one["replace"]]


def _is_told(tab: Tab, said: str) -> bool:
    return said in tab.of(NewState)["paste_error"]


def _is_described(tab: Tab, words: str) -> bool:
    return bool(tab.of(NewState).get("draft", {}).get("description") == words)


def _at_review(tab: Tab) -> bool:
    return any(path.startswith("/new?step=review") for path in _sent_to(tab))


async def test_a_team_of_ones_own_is_chosen_already(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    assert _draft(tab)["team"] == "frontend"
    assert tab.of(NewState)["teams"] == ["frontend"]
    assert _draft(tab)["owner"] == "frontend-dev"
    assert tab.of(NewState)["budget"][0]["key"] == "namespaces"


async def test_a_schedule_is_read_in_the_zone_that_its_person_prefers(
    pages: Pages, open_tab: OpenTab
) -> None:
    mine, lead = pages.portal.preferences, actor("payments-lead")
    usual = pages.portal.settings.default_sleep_timezone
    assert _draft(await _begun(open_tab, "payments-lead"))["sleep_timezone"] == usual
    pages.run(mine.change("time_zone", "America/New_York", actor=lead))
    try:
        draft = _draft(await _begun(open_tab, "payments-lead"))
        assert draft["sleep_timezone"] == "America/New_York"
        assert draft["sleep_windows"]
    finally:
        pages.run(mine.change("time_zone", "", actor=lead))


async def test_an_admin_chooses_among_all_teams(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab, "admin")
    assert tab.of(NewState)["teams"] == ["frontend", "payments"]
    assert _draft(tab)["team"] == ""


async def test_only_teams_that_one_may_ask_for_are_offered(open_tab: OpenTab) -> None:
    both = ("frontend-viewers", "payments-devs")
    guest = Identity("guest", "Greta Guest", both, AuthMethod.OIDC)
    tab = await _begun(open_tab, guest)
    assert tab.of(NewState)["teams"] == ["payments"]
    assert _draft(tab)["team"] == "payments"


async def test_another_step_has_the_focus_once_it_is_open(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    assert _focused(tab) == []
    await _edit(tab, app="shop", name=fresh_name("focus"))
    await tab.call(NewState, "go_next")
    await tab.until(lambda: _sent_to(tab), "the step is passed")
    await tab.go(_sent_to(tab)[-1])
    await tab.until(lambda: _focused(tab) == ["wizard_panel"], "the step has the focus")


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


async def test_a_reason_given_early_holds_nobody_back_and_is_kept(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    await _edit(tab, app="shop", name=fresh_name("reason"), environment="production")
    await _edit(tab, justification="Too short")
    await tab.call(NewState, "leave", field="justification")
    await tab.until(lambda: "justification" in _errors(tab), "it is told where it stands")
    await tab.call(NewState, "go_to_review")
    await tab.until(lambda: _at_review(tab), "the review opens all the same")
    assert _draft(tab)["justification"] == "Too short"


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
    await tab.until(lambda: _at_review(tab), "the review opens")
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
    await tab.until(lambda: _at_review(tab), "the review opens")
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


async def test_an_application_keeps_to_the_rule_of_names(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    await _edit(tab, app="Shop Front")
    await tab.call(NewState, "leave", field="app")
    await tab.until(lambda: "app" in _errors(tab), "it is told where it was typed")
    assert _errors(tab)["app"].startswith("Application has 'S' at position 1")
    await _edit(tab, app="a" * 31)
    await tab.until(lambda: "31 characters" in _errors(tab)["app"], "it is too long")
    await _edit(tab, app="shop")
    await tab.until(lambda: "app" not in _errors(tab), "the error goes")


async def test_after_a_new_sign_in_the_same_address_has_the_draft(
    pages: Pages, open_tab: OpenTab
) -> None:
    tab, name = await _begun(open_tab), fresh_name("signed")
    await _edit(tab, app="shop", name=name)
    await tab.until(lambda: tab.told("_redirect"), "the address gets the draft's key")
    told = tab.told("_redirect")[0]
    assert told["replace"]
    assert told["path"].startswith("/new?draft=")
    await tab.go(told["path"])
    pages.sign_out(tab.cookie)
    await tab.until(lambda: tab.of(Shell).get("is_signed_out"), "the session ended")
    assert _draft(tab)["name"] == ""

    again = await open_tab(unquote(tab.of(Shell)["return_to"]), "frontend-dev", token=tab.token)
    await again.until(lambda: again.of(NewState).get("draft", {}).get("name") == name, "it is back")


async def test_two_tabs_with_one_draft_lose_nothing(open_tab: OpenTab) -> None:
    first, name = await _begun(open_tab), fresh_name("both")
    await _edit(first, app="shop", name=name)
    await first.until(lambda: first.told("_redirect"), "it is kept")
    address = first.told("_redirect")[0]["path"]
    second = await open_tab(address, "frontend-dev")
    await second.until(lambda: second.of(NewState).get("draft", {}).get("name") == name, "it opens")
    await _edit(second, description="From the second tab")
    assert not second.of(NewState)["is_apart"]
    await _edit(first, description="From the first tab")
    await first.until(lambda: first.of(NewState)["is_apart"], "the other tab was first")
    apart = first.told("_redirect")[-1]["path"]
    assert apart != address
    for path, words in ((address, "From the second tab"), (apart, "From the first tab")):
        found = await open_tab(path, "frontend-dev")
        await found.until(partial(_is_described, found, words), "it is back")


async def test_what_is_taken_or_booked_meanwhile_is_told_where_somebody_waits(
    pages: Pages, open_tab: OpenTab
) -> None:
    waiting, name = await _begun(open_tab), fresh_name("meanwhile")
    await _edit(waiting, app="shop", name=name)
    await waiting.call(NewState, "go_to_review")
    await waiting.until(lambda: _at_review(waiting), "the review opens")
    await waiting.go(_sent_to(waiting)[-1])
    await waiting.until(lambda: waiting.of(NewState)["step"] == "review", "it is open")
    booked = waiting.of(NewState)["budget"][0]["text"]

    quicker = await _begun(open_tab)
    await _edit(quicker, app="shop", name=name)
    await quicker.call(NewState, "submit")
    await waiting.until(lambda: waiting.of(NewState)["is_refused"], "the name is gone")
    assert [line["field"] for line in waiting.of(NewState)["error_lines"]] == ["name"]
    assert "already exists" in waiting.of(NewState)["announcement"]
    assert waiting.of(NewState)["budget"][0]["text"] != booked


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
    await tab.until(lambda: _at_review(tab), "the review opens")
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
    await tab.until(lambda: "is not there" in "".join(tab.toasts), "and it is said")
    await tab.go("/new?draft=none-such")
    await tab.until(lambda: "not kept any more" in "".join(tab.toasts), "of a draft as well")


async def test_a_draft_outlives_its_tab_and_is_offered_in_the_next(open_tab: OpenTab) -> None:
    tab, name = await _begun(open_tab), fresh_name("left")
    await _edit(tab, app="shop", name=name, labels="tier=web")
    await tab.call(NewState, "go_to_review")
    await tab.until(lambda: _at_review(tab), "the review opens")
    left = _sent_to(tab)[-1]

    other = await open_tab(left, "frontend-dev")
    await other.until(lambda: other.of(NewState).get("draft", {}).get("name") == name, "it is back")
    assert other.of(NewState)["step"] == "review"
    assert _draft(other)["labels"] == "tier=web"
    third = await _begun(open_tab)
    assert _draft(third)["name"] == ""
    await third.until(
        lambda: name in [each["title"] for each in third.of(NewState)["drafts"]], "it is offered"
    )
    stranger = await open_tab(left, "payments-dev")
    await stranger.until(lambda: stranger.of(NewState).get("is_loaded"), "the wizard loads")
    assert name not in str(stranger.vars)

    await other.call(NewState, "submit")
    await other.until(lambda: "/requests/" in "".join(_sent_to(other)), "it is accepted")
    fourth = await _begun(open_tab)
    assert name not in [each["title"] for each in fourth.of(NewState)["drafts"]]


async def test_a_set_is_checked_as_a_whole_and_handed_in_as_one(
    pages: Pages, open_tab: OpenTab
) -> None:
    tab, base = await _begun(open_tab), fresh_name("set")
    await _edit(tab, name=base)
    await tab.call(NewState, "toggle_also", environment="testing")
    await tab.call(NewState, "go_next")
    await tab.until(lambda: "name" in _errors(tab), "the name must end like its environment")
    assert "ends with -dev" in _errors(tab)["name"]
    await _edit(tab, name=f"{base}-dev", cost_center="")
    await tab.call(NewState, "toggle_also", environment="staging")
    await tab.until(lambda: "also" in _errors(tab), "staging lacks its cost centre")
    assert _errors(tab)["also"].startswith("Staging: A cost centre is required")
    await _edit(tab, cost_center="web-17")
    names = [f"{base}-{ending}" for ending in ("dev", "test", "stg")]
    await tab.until(
        lambda: [one["name"] for one in tab.of(NewState)["members"]] == names, "all are whole"
    )
    assert tab.of(NewState)["budget"][0]["share_added"] > 0
    await tab.call(NewState, "submit")
    await tab.until(lambda: "/requests?set=" in "".join(_sent_to(tab)), "it is accepted")
    found = pages.do(lambda portal: tuple(portal.requests._requests.values()))
    mine = {str(each.namespace): each for each in found if str(each.namespace) in names}
    assert list(mine) == names
    assert len({each.correlation_id for each in mine.values()}) == 1
    assert [each.spec.environment.value for each in mine.values()] == [
        "development", "testing", "staging",
    ]  # fmt: skip

    listed = await open_tab(_sent_to(tab)[-1], "frontend-dev")
    await listed.until(lambda: listed.of(RequestsState).get("total") == 3, "its requests show")
    assert {line["namespace"] for line in listed.rows(RequestsState)} == set(names)


async def test_a_pasted_document_fills_in_the_form(open_tab: OpenTab) -> None:
    tab, name = await _begun(open_tab), fresh_name("pasted")
    for text, said in {
        "a: [": "It is no YAML",
        "kind: Deployment": "no NamespaceRequest",
        "name: x\ntier: gigantic": "Line 2: tier: 'gigantic' is none of",
        "spec:\n  network:\n    colour: red\nkind: NamespaceRequest": (
            "Line 3: network.colour: There is no such field."
        ),
        "name: x\naccess: [\n{},\n{rank: 1}]": "Line 4: access[1].rank: There is no such",
        "expires_in_days: soon": "Line 1: expires_in_days: Must be a whole number.",
        "name: x\ncluster: moon": "Line 2: cluster: This portal asks cluster",
    }.items():
        await tab.call(NewState, "paste", text=text)
        await tab.call(NewState, "read_pasted")
        await tab.until(partial(_is_told, tab, said), f"{said} is told")
    document = f"""
kind: NamespaceRequest
metadata: {{name: {name}}}
spec:
  environment: testing
  tier: micro
  network: {{preset: isolated}}
  labels: {{app: shop, platform.io/x: mine}}
"""
    await tab.call(NewState, "paste", text=document)
    await tab.call(NewState, "read_pasted")
    await tab.until(lambda: _draft(tab)["name"] == name, "it is filled in")
    wanted = {"environment": "testing", "tier": "micro", "network": "isolated", "team": "frontend"}
    assert wanted.items() <= _draft(tab).items()
    assert (_draft(tab)["labels"], tab.of(NewState)["pasted"]) == (
        "app=shop\nplatform.io/x=mine",
        "",
    )
    await tab.until(lambda: tab.of(NewState)["is_refused"], "what it breaks is summed up")
    assert [line["field"] for line in tab.of(NewState)["error_lines"]] == ["labels"]


async def test_every_feature_is_shown_with_why_it_cannot_be_had_and_none_is_dropped(
    open_tab: OpenTab,
) -> None:
    tab, name = await _begun(open_tab), fresh_name("feature")
    features = {one["id"]: one for one in tab.of(NewState)["features"]}
    assert "GitRepository" in features["gitops"]["creates"]
    assert all("does not set it up yet" in one["reason"] for one in features.values())
    document = f"name: {name}\nfeatures: [backup-enabled, {{id: teleport}}]"
    await tab.call(NewState, "paste", text=document)
    await tab.call(NewState, "read_pasted")
    await tab.until(lambda: _draft(tab)["features"], "the document's features are kept")
    await tab.call(NewState, "go_to_review")
    await tab.until(lambda: "features" in _errors(tab), "they are refused, not dropped")
    assert "Feature backup is not available." in _errors(tab)["features"]
    assert "There is no feature 'teleport'." in _errors(tab)["features"]
    for feature in ("backup-enabled", "teleport"):
        await tab.call(NewState, "drop_feature", feature=feature)
    await tab.until(lambda: "features" not in _errors(tab), "without them it goes on")


async def test_only_admins_begin_an_adoption(open_tab: OpenTab) -> None:
    admin = await open_tab("/new?from=adopt:legacy-shop-stg", "admin")
    await admin.until(lambda: admin.of(NewState).get("draft", {}).get("adopts"), "it begins")
    await admin.until(lambda: admin.of(NewState)["may_adopt"], "an admin may")
    assert (_draft(admin)["name"], _draft(admin)["environment"]) == ("legacy-shop-stg", "staging")
    await admin.call(NewState, "edit", field="name", value="another")
    await admin.call(NewState, "edit", field="team", value="frontend")
    await admin.until(lambda: _draft(admin)["team"] == "frontend", "the team is chosen")
    assert _draft(admin)["name"] == "legacy-shop-stg"
    developer = await open_tab("/new?from=adopt:legacy-shop-stg", "frontend-dev")
    await developer.until(lambda: developer.of(NewState).get("is_loaded"), "the wizard loads")
    assert _draft(developer)["adopts"] == ""


async def test_what_keeps_somebody_from_going_on_is_summed_up_and_leads_to_its_field(
    open_tab: OpenTab,
) -> None:
    tab = await _begun(open_tab)
    await _edit(tab, app="shop", name=fresh_name("sum"), annotations="kubernetes.io/x=1")
    await tab.call(NewState, "go_next")
    await tab.until(lambda: _sent_to(tab), "the first step is passed")
    assert not tab.of(NewState)["is_refused"]
    await tab.call(NewState, "go_to_review")
    await tab.until(lambda: tab.of(NewState)["is_refused"], "it is refused")
    lines = tab.of(NewState)["error_lines"]
    assert [(line["field"], line["step"]) for line in lines] == [("annotations", "access")]
    await tab.until(lambda: len(_sent_to(tab)) == 2, "the step with the error opens")
    assert _sent_to(tab)[-1].startswith("/new?step=access")
    await tab.go("/new?step=access")
    await tab.until(lambda: _focused(tab) == ["field_annotations"], "the field has the focus")
    await tab.call(NewState, "go_to_field", field="annotations")
    await tab.until(lambda: len(_focused(tab)) == 2, "and again from the summary")
    await tab.call(NewState, "go_to_field", field="nothing")
    await _edit(tab, annotations="example.com/x=1")
    await tab.until(lambda: not tab.of(NewState)["error_lines"], "the summary empties")


async def test_other_numbers_are_priced_need_a_lead_and_are_taken_back(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    await _edit(tab, app="shop", name=fresh_name("more"))
    before = tab.of(NewState)["price"]
    await tab.call(NewState, "set_overriding", is_wanted=True)
    await _edit(tab, over_request_cpu="2")
    await tab.until(lambda: tab.of(NewState)["needs_approval"], "a lead must agree")
    assert tab.of(NewState)["override_hints"]["over_request_cpu"] == "1"
    assert tab.of(NewState)["price"] != before
    await _edit(tab, over_request_cpu="3")
    await tab.call(NewState, "leave", field="over_request_cpu")
    await tab.until(lambda: "over_request_cpu" in _errors(tab), "3 is more than the limit of 2")
    assert tab.of(NewState)["price"] == before
    await tab.call(NewState, "set_overriding", is_wanted=False)
    await tab.until(lambda: not tab.of(NewState)["is_overriding"], "they are taken back")
    assert _draft(tab)["over_request_cpu"] == ""
    assert not tab.of(NewState)["needs_approval"]


async def test_a_namespace_that_is_not_there_is_no_beginning(open_tab: OpenTab) -> None:
    tab = await _begun(open_tab)
    await tab.call(NewState, "clone", form={"name": "nothing-here"})
    await tab.until(lambda: tab.of(NewState)["clone_error"], "it is told at the field")
    await tab.call(NewState, "lasts", days="7")
    await tab.until(lambda: _draft(tab)["expires_in_days"] == "7", "events go on")
    assert _sent_to(tab) == []


def _focused(tab: Tab) -> list[str]:
    return [payload["ref"].removeprefix("ref_") for payload in tab.told("_set_focus")]
