"""The sections of a namespace's page: their addresses, what each shows, and to whom."""

from datetime import UTC, datetime, timedelta

import pytest

from nsaas_app.domain.access import AccessGrant, AccessRole, SubjectKind
from nsaas_app.domain.namespaces import Intent
from nsaas_app.ui.namespace.acting import Acting
from nsaas_app.ui.namespace.state import NamespacePage
from nsaas_app.ui.namespace.tabs import TABS, tab_address, tab_links, tab_of
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.namespace.stored import stored
from tests.ui.tabs import Pages, Tab


def test_each_section_has_an_address_and_the_first_one_the_plain_one() -> None:
    links = tab_links("shop", "quota", {"events": 2})
    assert [link.key for link in links] == list(TABS)
    assert links[0].href == "/namespaces/shop"
    assert links[1].href == "/namespaces/shop?tab=quota"
    assert [link.key for link in links if link.is_open] == ["quota"]
    assert {link.key: link.count for link in links if link.count} == {"events": "2"}
    assert tab_address("shop", "yaml", object="A/b", side="") == (
        "/namespaces/shop?tab=yaml&object=A%2Fb"
    )


@pytest.mark.parametrize("wanted", ["", "nothing", "overview"])
def test_an_address_that_names_no_section_opens_the_first(wanted: str) -> None:
    assert tab_of({"tab": wanted}) == "overview"


async def opened(open_tab: OpenTab, path: str, who: str = "frontend-dev") -> Tab:
    tab = await open_tab(path, who)
    await tab.until(lambda: tab.of(NamespacePage).get("is_loaded"), "the page loads")
    return tab


@pytest.mark.parametrize("section", list(TABS))
async def test_every_section_shows_without_a_cluster(
    pages: Pages, open_tab: OpenTab, section: str
) -> None:
    name = fresh_name("section")
    stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab={section}")
    page = tab.of(NamespacePage)
    assert page["problem"]["code"] == ""
    assert (page["tab"], page["shown_tab"]) == (section, section)


async def test_going_on_to_another_section_keeps_the_page(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("section")
    stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}")
    await tab.go(f"/namespaces/{name}?tab=yaml")
    await tab.until(lambda: tab.of(NamespacePage)["shown_tab"] == "yaml", "the section opens")
    page = tab.of(NamespacePage)
    assert page["is_loaded"]
    kinds = [link["kind"] for link in page["objects"]]
    assert kinds[:3] == ["Namespace", "ResourceQuota", "LimitRange"]
    assert page["object_yaml"].startswith("apiVersion: v1\nkind: Namespace\n")


async def test_an_object_is_opened_by_its_address_on_either_side(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("yaml")
    stored(pages, name)
    path = f"/namespaces/{name}?tab=yaml&object=ResourceQuota/nsaas-quota&side=observed"
    page = (await opened(open_tab, path)).of(NamespacePage)
    assert (page["object_name"], page["side"]) == ("ResourceQuota/nsaas-quota", "observed")
    # No cluster shows it, and nothing is invented in its place.
    assert page["object_yaml"] == ""


async def test_access_that_is_over_stays_in_sight_until_somebody_takes_it_out(
    pages: Pages, open_tab: OpenTab
) -> None:
    name, hour = fresh_name("over"), timedelta(hours=1)
    over = AccessGrant(SubjectKind.USER, "kim", AccessRole.VIEWER, datetime.now(UTC) - hour)
    lead = AccessGrant(SubjectKind.GROUP, "frontend-leads", AccessRole.LEAD)
    stored(pages, name, access=(lead, over))
    tab = await opened(open_tab, f"/namespaces/{name}?tab=access")
    (line,) = tab.of(NamespacePage)["grants"]
    assert (line["grant"], line["binding"], line["is_ours"]) == ("User/kim/viewer", "", True)
    await tab.call(Acting, "begin_revoke", grant=line["grant"])
    await tab.until(lambda: tab.of(Acting).get("action") == "revoke", "the dialog opens")
    await tab.call(Acting, "submit_change")
    await tab.until(lambda: tab.told("_redirect"), "it leads to the request")


async def test_access_without_a_cluster_says_that_nobody_can_be_asked(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("access")
    stored(pages, name)
    page = (await opened(open_tab, f"/namespaces/{name}?tab=access")).of(NamespacePage)
    assert page["access_problem"]["message"].startswith("No cluster is configured")
    assert page["proofs"] == []


async def test_the_audit_log_is_for_leads(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("activity")
    stored(pages, name)
    path = f"/namespaces/{name}?tab=activity"
    assert not (await opened(open_tab, path)).of(NamespacePage)["reads_audit"]
    assert (await opened(open_tab, path, "frontend-lead")).of(NamespacePage)["reads_audit"]


async def test_another_teams_section_is_not_there(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("theirs")
    stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=yaml", "payments-lead")
    page = tab.of(NamespacePage)
    assert page["problem"]["code"] == "NOT_FOUND"
    assert page["objects"] == []
    await tab.call(NamespacePage, "prove_again")
    await tab.until(lambda: page["access_problem"]["code"] == "NOT_FOUND", "it is refused")


async def test_details_are_edited_by_a_request(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("details")
    stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=settings")
    await tab.call(Acting, "begin_describe")
    await tab.until(lambda: tab.of(Acting).get("is_same"), "it is as asked")
    assert tab.of(Acting)["form"]["owner"] == "frontend-dev"
    await tab.call(Acting, "edit", field="display_name", value="The shop")
    await tab.until(lambda: not tab.of(Acting)["is_same"], "it differs")
    await tab.call(Acting, "submit_change")
    await tab.until(lambda: tab.told("_redirect"), "it leads to the request")
    request_id = tab.told("_redirect")[-1]["path"].rsplit("/", 1)[-1]
    request = pages.do(lambda portal: portal.requests._requests[request_id])
    assert request.spec.display_name == "The shop"


async def test_a_released_ones_objects_are_without_access(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("gone")
    stored(pages, name, intent=Intent.RELEASED)
    page = (await opened(open_tab, f"/namespaces/{name}?tab=yaml")).of(NamespacePage)
    assert "RoleBinding" not in {link["kind"] for link in page["objects"]}
