"""What is done on the sections: access, protection, questions, copies; and what stays when gone."""

from dataclasses import replace
from typing import Any

from nsaas_app import runtime
from nsaas_app.domain.namespaces import Intent, ManagedNamespace
from nsaas_app.domain.requests import ProvisioningRequest
from nsaas_app.ui.namespace.acting import Acting
from nsaas_app.ui.namespace.state import NamespacePage
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.namespace.stored import stored
from tests.ui.tabs import Pages, Tab


async def opened(open_tab: OpenTab, path: str, who: str = "frontend-dev") -> Tab:
    tab = await open_tab(path, who)
    await tab.until(lambda: tab.of(NamespacePage).get("is_loaded"), "the page loads")
    return tab


async def typed(tab: Tab, **fields: str) -> None:
    for field, value in fields.items():
        await tab.call(Acting, "edit", field=field, value=value)
    await tab.until(lambda: fields.items() <= tab.of(Acting)["form"].items(), f"{fields} arrive")


async def asked(tab: Tab, pages: Pages) -> ProvisioningRequest:
    await tab.call(Acting, "submit_change")

    def sent() -> list[str]:
        paths = [payload["path"] for payload in tab.told("_redirect")]
        return [path for path in paths if path.startswith("/requests/")]

    await tab.until(sent, "it leads to the request")
    request_id = sent()[-1].rsplit("/", 1)[-1]
    return pages.do(lambda portal: portal.requests._requests[request_id])


