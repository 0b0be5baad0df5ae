"""Several namespaces at once: what fits which, and one request for each."""

from dataclasses import replace
from typing import Any

from nsaas_app.directory.rows import QuotaUse
from nsaas_app.domain.environments import Environment
from nsaas_app.domain.namespaces import Intent, NamespaceState
from nsaas_app.domain.requests import ProvisioningRequest, RequestKind
from nsaas_app.domain.sleep import Asleep, SleepCause
from nsaas_app.domain.tiers import Tier
from nsaas_app.ui.namespace_views import NamespaceLine
from nsaas_app.ui.namespaces.bulk import Bulk
from nsaas_app.ui.namespaces.offers import heading_of, impact_facts, offers_of, phrase_of, why_not
from nsaas_app.ui.namespaces.state import NamespacesState
from tests.support.actors import actor
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.examples import NOW, row
from tests.ui.namespace.stored import stored
from tests.ui.tabs import Pages, Tab


def test_an_offer_that_fits_only_some_says_why_not_the_others() -> None:
    production = replace(row("shop-prod"), environment=Environment.PRODUCTION)
    rows, lead = [row("a"), row("b"), production], actor("frontend-lead")
    renew, sleep, release = offers_of(rows, lead)
    assert (renew.label, release.label) == ("Renew 2 of 3", "Release 2 of 3")
    assert why_not([renew, sleep, release], rows, lead) == [
        "shop-prod left out of renew: It has no end to put off.",
        "shop-prod left out of sleep: Production never sleeps.",
        "shop-prod left out of release: Production is released on its own page, by its typed name.",
    ]
    assert renew.is_open


def test_what_sleeps_is_offered_to_be_woken() -> None:
    asleep = replace(row("b"), asleep=Asleep(NOW, SleepCause.PERSON))
    offers = offers_of([row("a"), asleep], actor("frontend-dev"))
    assert [offer.label for offer in offers] == [
        "Renew", "Sleep 1 of 2", "Wake 1 of 2", "Release",
    ]  # fmt: skip
    assert [offer.key for offer in offers_of([asleep], actor("frontend-dev"))] == [
        "renew", "wake", "release",
    ]  # fmt: skip


def test_who_may_only_read_is_offered_nothing_to_use() -> None:
    rows, viewer = [row("a"), row("b")], actor("frontend-viewer")
    offers = offers_of(rows, viewer)
    assert not any(offer.is_open for offer in offers)
    # Once, not once an action.
    words = "a, b left out of renew, sleep, release: Your role in team frontend reads only."
    assert why_not(offers, rows, viewer) == [words]


def test_what_waits_for_approval_is_not_said_to_be_created() -> None:
    asked = row("a", state=NamespaceState.PROVISIONING)
    rows, dev = [asked], actor("frontend-dev")
    reasons = why_not(offers_of(rows, dev, {"a"}), rows, dev, {"a"})
    assert reasons == ["a left out of renew, sleep, release: Its request waits for approval."]
    line = NamespaceLine.from_row(asked, is_awaiting=True)
    assert (line.word, line.tone, line.state) == ("Awaiting approval", "waiting", "provisioning")
    assert NamespaceLine.from_row(asked).word == "Provisioning"


def test_the_dialog_says_what_it_is_about() -> None:
    assert heading_of("renew", ["a"], []) == "Renew a"
    assert heading_of("release", ["a", "b"], ["a", "b"]) == "Release 2 namespaces"
    assert heading_of("release", ["a", "b", "c"], ["a"]) == "Release 1 of 3 namespaces"
    assert phrase_of("release", ["a", "b"]) == "release 2 namespaces"
    assert phrase_of("release", ["a"]) == "a"
    assert phrase_of("release", []) == phrase_of("renew", ["a", "b"]) == ""


def test_the_impact_is_that_of_all_together() -> None:
    rows = [
        replace(row(name, quota={"pods": QuotaUse(n, "9")})) for name, n in (("a", "2"), ("b", "3"))
    ]
    facts = {fact.key: fact.value for fact in impact_facts(rows)}
    assert (facts["pods"], facts["services"]) == ("5", "0")


async def opened(open_tab: OpenTab, who: str = "frontend-dev") -> Tab:
    tab = await open_tab("/namespaces", who)
    await tab.until(lambda: tab.of(NamespacesState).get("is_loaded"), "the list loads")
    return tab


async def select(tab: Tab, *names: str) -> None:
    for name in names:
        await tab.call(Bulk, "toggle", name=name)
    await tab.until(
        lambda: set(names) <= set(tab.of(NamespacesState)["selected"]), f"{names} are selected"
    )


def _bulk(tab: Tab) -> dict[str, Any]:
    return tab.of(Bulk)


def _requests(pages: Pages, *names: str) -> list[ProvisioningRequest]:
    return pages.do(
        lambda portal: [r for r in portal.requests._requests.values() if str(r.namespace) in names]
    )