async def test_somebody_is_let_in_by_a_request(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("grant")
    record = stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=access")
    await tab.call(Acting, "begin_grant")
    await tab.until(lambda: tab.of(Acting).get("action") == "grant", "the dialog opens")
    await typed(tab, grant_kind="User", grant_name="system:admin", grant_days="7")
    await tab.until(lambda: "grant_name" in tab.of(Acting)["errors"], "the rule shows")
    await typed(tab, grant_name="kim")
    await tab.until(lambda: tab.of(Acting)["approval"], "it is told what it means")

    request = await asked(tab, pages)

    before, after = record.spec.access, request.spec.access
    assert set(before) < set(after)
    (added,) = set(after) - set(before)
    assert (added.name, added.role.value) == ("kim", "viewer")
    assert added.expires_at is not None


async def test_a_role_is_taken_away_by_a_request(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("revoke")
    record = stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=access")
    gone = next(grant for grant in record.spec.access if grant.role.value == "viewer")
    key = f"{gone.kind.value}/{gone.name}/{gone.role.value}"
    await tab.call(Acting, "begin_revoke", grant=key)
    await tab.until(lambda: tab.of(Acting).get("approval"), "it is told what it means")
    request = await asked(tab, pages)
    assert set(record.spec.access) - set(request.spec.access) == {gone}


async def test_labels_are_changed_by_a_request(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("labels")
    stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=settings")
    await tab.call(Acting, "begin_labels")
    await tab.until(lambda: tab.of(Acting).get("is_same"), "it is as asked")
    await typed(tab, labels="platform.io/team=mine")
    await tab.until(lambda: "labels" in tab.of(Acting)["errors"], "ours are nobody's to write")
    await typed(tab, labels="app=shop")
    await tab.until(lambda: tab.of(Acting)["approval"], "it is told what it means")
    request = await asked(tab, pages)
    assert request.spec.labels == {"app": "shop"}


async def test_a_lead_protects_and_the_page_closes_the_release(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("protect")
    stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=settings", "frontend-lead")

    def actions() -> dict[str, Any]:
        found: dict[str, Any] = tab.of(NamespacePage)["actions"]
        return found

    assert actions()["protect"] == ""
    await tab.call(Acting, "protect", is_wanted=True)
    await tab.until(lambda: actions()["is_protected"], "it is protected")
    assert actions()["release"] == "It is protected."
    await tab.call(Acting, "protect", is_wanted=False)
    await tab.until(lambda: not actions()["is_protected"], "it is not any more")
    assert actions()["release"] == ""


async def test_hours_are_chosen_in_the_week(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("week")
    stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=settings")
    await tab.call(Acting, "begin_schedule")
    await tab.until(lambda: tab.of(Acting).get("action") == "schedule", "the dialog opens")
    await tab.call(Acting, "turn_hour", day=0, hour=20)
    await tab.call(Acting, "turn_hour", day=0, hour=21)
    await tab.until(
        lambda: tab.of(Acting)["form"]["windows"] == "Mon 20:00-22:00", "the line is written"
    )
    monday = tab.of(Acting)["week"][0]
    assert [cell["hour"] for cell in monday["cells"] if cell["is_asleep"]] == [20, 21]
    request = await asked(tab, pages)
    assert request.spec.sleep is not None
    assert request.spec.sleep.texts == ("Mon 20:00-22:00",)


async def test_a_question_about_the_network_stands_in_the_address(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("reach")
    stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=network")
    form = {"from": "this namespace", "to": "198.51.100.7", "port": "443", "protocol": "TCP"}
    await tab.call(NamespacePage, "check_network", form=form)
    await tab.until(lambda: tab.told("_redirect"), "it leads to the answer")
    path = tab.told("_redirect")[-1]["path"]
    await tab.go(path)
    await tab.until(lambda: tab.of(NamespacePage)["checked"]["key"], "it is answered")
    # Without a cluster nobody knows; nothing is made up.
    assert tab.of(NamespacePage)["checked"]["raw"] == "unknown"
    await tab.go(f"/namespaces/{name}?tab=network&from=this%20namespace&to=nowhere&port=0")
    await tab.until(lambda: "port" in tab.of(NamespacePage)["check_errors"], "the rule shows")
    assert tab.of(NamespacePage)["checked"]["key"] == ""


async def test_filters_of_the_warnings_stand_in_the_address(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("kinds")
    stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=events&kind=Pod&since=15m")
    page = tab.of(NamespacePage)
    assert [pill["key"] for pill in page["warning_kinds"] if pill["is_open"]] == ["Pod"]
    assert [pill["key"] for pill in page["warning_spans"] if pill["is_open"]] == ["15m"]
    assert page["is_filtered"]
    hour = next(pill for pill in page["warning_spans"] if pill["key"] == "1h")
    assert hour["href"] == f"/namespaces/{name}?tab=events&kind=Pod"


async def test_a_copy_is_told_with_its_length(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("copy")
    stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=yaml")
    number = len(tab.of(NamespacePage)["object_yaml"].splitlines())
    await tab.call(NamespacePage, "tell_copied")
    await tab.until(
        lambda: tab.of(NamespacePage)["announcement"] == f"Copied {number} lines", "it is said"
    )


def deleted(pages: Pages, record: ManagedNamespace) -> None:
    async def put() -> None:
        runtime.current().directory.put_record(replace(record, intent=Intent.DELETED))

    pages.run(put())


async def test_a_deleted_one_stays_to_be_read_where_it_was_open(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("gone")
    record = stored(pages, name)
    tab = await opened(open_tab, f"/namespaces/{name}?tab=yaml")
    objects = tab.of(NamespacePage)["objects"]
    assert objects

    deleted(pages, record)

    await tab.until(lambda: tab.of(NamespacePage)["state"] == "deleted", "it is told")
    page = tab.of(NamespacePage)
    assert [banner["key"] for banner in page["banners"]] == ["deleted"]
    assert page["problem"]["code"] == ""
    assert page["objects"] == objects
    assert page["actions"]["renew"] == "It was deleted."
    await tab.go(f"/namespaces/{name}?tab=settings")
    await tab.until(lambda: tab.of(NamespacePage)["shown_tab"] == "settings", "it goes on")
    assert tab.of(NamespacePage)["team"] == "frontend"


async def test_who_comes_later_does_not_find_it(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("late")
    deleted(pages, stored(pages, name))
    tab = await opened(open_tab, f"/namespaces/{name}")
    assert tab.of(NamespacePage)["problem"]["code"] == "NOT_FOUND"