async def test_two_are_released_by_one_request_each(pages: Pages, open_tab: OpenTab) -> None:
    names = [fresh_name("bulk"), fresh_name("bulk")]
    for name in names:
        stored(pages, name)
    tab = await opened(open_tab)
    await select(tab, *names)
    await tab.call(Bulk, "begin", action="release")
    await tab.until(lambda: _bulk(tab)["action"] == "release", "the dialog opens")
    assert sorted(_bulk(tab)["targets"]) == sorted(names)

    await tab.call(Bulk, "submit")
    await tab.until(lambda: "confirm" in _bulk(tab)["errors"], "the words are asked for")
    assert _requests(pages, *names) == []
    await tab.call(Bulk, "edit", field="confirm", value=_bulk(tab)["phrase"])
    await tab.call(Bulk, "submit")
    await tab.call(Bulk, "submit")
    await tab.until(lambda: len(_bulk(tab)["outcomes"]) == 2, "both are answered")

    assert all(outcome["is_accepted"] for outcome in _bulk(tab)["outcomes"])
    asked = _requests(pages, *names)
    assert sorted(str(request.namespace) for request in asked) == sorted(names)
    assert {request.kind for request in asked} == {RequestKind.RELEASE}


async def test_one_that_is_refused_does_not_stop_the_others(
    pages: Pages, open_tab: OpenTab
) -> None:
    there, alone = fresh_name("renew"), fresh_name("renew")
    stored(pages, there)
    stored(pages, alone, environment=Environment.TESTING)
    tab = await opened(open_tab)
    await select(tab, alone, there)
    await tab.call(Bulk, "begin", action="renew")
    await tab.until(lambda: _bulk(tab)["form"].get("days") == "14", "the usual days stand there")
    await tab.call(Bulk, "edit", field="days", value="60")
    await tab.call(Bulk, "submit")
    await tab.until(lambda: len(_bulk(tab)["outcomes"]) == 2, "both are answered")
    taken = {outcome["name"]: outcome["is_accepted"] for outcome in _bulk(tab)["outcomes"]}
    assert taken == {there: True, alone: False}
    assert [str(request.namespace) for request in _requests(pages, there, alone)] == [there]


async def test_days_that_are_no_number_are_told_at_their_field(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("renew")
    stored(pages, name)
    tab = await opened(open_tab)
    await tab.call(Bulk, "begin_one", action="renew", name=name)
    await tab.until(lambda: _bulk(tab).get("heading") == f"Renew {name}", "the dialog opens")
    await tab.call(Bulk, "edit", field="days", value="soon")
    await tab.call(Bulk, "submit")
    await tab.until(lambda: "days" in _bulk(tab)["errors"], "the rule shows")


async def test_production_is_left_out_and_another_teams_is_not_there(
    pages: Pages, open_tab: OpenTab
) -> None:
    production, theirs = fresh_name("prod"), fresh_name("theirs")
    stored(pages, production, environment=Environment.PRODUCTION, tier=Tier.MEDIUM)
    stored(pages, theirs)
    lead = await opened(open_tab, "frontend-lead")
    await lead.call(Bulk, "begin_one", action="release", name=production)
    await lead.until(lambda: _bulk(lead).get("left_out"), "it is left out")
    assert _bulk(lead)["targets"] == []
    await lead.call(Bulk, "submit")

    stranger = await opened(open_tab, "payments-lead")
    await stranger.call(Bulk, "begin_one", action="release", name=theirs)
    await stranger.call(Bulk, "submit")
    await stranger.until(lambda: _bulk(stranger).get("action") == "release", "the dialog opens")
    assert _bulk(stranger)["targets"] == _bulk(stranger)["left_out"] == []
    assert _requests(pages, production, theirs) == []


async def test_who_may_not_is_told_why_and_the_dialog_ends_with_the_visit(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("mine")
    stored(pages, name)
    viewer = await opened(open_tab, "frontend-viewer")
    await viewer.call(Bulk, "begin_one", action="renew", name=name)
    await viewer.until(lambda: _bulk(viewer).get("left_out"), "the dialog says why not")
    reasons = [line["reason"] for line in _bulk(viewer)["left_out"]]
    assert reasons == ["Your role in team frontend reads only."]
    assert _bulk(viewer)["targets"] == []
    await viewer.until(lambda: viewer.of(NamespacesState).get("asked"), "it is open")
    await viewer.go("/teams")
    await viewer.go("/namespaces")
    await viewer.until(lambda: not viewer.of(NamespacesState)["asked"], "it is not any more")


async def test_a_selection_is_of_what_is_there(pages: Pages, open_tab: OpenTab) -> None:
    names = [fresh_name("all") for _ in range(3)]
    for name in names:
        stored(pages, name)
    stored(pages, fresh_name("all"), intent=Intent.RELEASED)
    tab = await opened(open_tab)
    await select(tab, names[0])
    await tab.call(Bulk, "toggle", name="nothing-of-the-kind")
    await tab.call(Bulk, "toggle_all", names=names)
    await tab.until(
        lambda: set(tab.of(NamespacesState)["selected"]) == set(names), "all three are selected"
    )
    await tab.call(Bulk, "toggle_all", names=names)
    await tab.until(lambda: tab.of(NamespacesState)["selected"] == [], "none is")
